//! Where projects stand in scoping, how long the steps take, and why they go back: of the projects that the caller may see,
//! so that it tells nobody anything that they may not look up one by one (§9).

use chrono::{DateTime, Utc};
use entity::{
    kind::{Declared as _, Kind, int, list, word},
    object,
    projects::{project::ProjectStatus, scope::Step, scope_transition::ReturnReason},
    vocabulary::Vocabulary as _,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use crate::{
    domain::{answer::Answer, error::Result, look::Look, policy::Action, verb::Nothing},
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

const COUNT: Kind = int(0, i64::MAX);
const STATUS: Kind = Kind::Object(ScopingStatus::object);
const STEP: Kind = Kind::Object(ScopingStep::object);
const REASON: Kind = Kind::Object(ScopingReason::object);

object! {
    /// Where the projects that you may see stand in scoping.
    #[derive(Serialize)]
    ScopingReport {
        /// How many there are.
        required projects: i64 = COUNT,
        /// How many stand where.
        required statuses: Vec<ScopingStatus> = list(&STATUS, 7),
        /// The five steps.
        required steps: Vec<ScopingStep> = list(&STEP, 5),
        /// How often they went back.
        required times_returned: i64 = COUNT,
        /// Why they did.
        required return_reasons: Vec<ScopingReason> = list(&REASON, 6),
    }
}

object! {
    /// How many projects stand somewhere.
    #[derive(Serialize)]
    ScopingStatus {
        /// Where.
        required status: ProjectStatus = word::<ProjectStatus>(),
        /// How many.
        required projects: i64 = COUNT,
    }
}

object! {
    /// A step over all projects.
    #[derive(Serialize)]
    ScopingStep {
        /// Which.
        required step: Step = word::<Step>(),
        /// How many projects are at it.
        required projects: i64 = COUNT,
        /// In how many it is complete.
        required completed: i64 = COUNT,
        /// How many whole days half of these took at most, from its last opening to its last completion.
        optional median_days: i64 = COUNT,
    }
}

object! {
    /// How often projects went back for a reason.
    #[derive(Serialize)]
    ScopingReason {
        /// Why.
        required reason: ReturnReason = word::<ReturnReason>(),
        /// How often.
        required times: i64 = COUNT,
    }
}

/// `scopingReport`.
#[must_use]
pub fn of_projects() -> Answer {
    Answer::new(
        "scopingReport",
        Action::ViewProject,
        "Where the projects that you may see stand in scoping, how long their steps take, and why they go back.",
        Kind::Object(ScopingReport::object),
        |look: Look, _: Nothing| scoping_report(look),
    )
    .at("reports/scoping")
}

#[derive(Debug, FromQueryResult)]
struct Stands {
    status: ProjectStatus,
    current_step: Option<Step>,
    projects: i64,
}

#[derive(Debug, FromQueryResult)]
struct Took {
    step: Step,
    opened_at: Option<DateTime<Utc>>,
    completed_at: Option<DateTime<Utc>>,
}

#[derive(Debug, FromQueryResult)]
struct Why {
    reason: ReturnReason,
    times: i64,
}

async fn scoping_report(look: Look) -> Result<ScopingReport> {
    let mut sql = look.sql();
    sql.push("SELECT t0.status, t0.current_step, CAST(COUNT(*) AS BIGINT) AS projects FROM \"project\" t0 WHERE ");
    seen(&mut sql, &look).push(" GROUP BY t0.status, t0.current_step");
    let stands: Vec<Stands> = look.rows(&sql).await?;

    let mut sql = look.sql();
    sql.push(
        "SELECT s.step, s.opened_at, s.completed_at FROM \"project\" t0 JOIN \"scope_step\" s ON s.project_id = t0.id",
    );
    within(&mut sql, &look, "s").push(" AND s.state = 'COMPLETE'");
    let took: Vec<Took> = look.rows(&sql).await?;

    let mut sql = look.sql();
    sql.push("SELECT t.reason, CAST(COUNT(*) AS BIGINT) AS times FROM \"project\" t0 JOIN \"scope_transition\" t ON t.project_id = t0.id");
    within(&mut sql, &look, "t").push(" GROUP BY t.reason");
    let whys: Vec<Why> = look.rows(&sql).await?;
    Ok(fold(&stands, &took, &whys))
}

/// Adds that a project is one that the caller may see.
fn seen<'a>(sql: &'a mut Sql, look: &Look) -> &'a mut Sql {
    sql.push("t0.deleted_at IS NULL AND ").visible(shape("Project"), "t0", &look.who)
}

/// Adds that what is joined is living, and of such a project.
fn within<'a>(sql: &'a mut Sql, look: &Look, alias: &str) -> &'a mut Sql {
    sql.push(" WHERE ").column(alias, "organization_id").push(" = ").bind(Arg::Uuid(look.who.organization.0));
    sql.push(" AND ").column(alias, "deleted_at").push(" IS NULL AND ");
    seen(sql, look)
}

fn fold(stands: &[Stands], took: &[Took], whys: &[Why]) -> ScopingReport {
    let count = |is: &dyn Fn(&Stands) -> bool| stands.iter().filter(|one| is(one)).map(|one| one.projects).sum::<i64>();
    let statuses = ProjectStatus::ALL
        .iter()
        .map(|status| ScopingStatus { status: *status, projects: count(&|one| one.status == *status) });
    let steps = Step::ALL.iter().map(|step| {
        let days = took.iter().filter(|one| one.step == *step).filter_map(days).collect::<Vec<_>>();
        ScopingStep {
            step: *step,
            projects: count(&|one| one.status == ProjectStatus::Scoping && one.current_step == Some(*step)),
            completed: i64::try_from(days.len()).unwrap_or(i64::MAX),
            median_days: median(days),
        }
    });
    let reasons = ReturnReason::ALL.iter().map(|reason| ScopingReason {
        reason: *reason,
        times: whys.iter().filter(|one| one.reason == *reason).map(|one| one.times).sum(),
    });
    ScopingReport {
        projects: count(&|_| true),
        statuses: statuses.collect(),
        steps: steps.collect(),
        times_returned: whys.iter().map(|one| one.times).sum(),
        return_reasons: reasons.collect(),
    }
}

fn days(took: &Took) -> Option<i64> {
    // What was confirmed again was opened when it came to it the first time.
    Some((took.completed_at? - took.opened_at.or(took.completed_at)?).num_days().max(0))
}

/// The lower one of the two in the middle, so that it is one that there is.
fn median(mut days: Vec<i64>) -> Option<i64> {
    days.sort_unstable();
    days.get(days.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::domain::clock;

    #[test]
    fn medians_are_of_what_there_is() {
        assert_eq!(
            [median(vec![]), median(vec![3]), median(vec![9, 1]), median(vec![5, 1, 9])],
            [None, Some(3), Some(1), Some(5)]
        );
    }

    #[test]
    fn everything_has_its_line() {
        let now = clock::now();
        let took = |step, days| Took { step, opened_at: Some(now - TimeDelta::days(days)), completed_at: Some(now) };
        let stand = |status, current_step, projects| Stands { status, current_step, projects };
        let told = fold(
            &[
                stand(ProjectStatus::Scoping, Some(Step::Budget), 2),
                stand(ProjectStatus::Cancelled, Some(Step::Budget), 1),
                stand(ProjectStatus::Scoped, None, 4),
            ],
            &[took(Step::Budget, 3), took(Step::Budget, 8), took(Step::Milestones, 1)],
            &[Why { reason: ReturnReason::LowValue, times: 2 }, Why { reason: ReturnReason::Other, times: 1 }],
        );
        assert_eq!((told.projects, told.times_returned, told.statuses.len()), (7, 3, 7));
        let budget = &told.steps[4];
        assert_eq!(
            (budget.projects, budget.completed, budget.median_days),
            (2, 2, Some(3)),
            "who gave up is at no step"
        );
        assert_eq!((told.steps[0].projects, told.steps[0].median_days), (0, None));
        let times: Vec<_> = told.return_reasons.iter().map(|one| one.times).collect();
        assert_eq!(times, [0, 2, 0, 0, 0, 1]);
    }
}

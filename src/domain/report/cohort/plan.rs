//! The plans of a coach's people, and what follows from them: pure, but for the one statement that reads them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{id::UserId, learning::learning_plan::LearningPlanStatus, platform::user, vocabulary::Vocabulary as _};
use sea_orm::FromQueryResult;

use crate::{
    domain::{
        error::Result,
        learning::{
            learning_plan::progress::{OnTrack, on_track, percent},
            week::day_in,
        },
        look::Look,
        report::PlansInStatus,
    },
    read::sql::Arg,
};

/// A plan, as far as it is counted.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct PlanRow {
    owner_id: UserId,
    pub(super) status: LearningPlanStatus,
    due_on: Option<NaiveDate>,
    approved_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    done: i64,
    total: i64,
}

/// The plans of each of some people, in one statement.
pub(super) async fn plans(look: &Look, people: &[user::Model]) -> Result<HashMap<UserId, Vec<PlanRow>>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT l.owner_id, l.status, l.due_on, l.approved_at, l.created_at, \
         (SELECT CAST(COALESCE(SUM(i.weight), 0) AS BIGINT) FROM \"plan_item\" i WHERE i.plan_id = l.id \
         AND i.deleted_at IS NULL AND i.motivation <> 'CURIOSITY' AND i.status = 'DONE') AS done, \
         (SELECT CAST(COALESCE(SUM(i.weight), 0) AS BIGINT) FROM \"plan_item\" i WHERE i.plan_id = l.id \
         AND i.deleted_at IS NULL AND i.motivation <> 'CURIOSITY' AND i.status <> 'DROPPED') AS total \
         FROM \"learning_plan\" l WHERE l.deleted_at IS NULL AND l.organization_id = ",
    );
    sql.bind(Arg::Uuid(look.who.organization.0)).push(" AND l.owner_id");
    sql.among(Arg::Uuids(people.iter().map(|person| person.id.0).collect()));
    let mut all = HashMap::<UserId, Vec<PlanRow>>::new();
    for row in look.rows::<PlanRow>(&sql).await? {
        all.entry(row.owner_id).or_default().push(row);
    }
    Ok(all)
}

/// Plans, counted by where they stand.
pub(super) fn by_status(plans: impl Iterator<Item = (LearningPlanStatus, i64)>) -> Vec<PlansInStatus> {
    let mut counts: Vec<PlansInStatus> =
        LearningPlanStatus::ALL.iter().map(|&status| PlansInStatus { status, plans: Some(0) }).collect();
    for (status, count) in plans {
        if let Some(one) = counts.iter_mut().find(|one| one.status == status) {
            one.plans = one.plans.map(|plans| plans + count);
        }
    }
    counts
}

/// What is done of everything that counts in plans that were approved.
pub(super) fn progress(plans: &[PlanRow]) -> Option<i64> {
    let approved =
        plans.iter().filter(|plan| matches!(plan.status, LearningPlanStatus::Active | LearningPlanStatus::Complete));
    let (done, total) = approved.fold((0, 0), |(done, total), plan| (done + plan.done, total + plan.total));
    (total > 0).then(|| percent(done, total))
}

/// Where somebody stands with the active plan that is the furthest behind.
pub(super) fn behind_most(plans: &[PlanRow], zone: &str, today: NaiveDate, tolerance: i64) -> Option<OnTrack> {
    let active = plans.iter().filter(|plan| plan.status == LearningPlanStatus::Active);
    let tracks = active.map(|plan| {
        let from = day_in(zone, plan.approved_at.unwrap_or(plan.created_at));
        on_track(percent(plan.done, plan.total), from, plan.due_on, today, tolerance)
    });
    let worry = |track: &OnTrack| match track {
        OnTrack::Behind => 0,
        OnTrack::OnTrack => 1,
        OnTrack::Ahead => 2,
        OnTrack::NoDueDate => 3,
    };
    tracks.min_by_key(worry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plan(status: LearningPlanStatus, due_on: Option<&str>, done: i64, total: i64) -> PlanRow {
        let at: DateTime<Utc> = "2026-01-01T12:00:00Z".parse().unwrap();
        let due_on = due_on.map(day);
        PlanRow {
            owner_id: UserId(uuid::Uuid::nil()),
            status,
            due_on,
            approved_at: Some(at),
            created_at: at,
            done,
            total,
        }
    }

    #[test]
    fn the_plan_that_is_furthest_behind_counts() {
        use LearningPlanStatus::{Active, Complete, Draft};
        let track = |plans: &[PlanRow]| behind_most(plans, "UTC", day("2026-02-20"), 10);
        let (ahead, behind) = (plan(Active, Some("2026-04-11"), 9, 10), plan(Active, Some("2026-04-11"), 1, 10));
        let (draft, complete) = (plan(Draft, Some("2026-01-02"), 0, 10), plan(Complete, Some("2026-01-02"), 5, 10));
        assert_eq!(track(&[]), None);
        assert_eq!(track(&[draft.clone(), complete.clone()]), None);
        assert_eq!(track(&[plan(Active, None, 0, 1)]), Some(OnTrack::NoDueDate));
        assert_eq!(track(&[plan(Active, None, 0, 1), ahead.clone()]), Some(OnTrack::Ahead));
        assert_eq!(track(&[ahead.clone(), behind, draft.clone()]), Some(OnTrack::Behind));
        assert_eq!(progress(&[ahead, draft, complete]), Some(70));
        assert_eq!(progress(&[plan(Draft, None, 1, 1), plan(Active, None, 0, 0)]), None);
    }
}

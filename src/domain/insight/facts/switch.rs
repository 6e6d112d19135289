//! What is known of where somebody wants to go, as far as the caller may see it (§16 to §18).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{ApplicationId, JobSearchId, RoleProfileId, StageId, TransitionLegId, TransitionPlanId},
    jobs::{
        job_posting::EmployerKind,
        transition_leg::{LegKind, LegState},
        transition_plan::{TransitionKind, TransitionPath},
    },
    platform::user,
};
use sea_orm::FromQueryResult;

use super::jobs::About;
use crate::{
    domain::{
        error::Result,
        jobs::transition::{
            applied::{self, Which, Within},
            book::{self, Book},
            ends,
            place::Place,
        },
        look::Look,
    },
    read::{shape::shape, sql::Arg},
};

/// Where somebody wants to go.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Switch {
    /// Their transition plans, the newest first.
    pub plans: Vec<Plan>,
    /// The legs of these, in their order.
    pub legs: Vec<Leg>,
    /// Their searches for a job that go on, the newest first.
    pub searches: Vec<Search>,
    /// Their open applications, the oldest first.
    pub applied: Vec<Applied>,
    /// What the organization calls roles and industries, when it was looked up.
    pub book: Option<Book>,
}

/// A search for a job.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Search {
    pub id: JobSearchId,
    pub title: String,
    /// How many applications are in it.
    pub applications: i64,
    /// Its first stage of those who have applied.
    pub applied_stage_id: Option<StageId>,
}

/// An open application.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Applied {
    pub id: ApplicationId,
    pub search: JobSearchId,
    pub plan: Option<TransitionPlanId>,
    /// What the role is called there.
    pub title: String,
    /// Where, for whoever may see companies.
    pub company: Option<String>,
    pub employer: Option<EmployerKind>,
    /// What of their role and industry it changes.
    pub kind: TransitionKind,
    /// Whether it leads to the end of the plan that its search belongs to; true where there is none.
    pub to_end: bool,
    pub next_action: Option<String>,
    pub next_action_at: Option<DateTime<Utc>>,
}

/// A transition plan.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Plan {
    pub id: TransitionPlanId,
    pub kind: TransitionKind,
    pub path: Option<TransitionPath>,
    pub to_role: Option<String>,
    pub to_role_profile_id: Option<RoleProfileId>,
    pub to_industry: Option<String>,
}

/// A leg of one.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Leg {
    pub id: TransitionLegId,
    pub transition_plan_id: TransitionPlanId,
    pub kind: LegKind,
    pub state: LegState,
    pub internal_move: bool,
    pub to_role: Option<String>,
    pub to_industry: Option<String>,
}

/// Loads it in six statements at most, but for the searches.
pub(super) async fn load(look: &Look, person: &user::Model, about: Option<About>) -> Result<Switch> {
    let plans = plans(look, person).await?;
    let legs = if plans.is_empty() { Vec::new() } else { legs(look, person).await? };
    let (applied, book) = applied(look, person, about).await?;
    Ok(Switch { plans, legs, searches: Vec::new(), applied, book })
}

/// Their searches for a job that go on: only next steps look at these.
pub(super) async fn searches(look: &Look, person: &user::Model) -> Result<Vec<Search>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT j.id, j.title, (SELECT CAST(COUNT(*) AS BIGINT) FROM \"application\" a \
         WHERE a.job_search_id = j.id AND a.deleted_at IS NULL) AS applications, \
         (SELECT g.id FROM \"stage\" g WHERE g.job_search_id = j.id AND g.deleted_at IS NULL AND g.kind = 'APPLIED' \
         ORDER BY g.position, g.id LIMIT 1) AS applied_stage_id FROM \"job_search\" j \
         WHERE j.deleted_at IS NULL AND j.state = 'ACTIVE' AND j.owner_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("JobSearch"), "j", &look.who);
    sql.push(" ORDER BY j.created_at DESC, j.id DESC LIMIT 50");
    look.rows(&sql).await
}

/// What each of them would change, is told by what the organization calls roles and industries. The newest are looked at, and whatever is
/// due; of a thing that is asked about, what is in it.
async fn applied(look: &Look, person: &user::Model, about: Option<About>) -> Result<(Vec<Applied>, Option<Book>)> {
    let which = match about {
        Some(About::Application(id)) => vec![Which::In(Within::Application(id))],
        Some(About::Search(id)) => vec![Which::In(Within::Search(id))],
        None | Some(About::Posting(_)) => vec![Which::GoingOn, Which::Due(look.now + TimeDelta::days(1))],
    };
    let mut rows = BTreeMap::new();
    for which in which {
        rows.extend(applied::load(look, person.id, which).await?.into_iter().map(|row| (row.id, row)));
    }
    if rows.is_empty() {
        return Ok((Vec::new(), None));
    }
    let book = book::load(look).await?;
    let here = ends::present(look, person.id).await?.place(&book);
    let ends = plan_ends(look, person, &book, &here).await?;
    let all = rows.into_values().map(|row: applied::Row| {
        let there = row.place(&book);
        // Of a search that belongs to a plan, the plan says from where and to where.
        let plan = row.transition_plan_id.and_then(|plan| ends.get(&plan));
        let from = plan.map_or(&here, |(from, _)| from);
        let kind = if *from == Place::default() { TransitionKind::None } else { from.to(&there) };
        (row, kind, plan.is_none_or(|(_, to)| is_end(&there, to)))
    });
    let of = |(row, kind, to_end): (applied::Row, TransitionKind, bool)| Applied {
        kind,
        to_end,
        id: row.id,
        search: row.job_search_id,
        plan: row.transition_plan_id,
        title: row.title,
        company: row.company,
        employer: row.employer_kind,
        next_action: row.next_action,
        next_action_at: row.next_action_at,
    };
    let all = all.map(of).collect();
    Ok((all, Some(book)))
}

/// Whether a place is where a plan leads, as far as both are known.
fn is_end(there: &Place, end: &Place) -> bool {
    let role = end.role.as_ref().is_none_or(|wanted| there.role.as_ref().is_some_and(|is| is.is(wanted)));
    role && there.industry.as_ref().zip(end.industry.as_ref()).is_none_or(|(is, wanted)| is.is(wanted))
}

#[derive(FromQueryResult)]
struct EndsRow {
    id: TransitionPlanId,
    from_role: Option<String>,
    from_industry: Option<String>,
    to_role: Option<String>,
    to_industry: Option<String>,
}

/// Where their plans begin and lead.
async fn plan_ends(
    look: &Look,
    person: &user::Model,
    book: &Book,
    here: &Place,
) -> Result<BTreeMap<TransitionPlanId, (Place, Place)>> {
    let mut sql = look.sql();
    sql.push("SELECT t.id, t.from_role, t.from_industry, t.to_role, t.to_industry FROM \"transition_plan\" t WHERE t.deleted_at IS NULL AND t.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("TransitionPlan"), "t", &look.who);
    sql.push(" ORDER BY t.created_at DESC, t.id DESC LIMIT 50");
    let place = |role: Option<String>, industry: Option<String>, known: &Place| Place {
        role: role.map(|title| book.role_called(&title)).or_else(|| known.role.clone()),
        industry: industry.map(|name| book.industry_called(&name)).or_else(|| known.industry.clone()),
    };
    let each = look.rows::<EndsRow>(&sql).await?.into_iter().map(|row| {
        let from = place(row.from_role, row.from_industry, here);
        (row.id, (from, place(row.to_role, row.to_industry, &Place::default())))
    });
    Ok(each.collect())
}

async fn plans(look: &Look, person: &user::Model) -> Result<Vec<Plan>> {
    let mut sql = look.sql();
    sql.push("SELECT t.id, t.kind, t.path, t.to_role, t.to_role_profile_id, t.to_industry FROM \"transition_plan\" t WHERE t.deleted_at IS NULL AND t.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("TransitionPlan"), "t", &look.who);
    sql.push(" ORDER BY t.created_at DESC, t.id DESC LIMIT 50");
    look.rows(&sql).await
}

async fn legs(look: &Look, person: &user::Model) -> Result<Vec<Leg>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT l.id, l.transition_plan_id, l.kind, l.state, l.internal_move, l.to_role, l.to_industry \
         FROM \"transition_leg\" l WHERE l.deleted_at IS NULL AND l.owner_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("TransitionLeg"), "l", &look.who);
    sql.push(" ORDER BY l.transition_plan_id, l.position LIMIT 200");
    look.rows(&sql).await
}

impl Switch {
    /// The legs of a plan.
    pub(in crate::domain::insight) fn legs_of(&self, plan: TransitionPlanId) -> impl Iterator<Item = &Leg> {
        self.legs.iter().filter(move |leg| leg.transition_plan_id == plan)
    }

    /// The plans that lead somewhere else and have not come to their end.
    pub(in crate::domain::insight) fn under_way(&self) -> impl Iterator<Item = &Plan> {
        let ahead = |state| matches!(state, LegState::Planned | LegState::Active);
        self.plans.iter().filter(move |plan| {
            let done = plan.path.is_some() && !self.legs_of(plan.id).any(|leg| ahead(leg.state));
            plan.kind != TransitionKind::None && !done
        })
    }
}

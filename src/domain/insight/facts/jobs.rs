//! What is known of a person's search for a job, as far as the caller may see it (§21).

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{ApplicationId, CompanyId, JobPostingId, JobSearchId, StageId},
    jobs::stage::StageKind,
    platform::user,
};
use sea_orm::FromQueryResult;

use super::may;
use crate::{
    domain::{error::Result, look::Look, policy::Action},
    read::{shape::shape, sql::Arg},
};

/// How many applications are looked at: those of which something was heard last.
const MOST: usize = 2000;
/// Within how many days an opening closes soon.
pub(in crate::domain::insight) const SOON: i64 = 3;

/// What is known of a search.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Jobs {
    /// Applications that are open, of searches that go on, in the order in which they were made.
    pub open: Vec<Open>,
    /// Openings that close soon, for which nobody has applied.
    pub closing: Vec<Closing>,
    /// Companies that once did not answer.
    pub quiet: BTreeSet<CompanyId>,
    /// The first search that goes on, when nothing is in their portfolio.
    pub unshown: Option<Unshown>,
}

/// A search of somebody whose portfolio is empty.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Unshown {
    pub id: JobSearchId,
    pub title: String,
}

/// An application that is open.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Open {
    pub id: ApplicationId,
    pub job_search_id: JobSearchId,
    pub posting_id: JobPostingId,
    pub company_id: CompanyId,
    /// What the role is called.
    pub title: String,
    pub stage_id: StageId,
    pub stage_kind: StageKind,
    pub last_activity_at: DateTime<Utc>,
    pub next_action_at: Option<DateTime<Utc>>,
    pub closes_at: Option<DateTime<Utc>>,
}

/// An opening that closes soon.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Closing {
    pub id: JobPostingId,
    pub title: String,
    pub closes_at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct QuietRow {
    company_id: CompanyId,
}

/// Loads it in five statements at most.
pub(super) async fn load(look: &Look, person: &user::Model, shows: bool) -> Result<Jobs> {
    let open = open(look, person).await?;
    let quiet = if open.is_empty() { BTreeSet::new() } else { quiet(look, person).await? };
    let unshown = if shows { None } else { unshown(look, person).await? };
    Ok(Jobs { open, closing: closing(look, person).await?, quiet, unshown })
}

/// Whoever may not see a portfolio does not know that it is empty.
async fn unshown(look: &Look, person: &user::Model) -> Result<Option<Unshown>> {
    let mut sql = look.sql();
    sql.push("SELECT j.id, j.title FROM \"job_search\" j WHERE j.deleted_at IS NULL AND j.state = 'ACTIVE' AND j.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("JobSearch"), "j", &look.who);
    sql.push(" ORDER BY j.created_at, j.id LIMIT 1");
    let Some(search) = look.row(&sql).await? else { return Ok(None) };
    Ok(may(look, person, Action::ViewPortfolio).await?.then_some(search))
}

async fn open(look: &Look, person: &user::Model) -> Result<Vec<Open>> {
    let tenant = || Arg::Uuid(look.who.organization.0);
    let mut sql = look.sql();
    sql.push(
        "SELECT a.id, a.job_search_id, a.posting_id, p.company_id, p.title, a.stage_id, a.stage_kind, a.last_activity_at, a.next_action_at, p.closes_at \
         FROM \"application\" a JOIN \"job_search\" s ON s.id = a.job_search_id AND s.state = 'ACTIVE' AND s.deleted_at IS NULL \
         AND s.organization_id = ",
    );
    sql.bind(tenant())
        .push(" JOIN \"job_posting\" p ON p.id = a.posting_id AND p.deleted_at IS NULL AND p.organization_id = ");
    sql.bind(tenant()).push(" WHERE a.deleted_at IS NULL AND a.outcome IS NULL AND a.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("Application"), "a", &look.who);
    sql.push(&format!(" ORDER BY a.last_activity_at DESC, a.id DESC LIMIT {MOST}"));
    let mut open = look.rows::<Open>(&sql).await?;
    open.sort_by_key(|one| one.id);
    Ok(open)
}

async fn quiet(look: &Look, person: &user::Model) -> Result<BTreeSet<CompanyId>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT DISTINCT p.company_id FROM \"application\" a JOIN \"job_posting\" p ON p.id = a.posting_id AND p.deleted_at IS NULL \
         AND p.organization_id = ",
    );
    sql.bind(Arg::Uuid(look.who.organization.0))
        .push(" WHERE a.deleted_at IS NULL AND a.outcome = 'NO_RESPONSE' AND a.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("Application"), "a", &look.who);
    Ok(look.rows::<QuietRow>(&sql).await?.into_iter().map(|row| row.company_id).collect())
}

async fn closing(look: &Look, person: &user::Model) -> Result<Vec<Closing>> {
    let mut sql = look.sql();
    sql.push("SELECT p.id, p.title, p.closes_at FROM \"job_posting\" p WHERE p.deleted_at IS NULL AND p.closes_at > ");
    sql.bind(Arg::Time(look.now)).push(" AND p.closes_at <= ").bind(Arg::Time(look.now + TimeDelta::days(SOON)));
    sql.push(" AND NOT EXISTS (SELECT 1 FROM \"application\" a WHERE a.posting_id = p.id AND a.deleted_at IS NULL AND a.organization_id = ");
    sql.bind(Arg::Uuid(look.who.organization.0)).push(") AND p.owner_id = ").bind(Arg::Uuid(person.id.0));
    sql.push(" AND ").visible(shape("JobPosting"), "p", &look.who).push(" ORDER BY p.closes_at, p.id LIMIT 100");
    look.rows(&sql).await
}

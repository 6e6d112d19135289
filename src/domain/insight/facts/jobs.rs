//! What is known of a person's search for a job, as far as the caller may see it (§21).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{ApplicationId, CompanyId, JobPostingId, JobSearchId, StageId, TypedId as _, decode},
    jobs::stage::StageKind,
    platform::user,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, insight::hand::Hand, jobs::going_on, look::Look, policy::Action},
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// How many applications a rule looks at: those that need attention first.
const MOST: usize = 500;
/// Among how many applications two are looked for that are for the same: the newest.
const PAIRS: usize = 2000;
/// After how many days of silence one asks.
pub(in crate::domain::insight) const SILENCE: i64 = 7;
/// Within how many days an opening closes soon.
pub(in crate::domain::insight) const SOON: i64 = 3;

/// What is known of a search.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Jobs {
    /// Applications that are open, of searches that go on, in the order in which they were made: those that a rule may be about.
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

/// Loads it in a few statements, one for each rule: what needs attention is found however much there is. Of a subject, when one is named.
pub(super) async fn load(
    look: &Look,
    person: &user::Model,
    hand: &Hand,
    shows: bool,
    about: Option<About>,
) -> Result<Jobs> {
    let quiet = quiet(look, person).await?;
    let mut open = BTreeMap::new();
    for rule in [Looks::Quiet, Looks::Closing, Looks::Again, Looks::Twice] {
        if rule == Looks::Again && quiet.is_empty() {
            continue;
        }
        let found = look.rows::<Open>(&rule.sql(look, person, about)).await?;
        open.extend(found.into_iter().map(|one| (one.id, one)));
    }
    // Whoever may not see a portfolio does not know that it is empty.
    let empty = !shows && hand.may(Action::ViewPortfolio);
    let unshown = if empty { unshown(look, person).await? } else { None };
    Ok(Jobs { open: open.into_values().collect(), closing: closing(look, person, about).await?, quiet, unshown })
}

/// What a rule looks for among open applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looks {
    /// Nothing was heard for long, and nothing is planned.
    Quiet,
    /// The opening closes soon.
    Closing,
    /// The company did not answer before.
    Again,
    /// There are two at a company.
    Twice,
}

impl Looks {
    fn sql(self, look: &Look, person: &user::Model, about: Option<About>) -> Sql {
        let mut sql = look.sql();
        sql.push(
            "SELECT a.id, a.job_search_id, a.posting_id, p.company_id, p.title, a.stage_id, a.stage_kind, a.last_activity_at, \
             a.next_action_at, p.closes_at",
        );
        going_on::from(&mut sql, look, person.id);
        let order = match self {
            Self::Quiet => {
                let before = look.now - TimeDelta::days(SILENCE);
                sql.push(" AND a.stage_kind <> 'RESEARCH' AND a.last_activity_at <= ").bind(Arg::Time(before));
                sql.push(" AND (a.next_action_at IS NULL OR a.next_action_at <= ").bind(Arg::Time(look.now)).push(")");
                "a.last_activity_at, a.id"
            }
            Self::Closing => {
                let soon = look.now + TimeDelta::days(SOON);
                sql.push(" AND a.stage_kind IN ('RESEARCH', 'OUTREACH') AND p.closes_at > ").bind(Arg::Time(look.now));
                sql.push(" AND p.closes_at <= ").bind(Arg::Time(soon));
                "p.closes_at, a.id"
            }
            Self::Again => {
                sql.push(" AND p.company_id IN (SELECT p.company_id");
                unanswered(&mut sql, look, person);
                sql.push(")");
                "a.id DESC"
            }
            Self::Twice => {
                sql.push(" AND p.company_id IN (SELECT p.company_id");
                going_on::from(&mut sql, look, person.id);
                // The other one is of the same company, and may be in another search.
                if let Some(About::Application(id)) = about {
                    sql.push(" AND p.company_id IN (SELECT q.company_id FROM \"application\" b JOIN \"job_posting\" q ON q.id = b.posting_id WHERE b.id = ");
                    sql.bind(Arg::Uuid(id.0)).push(")");
                }
                sql.push(" GROUP BY p.company_id HAVING COUNT(*) > 1)");
                "a.id DESC"
            }
        };
        let most = if self == Self::Twice { PAIRS } else { MOST };
        match about.filter(|_| self != Self::Twice) {
            None => {}
            Some(About::Application(id)) => _ = sql.push(" AND a.id = ").bind(Arg::Uuid(id.0)),
            Some(About::Search(id)) => _ = sql.push(" AND a.job_search_id = ").bind(Arg::Uuid(id.0)),
            Some(About::Posting(id)) => _ = sql.push(" AND a.posting_id = ").bind(Arg::Uuid(id.0)),
        }
        sql.push(&format!(" ORDER BY {order} LIMIT {most}"));
        sql
    }
}

/// The thing of a search that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain::insight) enum About {
    Application(ApplicationId),
    Search(JobSearchId),
    Posting(JobPostingId),
}

impl About {
    /// The thing that an id names, when it is one of these.
    pub(in crate::domain::insight) fn of(id: &str) -> Option<Self> {
        let (prefix, id) = decode(id).ok()?;
        match prefix {
            ApplicationId::PREFIX => Some(Self::Application(ApplicationId(id))),
            JobSearchId::PREFIX => Some(Self::Search(JobSearchId(id))),
            JobPostingId::PREFIX => Some(Self::Posting(JobPostingId(id))),
            _ => None,
        }
    }
}

async fn unshown(look: &Look, person: &user::Model) -> Result<Option<Unshown>> {
    let mut sql = look.sql();
    sql.push("SELECT j.id, j.title FROM \"job_search\" j WHERE j.deleted_at IS NULL AND j.state = 'ACTIVE' AND j.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("JobSearch"), "j", &look.who);
    sql.push(" ORDER BY j.created_at, j.id LIMIT 1");
    look.row(&sql).await
}

async fn quiet(look: &Look, person: &user::Model) -> Result<BTreeSet<CompanyId>> {
    let mut sql = look.sql();
    sql.push("SELECT DISTINCT p.company_id");
    unanswered(&mut sql, look, person);
    Ok(look.rows::<QuietRow>(&sql).await?.into_iter().map(|row| row.company_id).collect())
}

/// Goes on with a statement behind its columns: the applications of which nothing was heard, with their openings `p`.
fn unanswered(sql: &mut Sql, look: &Look, person: &user::Model) {
    sql.push(
        " FROM \"application\" a JOIN \"job_posting\" p ON p.id = a.posting_id AND p.deleted_at IS NULL \
         AND p.organization_id = ",
    );
    sql.bind(Arg::Uuid(look.who.organization.0))
        .push(" WHERE a.deleted_at IS NULL AND a.outcome = 'NO_RESPONSE' AND a.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("Application"), "a", &look.who);
}

async fn closing(look: &Look, person: &user::Model, about: Option<About>) -> Result<Vec<Closing>> {
    let mut sql = look.sql();
    sql.push("SELECT p.id, p.title, p.closes_at FROM \"job_posting\" p WHERE p.deleted_at IS NULL AND p.closes_at > ");
    sql.bind(Arg::Time(look.now)).push(" AND p.closes_at <= ").bind(Arg::Time(look.now + TimeDelta::days(SOON)));
    sql.push(" AND NOT EXISTS (SELECT 1 FROM \"application\" a WHERE a.posting_id = p.id AND a.deleted_at IS NULL AND a.organization_id = ");
    sql.bind(Arg::Uuid(look.who.organization.0)).push(") AND p.owner_id = ").bind(Arg::Uuid(person.id.0));
    if let Some(About::Posting(id)) = about {
        sql.push(" AND p.id = ").bind(Arg::Uuid(id.0));
    }
    sql.push(" AND ").visible(shape("JobPosting"), "p", &look.who).push(" ORDER BY p.closes_at, p.id LIMIT 100");
    look.rows(&sql).await
}

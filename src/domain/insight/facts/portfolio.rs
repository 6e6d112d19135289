//! What is known of a person's portfolio, as far as the caller may see it (§15).

use chrono::{DateTime, Utc};
use entity::{
    id::PortfolioEntryId,
    platform::user,
    projects::portfolio_entry::{PersonalKind, PortfolioResource, PortfolioStage},
    vocabulary::Set,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{
        error::Result,
        look::Look,
        projects::portfolio_entry::stage::{Known, around, suggested},
    },
    read::{shape::shape, sql::Arg},
};

/// An entry.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Entry {
    pub id: PortfolioEntryId,
    /// What it is called.
    pub title: String,
    pub stage: PortfolioStage,
    /// The stage that follows from what is known.
    pub suggested: PortfolioStage,
    pub finished: bool,
    pub assigned: bool,
    pub complexity: Option<i64>,
    /// How much evidence of its value there is.
    pub evidence: i64,
}

#[derive(FromQueryResult)]
struct Row {
    id: PortfolioEntryId,
    title: String,
    stage: PortfolioStage,
    assigned: bool,
    personal_kind: Option<PersonalKind>,
    finished_at: Option<DateTime<Utc>>,
    complexity: Option<i64>,
    resources: Set<PortfolioResource>,
    evidence: i64,
    valuable: i64,
    complexity_before: Option<i64>,
    resources_before: Option<i64>,
}

/// Loads them in one statement, in the order in which they were finished; what is not finished comes last.
pub(super) async fn load(look: &Look, person: &user::Model) -> Result<Vec<Entry>> {
    let mut sql = look.sql();
    sql.push("SELECT t.id, t.title, t.stage, t.assigned, t.personal_kind, t.finished_at, t.complexity, t.resources, ");
    sql.push(&around("t")).push(" FROM \"portfolio_entry\" t WHERE t.deleted_at IS NULL AND t.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("PortfolioEntry"), "t", &look.who);
    let mut rows = look.rows::<Row>(&sql).await?;
    rows.sort_by_key(|row| (row.finished_at.is_none(), row.finished_at, row.id));
    Ok(rows.into_iter().map(entry).collect())
}

fn entry(row: Row) -> Entry {
    let known = Known {
        assigned: row.assigned,
        kind: row.personal_kind,
        complexity: row.complexity,
        resources: i64::from(row.resources.bits().count_ones()),
        evidence: row.evidence,
        valuable: row.valuable,
        complexity_before: row.complexity_before,
        resources_before: row.resources_before,
    };
    Entry {
        id: row.id,
        title: row.title,
        stage: row.stage,
        suggested: suggested(&known).0,
        finished: row.finished_at.is_some(),
        assigned: row.assigned,
        complexity: row.complexity,
        evidence: row.evidence,
    }
}

//! What is known of what somebody's projects take (§12).

use entity::{
    currency::Currency,
    id::{BudgetId, BudgetLineId, ProjectId, ScopeId},
    platform::user,
    projects::{budget::BudgetCategory, budget_line::SupportStatus, scope::Step},
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::{shape::shape, sql::Arg},
};

/// The budgets of somebody's projects that have not ended.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Spending {
    /// Their lines, in the order in which they were made.
    pub lines: Vec<Line>,
}

/// A line, and what was spent on it.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Line {
    pub id: BudgetLineId,
    pub budget_id: BudgetId,
    pub project_id: ProjectId,
    /// What the project is called.
    pub title: String,
    pub scope_id: ScopeId,
    /// The step that the project's scope is at; none when all are complete.
    pub current_step: Option<Step>,
    pub category: BudgetCategory,
    pub description: String,
    pub currency: Option<Currency>,
    pub unit: Option<String>,
    pub planned: i64,
    pub actual: i64,
    pub support_team: Option<String>,
    pub support_status: SupportStatus,
}

const LINES: &str = "\
    SELECT l.id, l.budget_id, l.project_id, p.title, s.id AS scope_id, p.current_step, l.category, l.description, l.currency, \
    l.unit, l.planned, l.support_team, l.support_status, (SELECT CAST(COALESCE(SUM(e.spent), 0) AS BIGINT) \
    FROM \"budget_entry\" e WHERE e.line_id = l.id AND e.deleted_at IS NULL) AS actual \
    FROM \"budget_line\" l JOIN \"project\" p ON p.id = l.project_id JOIN \"scope\" s ON s.project_id = p.id \
    WHERE l.deleted_at IS NULL AND p.deleted_at IS NULL AND s.deleted_at IS NULL \
    AND p.status IN ('SCOPING', 'SCOPED', 'IN_PROGRESS', 'PAUSED') AND l.owner_id = ";

/// Loads what somebody's projects take, of what the caller may see of them: who was let see their learning alone is told
/// nothing of their projects.
pub(in crate::domain::insight::facts) async fn load(look: &Look, person: &user::Model) -> Result<Spending> {
    let mut sql = look.sql();
    sql.push(LINES).bind(Arg::Uuid(person.id.0)).push(" AND ");
    sql.visible(shape("BudgetLine"), "l", &look.who).push(" ORDER BY l.created_at, l.id");
    Ok(Spending { lines: look.rows(&sql).await? })
}

//! What is known of somebody's own projects: where they stand, and what they lack.

use entity::{
    id::{MilestoneId, ProjectId, ScopeId},
    platform::user,
    projects::{project::ProjectStatus, scope::Step},
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::{shape::shape, sql::Arg},
};

/// A project of theirs.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Work {
    pub id: ProjectId,
    pub scope_id: ScopeId,
    pub title: String,
    pub status: ProjectStatus,
    /// The step of its scope that is worked on.
    pub current_step: Option<Step>,
    /// Whether somebody said what the problem is.
    pub stated: bool,
    /// How many metrics of the model it has, and how many of the business.
    pub ml: i64,
    /// How many metrics of the business.
    pub business: i64,
    /// Its next milestone.
    pub milestone: Option<MilestoneId>,
    /// Whether it is in their portfolio.
    pub shown: bool,
}

const PROJECTS: &str = "\
    SELECT p.id, p.scope_id, p.title, p.status, p.current_step, s.problem IS NOT NULL AS stated, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM \"metric\" m WHERE m.project_id = p.id AND m.deleted_at IS NULL \
    AND m.kind = 'ML') AS ml, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM \"metric\" m WHERE m.project_id = p.id AND m.deleted_at IS NULL \
    AND m.kind = 'BUSINESS') AS business, \
    (SELECT n.id FROM \"milestone\" n WHERE n.project_id = p.id AND n.deleted_at IS NULL AND n.completed_at IS NULL \
    ORDER BY n.sort_order, n.id LIMIT 1) AS milestone, \
    EXISTS (SELECT 1 FROM \"portfolio_entry\" e WHERE e.project_id = p.id AND e.organization_id = p.organization_id \
    AND e.owner_id = p.owner_id AND e.deleted_at IS NULL) AS shown \
    FROM \"project\" p JOIN \"scope\" s ON s.id = p.scope_id WHERE p.deleted_at IS NULL AND p.owner_id = ";

/// Loads them in one statement, the newest first.
pub(super) async fn load(look: &Look, person: &user::Model) -> Result<Vec<Work>> {
    let mut sql = look.sql();
    sql.push(PROJECTS).bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("Project"), "p", &look.who);
    sql.push(" ORDER BY p.created_at DESC, p.id DESC LIMIT 200");
    look.rows(&sql).await
}

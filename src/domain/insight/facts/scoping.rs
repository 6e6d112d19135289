//! What is known of projects whose scope has come to its milestones and names none (§9).

use entity::{
    id::{CandidateSolutionId, ProjectId, ScopeId},
    platform::user,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::{shape::shape, sql::Arg},
};

/// A project whose scope is at its milestones, of which there are none.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Unplanned {
    pub id: ProjectId,
    /// What it is called.
    pub title: String,
    pub scope_id: ScopeId,
    /// The candidate that is to be done: the first that was selected.
    pub solution_id: Option<CandidateSolutionId>,
}

const PROJECTS: &str = "\
    SELECT p.id, p.title, p.scope_id, (SELECT c.id FROM \"candidate_solution\" c WHERE c.project_id = p.id \
    AND c.deleted_at IS NULL AND c.status = 'SELECTED' ORDER BY c.created_at, c.id LIMIT 1) AS solution_id \
    FROM \"project\" p WHERE p.deleted_at IS NULL AND p.status = 'SCOPING' AND p.current_step = 'MILESTONES' \
    AND NOT EXISTS (SELECT 1 FROM \"milestone\" m WHERE m.project_id = p.id AND m.deleted_at IS NULL) \
    AND NOT EXISTS (SELECT 1 FROM \"proof_of_concept\" t WHERE t.project_id = p.id AND t.deleted_at IS NULL \
    AND t.status = 'REQUESTED') AND p.owner_id = ";

/// Loads them, as far as the caller may see them: what a trial is on its way to find out is waited for.
pub(super) async fn load(look: &Look, person: &user::Model) -> Result<Vec<Unplanned>> {
    let mut sql = look.sql();
    sql.push(PROJECTS).bind(Arg::Uuid(person.id.0)).push(" AND ");
    sql.visible(shape("Project"), "p", &look.who).push(" ORDER BY p.id");
    look.rows(&sql).await
}

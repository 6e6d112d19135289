//! What is known of a person's ideas for projects, as far as the caller may see them.

use std::collections::HashSet;

use entity::{
    id::ProjectIdeaId,
    platform::user,
    projects::project_idea::{IdeaSource, IdeaStatus},
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look, spelling::folded},
    read::{shape::shape, sql::Arg},
};

/// An idea that is not promoted and not put away.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Idea {
    pub id: ProjectIdeaId,
    /// What it is called.
    pub title: String,
    pub source: IdeaSource,
    pub status: IdeaStatus,
    /// Where AI would be applied, and whether the organization has a project there.
    pub area: Option<(String, bool)>,
}

#[derive(FromQueryResult)]
struct IdeaRow {
    id: ProjectIdeaId,
    title: String,
    source: IdeaSource,
    status: IdeaStatus,
    application_area: Option<String>,
}

#[derive(FromQueryResult)]
struct AreaRow {
    application_area: String,
}

/// Loads them in two statements at most.
pub(super) async fn load(look: &Look, person: &user::Model) -> Result<Vec<Idea>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.id, i.title, i.source, i.status, i.application_area FROM \"project_idea\" i \
         WHERE i.deleted_at IS NULL AND i.status IN ('CAPTURED', 'EVALUATED') AND i.owner_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("ProjectIdea"), "i", &look.who).push(" ORDER BY i.id");
    let rows = look.rows::<IdeaRow>(&sql).await?;
    let tapped =
        if rows.iter().any(|row| row.application_area.is_some()) { areas(look).await? } else { HashSet::new() };
    let ideas = rows.into_iter().map(|row| Idea {
        id: row.id,
        title: row.title,
        source: row.source,
        status: row.status,
        area: row.application_area.map(|area| {
            let is_tapped = tapped.contains(&folded(&area));
            (area, is_tapped)
        }),
    });
    Ok(ideas.collect())
}

/// The areas in which the organization has projects, whoever sees them: that there is one is no secret.
async fn areas(look: &Look) -> Result<HashSet<String>> {
    let mut sql = look.sql();
    sql.push("SELECT DISTINCT p.application_area FROM \"project\" p WHERE p.organization_id = ");
    sql.bind(Arg::Uuid(look.who.organization.0));
    sql.push(" AND p.application_area IS NOT NULL AND p.deleted_at IS NULL");
    Ok(look.rows::<AreaRow>(&sql).await?.into_iter().map(|row| folded(&row.application_area)).collect())
}

//! What is known of what somebody's projects measure (§11).

use chrono::{DateTime, Utc};
use entity::{
    id::ProjectId,
    platform::user,
    projects::project::{self, ProjectStatus},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::domain::{
    error::Result,
    look::Look,
    projects::measured::{self, Measured},
};

/// What is measured of somebody's projects that have not ended.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Measures {
    /// The projects that measure something, in the order in which they were made.
    pub projects: Vec<MeasuredProject>,
}

/// A project that measures something.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct MeasuredProject {
    pub id: ProjectId,
    pub title: String,
    pub status: ProjectStatus,
    /// When work first began.
    pub started_at: Option<DateTime<Utc>>,
    /// The living metrics of its living milestones.
    pub metrics: Vec<Measured>,
}

/// Loads what is measured of somebody's projects, in two statements.
pub(in crate::domain::insight::facts) async fn load(look: &Look, person: &user::Model) -> Result<Measures> {
    use ProjectStatus::{InProgress, Paused, Scoped, Scoping};
    let mut metrics = measured::of_owner(look, person.id).await?;
    if metrics.is_empty() {
        return Ok(Measures::default());
    }
    let mut projects = project::Entity::find()
        .filter(project::Column::OrganizationId.eq(look.who.organization))
        .filter(project::Column::OwnerId.eq(person.id))
        .filter(project::Column::Status.is_in([Scoping, Scoped, InProgress, Paused]))
        .filter(project::Column::DeletedAt.is_null())
        .all(&look.db)
        .await?;
    projects.sort_by_key(|project| project.id);
    let known = projects.into_iter().filter_map(|project| {
        let metrics = metrics.remove(&project.id)?;
        let project::Model { id, title, status, started_at, .. } = project;
        Some(MeasuredProject { id, title, status, started_at, metrics })
    });
    Ok(Measures { projects: known.collect() })
}

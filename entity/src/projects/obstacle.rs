//! What stood in the way of projects, for want of knowing something (§29).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, LearningNeedId, ObstacleId, OrganizationId, ProjectId, UserId};

/// A row of `obstacle`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "obstacle")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ObstacleId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// Who met it.
    pub user_id: UserId,
    /// What knowing would have helped.
    pub competency_id: CompetencyId,
    /// What it was.
    pub note: String,
    /// The need that it showed.
    pub need_id: LearningNeedId,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; it can be restored.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

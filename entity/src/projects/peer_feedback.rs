//! What people in a project say of working with each other (§30).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrganizationId, PeerFeedbackId, ProjectId, UserId};

/// A row of `peer_feedback`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "peer_feedback")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PeerFeedbackId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// Who says it.
    pub from_id: UserId,
    /// Of whom, who reads it from `visible_at` on.
    pub to_id: UserId,
    /// How well they work together, 1 to 5.
    pub collaboration: i64,
    /// How well they convince others, 1 to 5.
    pub influencing: i64,
    /// How well they let themselves be convinced, 1 to 5.
    pub being_influenced: i64,
    /// How well they make themselves understood, 1 to 5.
    pub communication: i64,
    /// What else there is to say.
    pub text: Option<String>,
    /// From when on whom it is about sees it.
    pub visible_at: DateTime<Utc>,
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

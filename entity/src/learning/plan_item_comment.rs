//! Comments on items of learning plans (story 3).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrganizationId, PlanItemCommentId, PlanItemId, UserId};

/// A row of `plan_item_comment`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_item_comment")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlanItemCommentId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The item.
    pub item_id: PlanItemId,
    /// Who learns: the plan's owner, again.
    pub owner_id: UserId,
    /// Who wrote it.
    pub author_id: UserId,
    /// What they wrote.
    pub text: String,
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

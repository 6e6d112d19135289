//! Templates of learning plans (§7).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{LearningPlanTemplateId, OrganizationId};

/// A row of `learning_plan_template`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_plan_template")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LearningPlanTemplateId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// How many days after it was assigned a plan is due.
    pub due_in_days: Option<i64>,
    /// The title in lower case, for searching.
    pub search_text: String,
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

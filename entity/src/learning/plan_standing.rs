//! Where a plan's owner stood in its competencies when it was completed (§7).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, LearningPlanId, OrganizationId, PlanStandingId, UserId};

/// A row of `plan_standing`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_standing")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlanStandingId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The plan.
    pub plan_id: LearningPlanId,
    /// The plan's owner.
    pub owner_id: UserId,
    /// In what.
    pub competency_id: CompetencyId,
    /// The level that the plan was for.
    pub target_level: i64,
    /// The level that they had; none when nothing was known of it.
    pub level: Option<i64>,
    /// Whether it counted as proficient; set exactly when the level is.
    pub proficient: Option<bool>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was kept: when the plan was completed.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When the plan was reopened.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

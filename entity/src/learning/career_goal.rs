//! Career goals: what somebody learns for (§5).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CareerGoalId, OrganizationId, RoleProfileId, UserId};

crate::vocabulary! {
    /// What somebody learns for: how deep one has to know things depends on it.
    CareerGoalKind {
        /// To build a model.
        BuildModel = "BUILD_MODEL",
        /// To architect a system.
        ArchitectSystem = "ARCHITECT_SYSTEM",
        /// To pass an interview.
        PassInterview = "PASS_INTERVIEW",
        /// To take on a role.
        Role = "ROLE",
        /// Something else.
        Other = "OTHER",
    }
}

/// A row of `career_goal`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "career_goal")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CareerGoalId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose goal.
    pub user_id: UserId,
    /// What it is called.
    pub title: String,
    /// What one learns for.
    pub kind: CareerGoalKind,
    /// The role that it leads to.
    pub target_role_profile_id: Option<RoleProfileId>,
    /// Until when, a day of its owner.
    pub due_on: Option<NaiveDate>,
    /// When it was reached.
    pub achieved_at: Option<DateTime<Utc>>,
    /// The title, folded for searching.
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

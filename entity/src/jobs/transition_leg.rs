//! The legs of a transition plan: each changes the role or the industry (§17).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{IndustryId, OrganizationId, RoleProfileId, TransitionLegId, TransitionPlanId, UserId};

crate::vocabulary! {
    /// What a leg changes.
    LegKind {
        /// The role.
        Role = "ROLE",
        /// The industry.
        Industry = "INDUSTRY",
    }
}

crate::vocabulary! {
    /// Where a leg stands.
    LegState {
        /// It is still to come.
        Planned = "PLANNED",
        /// It is under way.
        Active = "ACTIVE",
        /// Its owner has arrived.
        Done = "DONE",
        /// Its owner goes on without it.
        Skipped = "SKIPPED",
    }
}

/// A row of `transition_leg`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "transition_leg")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TransitionLegId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The plan.
    pub transition_plan_id: TransitionPlanId,
    /// Whose plan it is.
    pub owner_id: UserId,
    /// Its place among the legs of the plan, from 1.
    pub position: i64,
    /// What it changes.
    pub kind: LegKind,
    /// The role at its end.
    pub to_role: Option<String>,
    /// The profile of that role, when there is one.
    pub to_role_profile_id: Option<RoleProfileId>,
    /// The industry at its end.
    pub to_industry: Option<String>,
    /// That industry, when it is a known one.
    pub to_listed_industry_id: Option<IndustryId>,
    /// Where it stands.
    pub state: LegState,
    /// Whether it is made without leaving the employer.
    pub internal_move: bool,
    /// When it was begun, the last time.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was done or skipped.
    pub ended_at: Option<DateTime<Utc>>,
    /// What the owner wants to keep of it.
    pub note: Option<String>,
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

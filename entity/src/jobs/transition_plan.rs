//! Transition plans: from one role and industry to another, in one leg or two (§16, §17).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{IndustryId, OrganizationId, RoleProfileId, TransitionPlanId, UserId};

crate::vocabulary! {
    /// What changes between two places in a career.
    TransitionKind {
        /// Nothing.
        None = "NONE",
        /// The role.
        Role = "ROLE",
        /// The industry.
        Industry = "INDUSTRY",
        /// Both: it is easier in two legs.
        RoleAndIndustry = "ROLE_AND_INDUSTRY",
    }
}

crate::vocabulary! {
    /// In which order things change.
    TransitionPath {
        /// One thing changes, in one leg.
        Direct = "DIRECT",
        /// First the role, in the present industry, and then the industry.
        RoleFirst = "ROLE_FIRST",
        /// First the industry, in the present role, and then the role.
        IndustryFirst = "INDUSTRY_FIRST",
    }
}

/// A row of `transition_plan`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "transition_plan")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TransitionPlanId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose plan; it never changes.
    pub owner_id: UserId,
    /// What they do; nothing for somebody who begins.
    pub from_role: Option<String>,
    /// The profile of that role, when there is one.
    pub from_role_profile_id: Option<RoleProfileId>,
    /// In which industry; none for somebody who is in none.
    pub from_industry: Option<String>,
    /// That industry, when it is a known one.
    pub from_listed_industry_id: Option<IndustryId>,
    /// What they want to do.
    pub to_role: Option<String>,
    /// The profile of that role, when there is one.
    pub to_role_profile_id: Option<RoleProfileId>,
    /// In which industry.
    pub to_industry: Option<String>,
    /// That industry, when it is a known one.
    pub to_listed_industry_id: Option<IndustryId>,
    /// What changes.
    pub kind: TransitionKind,
    /// The path that was accepted.
    pub path: Option<TransitionPath>,
    /// When it was accepted.
    pub accepted_at: Option<DateTime<Utc>>,
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

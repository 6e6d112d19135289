//! People's places in organizations.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{MembershipId, OrganizationId, UserId},
    vocabulary::Set,
};

crate::vocabulary! {
    /// What a person may do in an organization beyond owning their own things.
    Role {
        /// Learns, builds and searches; every member can.
        Learner = "LEARNER",
        /// Accompanies people who opened something to them by a grant.
        Coach = "COACH",
        /// Sees aggregates of at least five people.
        OrgAnalyst = "ORG_ANALYST",
        /// Manages people, clients and settings.
        Admin = "ADMIN",
    }
}

/// A row of `membership`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "membership")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MembershipId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who.
    pub user_id: UserId,
    /// As what.
    pub roles: Set<Role>,
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

//! What people open to each other.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{GrantId, OrganizationId, UserId},
    platform::client::Scope,
    vocabulary::Set,
};

/// A row of `grant`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "grant")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GrantId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who opens.
    pub owner_id: UserId,
    /// To whom.
    pub grantee_id: UserId,
    /// What.
    pub scopes: Set<Scope>,
    /// Until when; without it, until it is revoked.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
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

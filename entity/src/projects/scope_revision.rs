//! A scope as it was when it went back: it never changes (§9).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrganizationId, ProjectId, ScopeId, ScopeRevisionId, UserId};

/// A row of `scope_revision`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "scope_revision")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScopeRevisionId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// The scope.
    pub scope_id: ScopeId,
    /// Which revision.
    pub revision: i64,
    /// All that was in it, as JSON.
    pub document: String,
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

//! Who works on a project beside its owner (§30).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{ContactId, OrganizationId, ProjectId, ProjectMemberId, UserId};

crate::vocabulary! {
    /// What somebody is in a project: it says what they may do there.
    ProjectRole {
        /// Leads it: changes everything in it that its owner may, but who is in it and whether it is there at all.
        Lead = "LEAD",
        /// Works on it: changes what is in it.
        Contributor = "CONTRIBUTOR",
        /// Sees it.
        Observer = "OBSERVER",
    }
}

/// A row of `project_member`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "project_member")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectMemberId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// Who, when they are a user here.
    pub user_id: Option<UserId>,
    /// Who, when they are somebody whom the owner knows.
    pub contact_id: Option<ContactId>,
    /// What the contact was called when they were taken in.
    pub contact_name: Option<String>,
    /// As what.
    pub role: ProjectRole,
    /// Since when.
    pub joined_at: DateTime<Utc>,
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

//! Role profiles: what roles ask for, known to the whole organization (§16, §28).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{OrganizationId, RoleProfileId},
    vocabulary::Json,
};

crate::vocabulary! {
    /// How far along a role is, among the roles of its family.
    Seniority {
        /// One begins with it.
        Entry = "ENTRY",
        /// One has done it for a while.
        Mid = "MID",
        /// One guides others in it.
        Senior = "SENIOR",
        /// One leads those who do it.
        Lead = "LEAD",
    }
}

/// A row of `role_profile`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_profile")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleProfileId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// What the role is called.
    pub title: String,
    /// The family of roles that it belongs to: the same work under other titles and at other levels.
    pub family: Option<String>,
    /// How far along it is in its family.
    pub seniority: Option<Seniority>,
    /// What else it is called: titles differ between companies.
    pub aliases: Json<Vec<String>>,
    /// What one does in it.
    pub description: Option<String>,
    /// Title, family and aliases, folded for searching.
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

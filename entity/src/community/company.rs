//! Companies: known to the whole organization (§31).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompanyId, OrganizationId, UserId};

/// A row of `company`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "company")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompanyId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// What it is called.
    pub name: String,
    /// Where it shows itself.
    pub url: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// What else is known of it.
    pub description: Option<String>,
    /// The person who added it, when it was one.
    pub created_by: Option<UserId>,
    /// The name, folded: what comes from elsewhere is found by it.
    pub name_folded: String,
    /// Name and industry, folded for searching.
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

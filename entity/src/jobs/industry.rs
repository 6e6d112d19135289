//! Industries: what employers do, known to the whole organization (§16).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{IndustryId, OrganizationId},
    vocabulary::Json,
};

/// A row of `industry`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "industry")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IndustryId,
    /// The tenant; none for what comes with Cairn.
    pub organization_id: Option<OrganizationId>,
    /// What it is called.
    pub name: String,
    /// The name, folded: an organization has it once.
    pub name_folded: String,
    /// What else it is called.
    pub aliases: Json<Vec<String>>,
    /// What belongs to it.
    pub description: Option<String>,
    /// Name and aliases, folded for searching.
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

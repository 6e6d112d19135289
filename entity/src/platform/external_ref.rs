//! Names that other systems have for our rows.

use sea_orm::entity::prelude::*;

use crate::id::OrganizationId;

/// A row of `external_ref`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "external_ref")]
pub struct Model {
    /// The tenant.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organization_id: OrganizationId,
    /// The kind of row, as the prefix of its id; of what is a person's own, with whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// The other system.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// Its name for the row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub external_id: String,
    /// The row.
    pub target_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}

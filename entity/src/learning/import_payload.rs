//! What an import takes in, for as long as it has not ended.

use sea_orm::entity::prelude::*;

use crate::id::{ImportId, OrganizationId};

/// A row of `import_payload`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "import_payload")]
pub struct Model {
    /// The import.
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: ImportId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The input of the verb, as JSON.
    pub payload: String,
}

impl ActiveModelBehavior for ActiveModel {}

//! The packages that frameworks were imported from, as they came: what Cairn has no place for is exported again.

use sea_orm::entity::prelude::*;

use crate::id::{CompetencyFrameworkId, OrganizationId};

/// A row of `framework_package`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "framework_package")]
pub struct Model {
    /// The framework.
    #[sea_orm(primary_key, auto_increment = false)]
    pub framework_id: CompetencyFrameworkId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The package, as JSON.
    pub package: String,
}

impl ActiveModelBehavior for ActiveModel {}

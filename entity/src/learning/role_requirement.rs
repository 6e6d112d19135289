//! What a role needs: a level in a competency (§16).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, OrganizationId, RoleProfileId, RoleRequirementId};

/// A row of `role_requirement`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_requirement")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleRequirementId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The role.
    pub role_profile_id: RoleProfileId,
    /// What is needed.
    pub competency_id: CompetencyId,
    /// How well, as a level of the framework's scale.
    pub required_level: i64,
    /// Why.
    pub rationale: Option<String>,
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

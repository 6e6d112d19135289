//! Observations of roles: what a title means at a company, as somebody saw it (§28).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{CompanyId, OrganizationId, RoleObservationId, RoleProfileId, UserId},
    vocabulary::Json,
};

/// A row of `role_observation`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "role_observation")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoleObservationId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who observed it.
    pub owner_id: UserId,
    /// The company.
    pub company_id: CompanyId,
    /// The role that it is, when it is a known one.
    pub role_profile_id: Option<RoleProfileId>,
    /// What the role is called there.
    pub title: String,
    /// The same, folded.
    pub title_folded: String,
    /// What one does in it.
    pub duties: Json<Vec<String>>,
    /// Where it was seen.
    pub url: Option<String>,
    /// When it was seen.
    pub observed_at: DateTime<Utc>,
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

//! Addresses at which somebody shows their portfolio to whoever has them (§15).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrganizationId, PortfolioShareId, UserId};

/// A row of `portfolio_share`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "portfolio_share")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PortfolioShareId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose portfolio it shows.
    pub owner_id: UserId,
    /// Whom it is for, as the owner calls it.
    pub label: Option<String>,
    /// The fingerprint of its token; the token is shown once.
    pub fingerprint: String,
    /// Until when it works.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub revoked_at: Option<DateTime<Utc>>,
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

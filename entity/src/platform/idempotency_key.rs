//! Requests that were carried out and may be repeated without effect.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A row of `idempotency_key`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    /// Who asked.
    #[sea_orm(primary_key, auto_increment = false)]
    pub principal: Uuid,
    /// The key that they gave.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The hash of what they asked.
    pub fingerprint: String,
    /// What came of it, as JSON.
    pub outcome: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

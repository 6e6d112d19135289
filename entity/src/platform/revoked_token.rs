//! Access tokens that were revoked before their end.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A row of `revoked_token`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "revoked_token")]
pub struct Model {
    /// The `jti` of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub jti: String,
    /// When the token ends by itself and this row may go.
    pub expires_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

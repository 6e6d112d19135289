//! Refresh tokens, each good for one use.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::SessionId;

/// A row of `refresh_token`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    /// The fingerprint of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub fingerprint: String,
    /// Its family.
    pub session_id: SessionId,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was used; a second use ends the session.
    pub used_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

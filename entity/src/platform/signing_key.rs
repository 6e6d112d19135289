//! Keys that sign access tokens, sealed at rest.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// A row of `signing_key`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_key")]
pub struct Model {
    /// The RFC 7638 thumbprint of the public key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kid: String,
    /// The sealed private key.
    pub sealed: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it stopped signing; its tokens stay valid until they expire.
    pub retired_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

//! People, once per installation.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::UserId;

/// A row of `user`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserId,
    /// The e-mail address as it was given.
    pub email: String,
    /// The address in lower case: unique.
    pub email_folded: String,
    /// The SHA-1 of `mailto:` and the address as it was given: some learning systems name people by it.
    pub mail_sha1: Option<String>,
    /// The same of the address in lower case.
    pub mail_folded_sha1: Option<String>,
    /// What the person is called.
    pub name: String,
    /// An IANA time zone: days and weeks are theirs.
    pub time_zone: String,
    /// The Argon2id hash, when the person has a password.
    pub password_hash: Option<String>,
    /// When the password last changed.
    pub password_changed_at: Option<DateTime<Utc>>,
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

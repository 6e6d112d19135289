//! Log-ins of people: a session is a family of refresh tokens.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrganizationId, SessionId, UserId};

crate::vocabulary! {
    /// Why a session ended.
    SessionEnd {
        /// The person logged out.
        LoggedOut = "LOGGED_OUT",
        /// Somebody ended it from the list of sessions.
        Ended = "ENDED",
        /// A refresh token came a second time: it was stolen or copied.
        TokenReused = "TOKEN_REUSED",
        /// The password was changed or reset.
        PasswordChanged = "PASSWORD_CHANGED",
    }
}

/// A row of `session`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose.
    pub user_id: UserId,
    /// What the client called itself.
    pub user_agent: Option<String>,
    /// When a token of it was last refreshed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was ended.
    pub end_reason: Option<SessionEnd>,
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

//! Interactions: that somebody was in touch with a contact, when and how (§31).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{ContactId, InteractionId, OrganizationId, UserId};

crate::vocabulary! {
    /// How two people were in touch.
    InteractionKind {
        /// A message.
        Message = "MESSAGE",
        /// An e-mail.
        Email = "EMAIL",
        /// A call, with a picture or without.
        Call = "CALL",
        /// They met.
        Meeting = "MEETING",
        /// They met where many met.
        Event = "EVENT",
        /// An informational interview (§20).
        InformationalInterview = "INFORMATIONAL_INTERVIEW",
        /// In another way.
        Other = "OTHER",
    }
}

/// A row of `interaction`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "interaction")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InteractionId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who knows the contact, again: it says whose the row is.
    pub owner_id: UserId,
    /// With whom.
    pub contact_id: ContactId,
    /// How.
    pub kind: InteractionKind,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// Notes.
    pub note: Option<String>,
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

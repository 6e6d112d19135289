//! Asking why nothing came of an application (§25).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{ApplicationId, ContactId, FeedbackRequestId, OrganizationId, UserId};

crate::vocabulary! {
    /// Where feedback comes from.
    FeedbackSource {
        /// Whoever led an interview.
        Interviewer = "INTERVIEWER",
        /// The people who hire.
        Hr = "HR",
        /// A place where others talk about it.
        DiscussionBoard = "DISCUSSION_BOARD",
        /// Somebody whom one knows.
        Network = "NETWORK",
    }
}

crate::vocabulary! {
    /// Where a request for feedback stands.
    FeedbackRequestState {
        /// It was asked.
        Requested = "REQUESTED",
        /// Something was said.
        Received = "RECEIVED",
        /// They would rather not say.
        Refused = "REFUSED",
        /// Nobody answered.
        NoResponse = "NO_RESPONSE",
    }
}

/// A row of `feedback_request`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "feedback_request")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FeedbackRequestId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who asks.
    pub owner_id: UserId,
    /// The application.
    pub application_id: ApplicationId,
    /// Who is asked.
    pub source: FeedbackSource,
    /// The contact who is asked, when it is one.
    pub contact_id: Option<ContactId>,
    /// What was asked.
    pub message: Option<String>,
    /// Where it stands.
    pub state: FeedbackRequestState,
    /// When it was asked.
    pub requested_at: DateTime<Utc>,
    /// When it was answered, or given up.
    pub answered_at: Option<DateTime<Utc>>,
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

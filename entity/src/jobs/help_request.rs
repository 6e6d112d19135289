//! Asking people and communities for help (§26).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{ApplicationId, CommunityId, ContactId, HelpRequestId, OrganizationId, UserId};

crate::vocabulary! {
    /// What is asked for.
    HelpKind {
        /// What they think.
        Advice = "ADVICE",
        /// What one knows only from inside.
        InsideKnowledge = "INSIDE_KNOWLEDGE",
        /// To be introduced to somebody.
        Introduction = "INTRODUCTION",
        /// To be spoken for.
        Referral = "REFERRAL",
        /// To rehearse an interview.
        MockInterview = "MOCK_INTERVIEW",
    }
}

crate::vocabulary! {
    /// Where a request for help stands.
    HelpState {
        /// It was asked.
        Open = "OPEN",
        /// They helped.
        Answered = "ANSWERED",
        /// They could not.
        Declined = "DECLINED",
        /// Nothing came of it in time.
        Expired = "EXPIRED",
    }
}

/// A row of `help_request`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "help_request")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HelpRequestId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who asks.
    pub owner_id: UserId,
    /// Who is asked, when it is somebody.
    pub contact_id: Option<ContactId>,
    /// Where it is asked, when it is a community.
    pub community_id: Option<CommunityId>,
    /// The application that it is about.
    pub application_id: Option<ApplicationId>,
    /// What is asked for.
    pub kind: HelpKind,
    /// The question.
    pub question: String,
    /// Where it stands.
    pub state: HelpState,
    /// What they said.
    pub answer: Option<String>,
    /// Until when it is hoped for.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was answered.
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

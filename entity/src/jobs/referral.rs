//! Referrals: somebody who is known is asked to speak for one's application (§22).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{ApplicationId, ContactId, JobPostingId, OrganizationId, ReferralId, UserId};

crate::vocabulary! {
    /// Where a referral stands.
    ReferralState {
        /// Somebody was asked.
        Requested = "REQUESTED",
        /// They will.
        Accepted = "ACCEPTED",
        /// They did.
        Submitted = "SUBMITTED",
        /// They would rather not.
        Declined = "DECLINED",
        /// Nothing came of it in time.
        Expired = "EXPIRED",
        /// It was taken back.
        Withdrawn = "WITHDRAWN",
    }
}

/// A row of `referral`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "referral")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReferralId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who asks for it.
    pub owner_id: UserId,
    /// The posting that it is for.
    pub posting_id: JobPostingId,
    /// The application, when there was one.
    pub application_id: Option<ApplicationId>,
    /// What it is for, in a line, as it was when it was asked: the referrer reads it.
    pub subject: String,
    /// Who is asked: somebody whom the owner knows.
    pub referrer_contact_id: ContactId,
    /// What they were called; it stays when the contact is gone.
    pub referrer_name: String,
    /// Who they are here, when they are a user of the organization.
    pub referrer_user_id: Option<UserId>,
    /// When they agreed to be reached by the owner.
    pub consented_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: ReferralState,
    /// What was asked of them, in the words of the owner.
    pub note: Option<String>,
    /// Until when it is hoped for.
    pub expires_at: DateTime<Utc>,
    /// When they answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// When they did it.
    pub submitted_at: Option<DateTime<Utc>>,
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

//! Questions to those for whom something was made: whether it was worth something to them (§15).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrganizationId, PortfolioEntryId, StakeholderConfirmationId, UserId};

crate::vocabulary! {
    /// Where a question to a stakeholder stands.
    ConfirmationStatus {
        /// Asked, and not answered.
        Requested = "REQUESTED",
        /// They say that it was worth something to them.
        Confirmed = "CONFIRMED",
        /// They say that it was not, or that they do not know.
        Declined = "DECLINED",
        /// Taken back before there was an answer.
        Withdrawn = "WITHDRAWN",
    }
}

/// A row of `stakeholder_confirmation`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stakeholder_confirmation")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StakeholderConfirmationId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The entry.
    pub entry_id: PortfolioEntryId,
    /// Whose entry it is.
    pub owner_id: UserId,
    /// Who is asked, as the owner calls them.
    pub stakeholder: String,
    /// What they are asked, in the owner's words.
    pub message: Option<String>,
    /// Where it stands.
    pub status: ConfirmationStatus,
    /// Until when the link works.
    pub expires_at: DateTime<Utc>,
    /// When they answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// What they call themself.
    pub answered_by: Option<String>,
    /// What they are: their role, and where.
    pub answered_as: Option<String>,
    /// What they say.
    pub statement: Option<String>,
    /// Whether their name and words may be shown to others.
    pub quotable: bool,
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

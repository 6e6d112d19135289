//! Evidence that what somebody did was worth something to others (§15).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{
    MetricId, MetricObservationId, OrganizationId, PortfolioEntryId, PortfolioEvidenceId, StakeholderConfirmationId,
    TransitionLegId, UserId,
};

crate::vocabulary! {
    /// What shows that something was worth it to others.
    PortfolioEvidenceKind {
        /// Somebody for whom it was made says so.
        StakeholderConfirmation = "STAKEHOLDER_CONFIRMATION",
        /// A business metric went the way that it was to go.
        BusinessObservation = "BUSINESS_OBSERVATION",
        /// It became part of a job.
        PartOfJob = "PART_OF_JOB",
    }
}

/// A row of `portfolio_evidence`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "portfolio_evidence")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PortfolioEvidenceId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The entry.
    pub entry_id: PortfolioEntryId,
    /// Whose entry it is.
    pub owner_id: UserId,
    /// What it is.
    pub kind: PortfolioEvidenceKind,
    /// What it shows, in words.
    pub note: Option<String>,
    /// Where it is to be seen.
    pub url: Option<String>,
    /// The confirmation that it comes from.
    pub confirmation_id: Option<StakeholderConfirmationId>,
    /// The metric that went the way that it was to go.
    pub metric_id: Option<MetricId>,
    /// The observation that shows it.
    pub observation_id: Option<MetricObservationId>,
    /// The move within the employer that it leads to (§18).
    pub transition_leg_id: Option<TransitionLegId>,
    /// When that was.
    pub occurred_at: DateTime<Utc>,
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

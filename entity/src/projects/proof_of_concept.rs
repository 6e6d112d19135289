//! A question about a candidate that a trial answers in so many days (§9).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{CandidateSolutionId, OrganizationId, ProjectId, ProofOfConceptId, UserId},
    projects::feasibility_assessment::FeasibilityVerdict,
};

crate::vocabulary! {
    /// Where a proof of concept stands.
    ProofOfConceptStatus {
        /// Asked for.
        Requested = "REQUESTED",
        /// Its result is known, and stands among the evidence of the candidate's feasibility.
        Reported = "REPORTED",
        /// Nobody needs it any more.
        Cancelled = "CANCELLED",
    }
}

/// A row of `proof_of_concept`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "proof_of_concept")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProofOfConceptId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// The candidate.
    pub solution_id: CandidateSolutionId,
    /// What it is to show.
    pub question: String,
    /// How many days it may take.
    pub timebox_days: i64,
    /// Where it stands.
    pub status: ProofOfConceptStatus,
    /// What it showed.
    pub outcome: Option<FeasibilityVerdict>,
    /// What was found.
    pub finding: Option<String>,
    /// Where it is to be read.
    pub url: Option<String>,
    /// When its result was reported.
    pub reported_at: Option<DateTime<Utc>>,
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

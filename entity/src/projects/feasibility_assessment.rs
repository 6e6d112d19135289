//! Whether a candidate can be done, and what shows it (§9).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use serde::Serialize;

use crate::{
    id::{CandidateSolutionId, FeasibilityAssessmentId, OrganizationId, ProjectId, UserId},
    kind::{Form, prose, text, word},
    vocabulary::Json,
};

crate::vocabulary! {
    /// Whether something can be done.
    FeasibilityVerdict {
        /// It can.
        Feasible = "FEASIBLE",
        /// Nobody knows yet.
        Uncertain = "UNCERTAIN",
        /// It cannot.
        Infeasible = "INFEASIBLE",
    }
}

crate::vocabulary! {
    /// What shows whether something can be done.
    FeasibilityEvidenceKind {
        /// Somebody published that they did it.
        PublishedWork = "PUBLISHED_WORK",
        /// Somebody sells it.
        Competitor = "COMPETITOR",
        /// It was tried.
        ProofOfConcept = "PROOF_OF_CONCEPT",
    }
}

crate::object! {
    /// Something that shows whether a candidate can be done.
    #[derive(Serialize, PartialEq, Eq)]
    FeasibilityEvidence {
        /// What it is.
        required kind: FeasibilityEvidenceKind = word::<FeasibilityEvidenceKind>(),
        /// Where it is to be read.
        optional url: String = text(Form::Url, 8, 2000),
        /// What it shows.
        required finding: String = prose(5000),
    }
}

/// A row of `feasibility_assessment`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "feasibility_assessment")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FeasibilityAssessmentId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// The candidate.
    pub solution_id: CandidateSolutionId,
    /// Whether it can be done.
    pub verdict: FeasibilityVerdict,
    /// What shows it.
    pub evidence: Json<Vec<FeasibilityEvidence>>,
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

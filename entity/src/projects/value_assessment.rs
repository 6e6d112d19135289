//! Whether a candidate is worth it, and who says so (§9).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use serde::Serialize;

use crate::{
    id::{CandidateSolutionId, ContactId, OrganizationId, ProjectId, UserId, ValueAssessmentId},
    kind::{id, line, prose, word},
    vocabulary::Json,
};

crate::vocabulary! {
    /// How much something is worth.
    ValueVerdict {
        /// Much.
        High = "HIGH",
        /// Something.
        Medium = "MEDIUM",
        /// Little.
        Low = "LOW",
        /// Nothing.
        None = "NONE",
    }
}

crate::vocabulary! {
    /// Who says how much something is worth.
    ValueEvidenceKind {
        /// Somebody who knows the business.
        DomainExpert = "DOMAIN_EXPERT",
        /// Something else.
        Other = "OTHER",
    }
}

crate::object! {
    /// Something that shows how much a candidate is worth.
    #[derive(Serialize, PartialEq, Eq)]
    ValueEvidence {
        /// What it is.
        required kind: ValueEvidenceKind = word::<ValueEvidenceKind>(),
        /// The contact who said it.
        optional contact_id: ContactId = id::<ContactId>(),
        /// Who said it, in a line; of a contact, what they are called, unless it is said.
        optional expert: String = line(1, 200),
        /// What it shows.
        required finding: String = prose(5000),
    }
}

/// A row of `value_assessment`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "value_assessment")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ValueAssessmentId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// The candidate.
    pub solution_id: CandidateSolutionId,
    /// How much it is worth.
    pub verdict: ValueVerdict,
    /// What shows it.
    pub evidence: Json<Vec<ValueEvidence>>,
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

//! Findings: what informational interviews brought, each of a kind (§20).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, FindingId, InformationalInterviewId, OrganizationId, UserId};

crate::vocabulary! {
    /// What a finding is about.
    FindingKind {
        /// What one does in the role.
        Duty = "DUTY",
        /// What one has to be able to do.
        Skill = "SKILL",
        /// The algorithms that they use.
        StackAlgorithm = "STACK_ALGORITHM",
        /// How they bring things into use.
        StackDeployment = "STACK_DEPLOYMENT",
        /// The software that they use.
        StackSoftware = "STACK_SOFTWARE",
        /// A step of how they hire.
        HiringStep = "HIRING_STEP",
        /// What made people stand out whom they hired.
        Standout = "STANDOUT",
        /// What takes how much of the time.
        TimeShare = "TIME_SHARE",
        /// Something else.
        Other = "OTHER",
    }
}

/// A row of `finding`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "finding")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FindingId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose interview it was, again: it says whose the row is.
    pub owner_id: UserId,
    /// The interview that brought it.
    pub interview_id: InformationalInterviewId,
    /// What it is about.
    pub kind: FindingKind,
    /// What was found.
    pub text: String,
    /// The competency that it asks for.
    pub competency_id: Option<CompetencyId>,
    /// How much it matters, 1 to 5.
    pub weight: i64,
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

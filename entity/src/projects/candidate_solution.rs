//! Something that could solve the problem, be it with AI or without (§9).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CandidateSolutionId, OrganizationId, ProjectId, UserId};

crate::vocabulary! {
    /// Where a candidate stands.
    CandidateStatus {
        /// An idea among others.
        Proposed = "PROPOSED",
        /// What is to be done.
        Selected = "SELECTED",
        /// Not this one.
        Discarded = "DISCARDED",
    }
}

/// A row of `candidate_solution`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "candidate_solution")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CandidateSolutionId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// What it is called.
    pub title: String,
    /// How it would work.
    pub approach: Option<String>,
    /// Whether it uses AI.
    pub is_ai: bool,
    /// Where it stands.
    pub status: CandidateStatus,
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

//! Projects (§9).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{OrganizationId, ProjectId, UserId},
    projects::scope::Step,
};

crate::vocabulary! {
    /// What a project is done for.
    ProjectKind {
        /// A course asks for it, and its answer is known.
        Class = "CLASS",
        /// Somebody began it by themself.
        Personal = "PERSONAL",
        /// Beside a job, to become something of its own.
        SideHustle = "SIDE_HUSTLE",
        /// Part of a job.
        Work = "WORK",
    }
}

crate::vocabulary! {
    /// Where a project stands.
    ProjectStatus {
        /// What to do is being worked out, step by step.
        Scoping = "SCOPING",
        /// All five steps are complete: work can begin.
        Scoped = "SCOPED",
        /// Being carried out.
        InProgress = "IN_PROGRESS",
        /// Nobody works on it for now.
        Paused = "PAUSED",
        /// Carried out.
        Completed = "COMPLETED",
        /// Given up.
        Cancelled = "CANCELLED",
        /// Scoping showed that AI does not solve the problem: a good end.
        ClosedNoAiSolution = "CLOSED_NO_AI_SOLUTION",
    }
}

/// A row of `project`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "project")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose project it is; it never changes.
    pub owner_id: UserId,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub summary: Option<String>,
    /// What it is done for.
    pub kind: ProjectKind,
    /// Where it stands.
    pub status: ProjectStatus,
    /// The step that its scope is at, again: lists are filtered by it.
    pub current_step: Option<Step>,
    /// The field of business whose problem it solves.
    pub domain: Option<String>,
    /// Where AI is applied.
    pub application_area: Option<String>,
    /// When it should be done, a day of its owner.
    pub due_on: Option<NaiveDate>,
    /// When work first began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was completed, cancelled or closed.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it ended as it did.
    pub end_note: Option<String>,
    /// Title, domain and area, folded for searching.
    pub search_text: String,
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

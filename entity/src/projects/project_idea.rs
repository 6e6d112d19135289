//! Ideas for projects (§13).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{ContactId, LearningResourceId, OrganizationId, ProjectId, ProjectIdeaId, UserId},
    kind::{Kind, prose},
    vocabulary::Json,
};

crate::vocabulary! {
    /// Where an idea comes from.
    IdeaSource {
        /// Somebody else's project to join.
        JoinExisting = "JOIN_EXISTING",
        /// What one reads, and people one talks to.
        ReadingAndTalking = "READING_AND_TALKING",
        /// A field in which AI could be applied.
        ApplicationArea = "APPLICATION_AREA",
        /// Something of one's own beside a job.
        SideHustle = "SIDE_HUSTLE",
    }
}

crate::vocabulary! {
    /// Where an idea stands.
    IdeaStatus {
        /// Written down.
        Captured = "CAPTURED",
        /// Looked at.
        Evaluated = "EVALUATED",
        /// A project came of it.
        Promoted = "PROMOTED",
        /// Put away for now.
        Shelved = "SHELVED",
    }
}

crate::object! {
    /// What somebody declared about an employer whose interests an idea might touch.
    #[derive(Serialize, PartialEq, Eq)]
    EmployerConflict {
        /// Whether they looked into it and say so here.
        required declared: bool = Kind::Bool,
        /// What they found.
        optional notes: String = prose(2000),
    }
}

/// A row of `project_idea`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "project_idea")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectIdeaId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose idea it is; it never changes.
    pub owner_id: UserId,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Where it comes from.
    pub source: IdeaSource,
    /// Where it stands.
    pub status: IdeaStatus,
    /// Where AI would be applied.
    pub application_area: Option<String>,
    /// Whom it comes from.
    pub origin_contact_id: Option<ContactId>,
    /// What it was read in.
    pub origin_resource_id: Option<LearningResourceId>,
    /// The project to join.
    pub origin_project_id: Option<ProjectId>,
    /// What was declared about an employer.
    pub employer_conflict: Json<EmployerConflict>,
    /// Why it was put away, while it is.
    pub shelve_reason: Option<String>,
    /// The project that came of it.
    pub project_id: Option<ProjectId>,
    /// Title and area, folded for searching.
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

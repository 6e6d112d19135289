//! One of the five steps of a scope (§9).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{OrganizationId, ProjectId, ScopeId, ScopeStepId, UserId},
    projects::scope::Step,
};

crate::vocabulary! {
    /// Where a step stands.
    StepState {
        /// The steps before it are not complete.
        Locked = "LOCKED",
        /// Being worked on.
        Open = "OPEN",
        /// Complete.
        Complete = "COMPLETE",
        /// The scope went back to a step before: what is in it is kept, and has to be confirmed.
        Stale = "STALE",
    }
}

/// A row of `scope_step`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "scope_step")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScopeStepId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// The scope.
    pub scope_id: ScopeId,
    /// Which of the five.
    pub step: Step,
    /// Its place among them, from 1.
    pub place: i64,
    /// Where it stands.
    pub state: StepState,
    /// When it was last opened.
    pub opened_at: Option<DateTime<Utc>>,
    /// When it was last completed.
    pub completed_at: Option<DateTime<Utc>>,
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

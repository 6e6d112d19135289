//! Milestones: dated promises inside a project (§9, §11).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{MilestoneId, OrganizationId, ProjectId, UserId};

crate::vocabulary! {
    /// Where a milestone stands; computed, and never said.
    MilestoneStatus {
        /// Others come first.
        Unstarted = "UNSTARTED",
        /// The first of its project that is not done: what to work on.
        Next = "NEXT",
        /// Its day is past, and it is not done.
        Overdue = "OVERDUE",
        /// It is done.
        Done = "DONE",
    }
}

crate::vocabulary! {
    /// How a milestone looks.
    MilestoneHealth {
        /// It will be reached in time.
        OnTrack = "ON_TRACK",
        /// It may not be.
        AtRisk = "AT_RISK",
        /// It will not be, as things stand.
        OffTrack = "OFF_TRACK",
    }
}

/// A row of `milestone`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "milestone")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MilestoneId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// Whose project it is.
    pub owner_id: UserId,
    /// What is promised.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// Until when.
    pub target_date: NaiveDate,
    /// Its place in the project.
    pub sort_order: i64,
    /// How it looks, as somebody said.
    pub health: Option<MilestoneHealth>,
    /// What they said to that.
    pub health_note: Option<String>,
    /// When they said so.
    pub health_updated_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub completed_at: Option<DateTime<Utc>>,
    /// Why it counts as done though targets were not met.
    pub override_reason: Option<String>,
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

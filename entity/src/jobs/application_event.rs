//! The history of applications: only ever appended to (§21).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::{application::ApplicationOutcome, stage::StageKind};
use crate::{
    id::{ApplicationEventId, ApplicationId, OrganizationId, StageId, UserId},
    platform::event::ActorKind,
};

crate::vocabulary! {
    /// What happened to an application.
    ApplicationEventKind {
        /// It began.
        Created = "CREATED",
        /// It came to another stage.
        Moved = "MOVED",
        /// Something came of it.
        Closed = "CLOSED",
        /// It went on after all.
        Reopened = "REOPENED",
        /// What this one corrects did not happen.
        Revoked = "REVOKED",
    }
}

/// A row of `application_event`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "application_event")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApplicationEventId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who applies.
    pub owner_id: UserId,
    /// The application.
    pub application_id: ApplicationId,
    /// Its place in the history of the application, from 1.
    pub number: i64,
    /// What happened.
    pub kind: ApplicationEventKind,
    /// The stage before.
    pub from_stage_id: Option<StageId>,
    /// What that stage is.
    pub from_kind: Option<StageKind>,
    /// The stage after.
    pub to_stage_id: Option<StageId>,
    /// What that stage is.
    pub to_kind: Option<StageKind>,
    /// What came of it.
    pub outcome: Option<ApplicationOutcome>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// Whether it is known when it happened: what is not happened some time after what stands before it.
    pub dated: bool,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// Who wrote it down: what they are.
    pub actor_kind: ActorKind,
    /// Who wrote it down: which of them.
    pub actor_id: Option<String>,
    /// Where it is known from.
    pub source: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// The event that it corrects.
    pub corrects_id: Option<ApplicationEventId>,
    /// The place in the history in which it holds: its own, or of what it corrects.
    pub place: i64,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; it goes with its application.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

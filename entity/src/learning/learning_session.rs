//! Time spent learning (§4).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{LearningResourceId, LearningSessionId, OrganizationId, PlanItemId, UserId};

crate::vocabulary! {
    /// How a session became known.
    SessionSource {
        /// Written down by hand.
        Manual = "MANUAL",
        /// A learning system.
        Lms = "LMS",
        /// An xAPI statement.
        Xapi = "XAPI",
        /// A calendar.
        Calendar = "CALENDAR",
    }
}

/// A row of `learning_session`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_session")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LearningSessionId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who learnt.
    pub user_id: UserId,
    /// The item that it was for.
    pub plan_item_id: Option<PlanItemId>,
    /// What was learnt from.
    pub learning_resource_id: Option<LearningResourceId>,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// How long it took.
    pub minutes: i64,
    /// How it became known.
    pub source: SessionSource,
    /// The learning system whose completion stored it; it counts its statements itself.
    pub system: Option<String>,
    /// The statement that reported it, unique with the system, or else with the source.
    pub statement_id: Option<String>,
    /// The hash of what was noted under a statement's id: the same id may not say another thing.
    pub fingerprint: Option<String>,
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

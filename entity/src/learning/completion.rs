//! Statements of learning systems that somebody did something (story 1).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompletionId, LearningResourceId, LearningSessionId, OrganizationId, UserId};

crate::vocabulary! {
    /// What a learning system says that somebody did.
    CompletionVerb {
        /// Finished it.
        Completed = "COMPLETED",
        /// Passed it.
        Passed = "PASSED",
        /// Failed it.
        Failed = "FAILED",
        /// Got further in it.
        Progressed = "PROGRESSED",
    }
}

/// A row of `completion`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "completion")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompletionId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The system that says so.
    pub source: String,
    /// The statement's id there: unique with the source.
    pub statement_id: String,
    /// The hash of what it says: the same id may not say another thing.
    pub fingerprint: String,
    /// Who did it.
    pub user_id: UserId,
    /// With what.
    pub learning_resource_id: LearningResourceId,
    /// What they did.
    pub verb: CompletionVerb,
    /// How long it took, in minutes.
    pub minutes: Option<i64>,
    /// The result, 0 to 100.
    pub score: Option<i64>,
    /// When they did it.
    pub occurred_at: DateTime<Utc>,
    /// The session that was stored for it.
    pub session_id: Option<LearningSessionId>,
    /// The xAPI statement that it came as, in JSON.
    pub statement: Option<String>,
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

//! What was said of an application, and what it was about (§25).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{ApplicationId, CompetencyId, FeedbackId, FeedbackRequestId, OrganizationId, UserId},
    jobs::feedback_request::FeedbackSource,
    kind::{id, prose, word},
    vocabulary::Json,
};

crate::vocabulary! {
    /// How something is spoken of.
    Polarity {
        /// As a strength.
        Positive = "POSITIVE",
        /// As something to learn.
        Negative = "NEGATIVE",
    }
}

crate::object! {
    /// What feedback is about: a competency, and how it was spoken of.
    #[derive(Serialize, PartialEq, Eq)]
    FeedbackTheme {
        /// The competency.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// How it was spoken of.
        required polarity: Polarity = word::<Polarity>(),
        /// In which words.
        optional note: String = prose(1000),
    }
}

/// A row of `feedback`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "feedback")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FeedbackId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose it is.
    pub owner_id: UserId,
    /// The application.
    pub application_id: ApplicationId,
    /// What it answers, when it was asked for.
    pub request_id: Option<FeedbackRequestId>,
    /// Who said it.
    pub source: FeedbackSource,
    /// What was said.
    pub text: String,
    /// What it is about.
    pub themes: Json<Vec<FeedbackTheme>>,
    /// When it came.
    pub received_at: DateTime<Utc>,
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

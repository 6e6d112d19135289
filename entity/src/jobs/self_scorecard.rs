//! What somebody thinks of how an interview went (§23).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{ApplicationId, CompetencyId, InterviewId, OrganizationId, SelfScorecardId, UserId},
    kind::{id, int},
    vocabulary::Json,
};

crate::object! {
    /// How well one did in a competency.
    #[derive(Serialize, PartialEq, Eq)]
    SelfRating {
        /// The competency.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// How well, from 1 to 5.
        required rating: i64 = int(1, 5),
    }
}

/// A row of `self_scorecard`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "self_scorecard")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SelfScorecardId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose it is.
    pub owner_id: UserId,
    /// The interview: each has one.
    pub interview_id: InterviewId,
    /// The application, again.
    pub application_id: ApplicationId,
    /// How well one did, by competency.
    pub ratings: Json<Vec<SelfRating>>,
    /// What was asked.
    pub asked: Json<Vec<String>>,
    /// What went well.
    pub went_well: Option<String>,
    /// What to do better.
    pub improve: Option<String>,
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

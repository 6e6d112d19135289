//! What people learnt before, with its proof, until a coach says what it is worth (§8).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{OrganizationId, PriorLearningId, UserId};

crate::vocabulary! {
    /// Where prior learning stands.
    PriorLearningStatus {
        /// Being written.
        Draft = "DRAFT",
        /// A coach is asked to look at it.
        WaitingForReview = "WAITING_FOR_REVIEW",
        /// A coach looks at it.
        InReview = "IN_REVIEW",
        /// It is worth the levels that it was given.
        Accepted = "ACCEPTED",
        /// It is not, as it stands.
        Declined = "DECLINED",
    }
}

/// A row of `prior_learning`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "prior_learning")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PriorLearningId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who learnt it.
    pub user_id: UserId,
    /// What it is called.
    pub title: String,
    /// What was learnt, and how.
    pub description: Option<String>,
    /// Where the proof is.
    pub url: Option<String>,
    /// Where it stands.
    pub status: PriorLearningStatus,
    /// The coach who looks at it, or decided.
    pub reviewer_id: Option<UserId>,
    /// Why it was declined.
    pub review_comment: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// The title in lower case, for searching.
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

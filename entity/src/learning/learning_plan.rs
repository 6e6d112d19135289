//! Learning plans (§7).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CareerGoalId, LearningPlanId, LearningPlanTemplateId, OrganizationId, UserId};

crate::vocabulary! {
    /// Where a learning plan stands.
    LearningPlanStatus {
        /// Being written.
        Draft = "DRAFT",
        /// Its owner asked for a review.
        WaitingForReview = "WAITING_FOR_REVIEW",
        /// A coach is looking at it.
        InReview = "IN_REVIEW",
        /// Approved and being carried out.
        Active = "ACTIVE",
        /// Carried out; it can be reopened.
        Complete = "COMPLETE",
    }
}

/// A row of `learning_plan`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_plan")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LearningPlanId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who learns; it never changes.
    pub owner_id: UserId,
    /// What the plan is called.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// Where it stands.
    pub status: LearningPlanStatus,
    /// When it should be done, a day of its owner.
    pub due_on: Option<NaiveDate>,
    /// The coach who reviews it.
    pub reviewer_id: Option<UserId>,
    /// What the coach asked to change.
    pub review_comment: Option<String>,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// When it was completed.
    pub completed_at: Option<DateTime<Utc>>,
    /// The goal that it is for.
    pub goal_id: Option<CareerGoalId>,
    /// The template that its items follow.
    pub template_id: Option<LearningPlanTemplateId>,
    /// The template that it was made from, be it that it no longer follows it.
    pub origin_template_id: Option<LearningPlanTemplateId>,
    /// Since when it waits for a review, or is in one.
    pub review_requested_at: Option<DateTime<Utc>>,
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

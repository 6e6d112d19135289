//! Items of learning plans (§7).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, LearningPlanId, LearningPlanTemplateItemId, OrganizationId, PlanItemId, UserId};

crate::vocabulary! {
    /// Where an item stands.
    PlanItemStatus {
        /// Not begun.
        Todo = "TODO",
        /// Begun.
        Doing = "DOING",
        /// Done.
        Done = "DONE",
        /// Dropped: it no longer counts.
        Dropped = "DROPPED",
    }
}

crate::vocabulary! {
    /// Why somebody wants to learn it (§6).
    Motivation {
        /// A goal needs it.
        Goal = "GOAL",
        /// Curiosity; it never counts against anyone.
        Curiosity = "CURIOSITY",
        /// Something was in the way.
        Obstacle = "OBSTACLE",
    }
}

crate::vocabulary! {
    /// Who said that an item is done.
    CompletionSource {
        /// Its owner or their coach.
        Manual = "MANUAL",
        /// A learning system.
        Lms = "LMS",
    }
}

/// A row of `plan_item`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_item")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PlanItemId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The plan.
    pub plan_id: LearningPlanId,
    /// The plan's owner, again: it says who sees the item.
    pub owner_id: UserId,
    /// What is to be learnt.
    pub competency_id: CompetencyId,
    /// How well, as a level of the framework's scale.
    pub target_level: i64,
    /// Where it stands.
    pub status: PlanItemStatus,
    /// Why.
    pub motivation: Motivation,
    /// How much it counts in the progress of the plan.
    pub weight: i64,
    /// Its place in the plan.
    pub sort_order: i64,
    /// A note of its owner.
    pub note: Option<String>,
    /// When it was done.
    pub completed_at: Option<DateTime<Utc>>,
    /// Who said so.
    pub completion_source: Option<CompletionSource>,
    /// The item of a template that it was made from, one of a plan at most.
    pub template_item_id: Option<LearningPlanTemplateItemId>,
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

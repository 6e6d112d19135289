//! What a goal needs: a level in a competency, with where that comes from and until when it is believed (§5).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CareerGoalId, CompetencyId, GoalRequirementId, OrganizationId, UserId};

crate::vocabulary! {
    /// Where a requirement comes from.
    RequirementOrigin {
        /// The goal's role profile.
        RoleProfile = "ROLE_PROFILE",
        /// The person themself.
        OfUser = "USER",
        /// An informational interview.
        InfoInterview = "INFO_INTERVIEW",
        /// A reviewer.
        Reviewer = "REVIEWER",
    }
}

/// A row of `goal_requirement`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "goal_requirement")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GoalRequirementId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The goal.
    pub goal_id: CareerGoalId,
    /// Whose goal it is.
    pub user_id: UserId,
    /// What is needed.
    pub competency_id: CompetencyId,
    /// How well, as a level of the framework's scale.
    pub required_level: i64,
    /// Why.
    pub rationale: Option<String>,
    /// Where it comes from.
    pub origin: RequirementOrigin,
    /// Until when it is believed: depth that is needed shrinks as a technology matures.
    pub review_by: Option<NaiveDate>,
    /// Whether it was deleted because its role no longer asked for it; then the role may bring it again.
    pub withdrawn: bool,
    /// Whether it was heard in talks of the person's own search for a job, which are theirs alone to know of.
    pub heard: bool,
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

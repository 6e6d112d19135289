//! Where a learning need comes from: each thing that showed it, with how strongly (§29).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{LearningNeedId, LearningNeedSourceId, OrganizationId, UserId},
    platform::event::ActorKind,
};

crate::vocabulary! {
    /// What showed that somebody needs to learn something.
    NeedSource {
        /// A goal asks for more than there is.
        GoalGap = "GOAL_GAP",
        /// Something stood in the way of a project.
        ProjectObstacle = "PROJECT_OBSTACLE",
        /// An informational interview.
        InfoInterview = "INFO_INTERVIEW",
        /// How an interview went.
        InterviewResult = "INTERVIEW_RESULT",
        /// What was said with a rejection.
        RejectionFeedback = "REJECTION_FEEDBACK",
        /// A reviewer.
        Reviewer = "REVIEWER",
        /// The person wants to know.
        Curiosity = "CURIOSITY",
    }
}

impl NeedSource {
    /// Whether it belongs to somebody's search for a job, which is opened by scopes of its own.
    #[must_use]
    pub const fn is_of_a_search(self) -> bool {
        match self {
            Self::InfoInterview | Self::InterviewResult | Self::RejectionFeedback => true,
            Self::GoalGap | Self::ProjectObstacle | Self::Reviewer | Self::Curiosity => false,
        }
    }
}

impl Model {
    /// Whether it tells of somebody's search for a job: what another system told of does not, since none sees a search.
    #[must_use]
    pub fn tells_of_a_search(&self) -> bool {
        self.source.is_of_a_search() && self.raised_by_kind != ActorKind::Client
    }
}

/// A row of `learning_need_source`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_need_source")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LearningNeedSourceId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The need.
    pub need_id: LearningNeedId,
    /// Whose need it is.
    pub user_id: UserId,
    /// What kind of thing showed it.
    pub source: NeedSource,
    /// Which thing: the goal, the obstacle, the interview.
    pub source_id: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// How strongly, 1 to 100.
    pub strength: i64,
    /// What kind of somebody raised it.
    pub raised_by_kind: ActorKind,
    /// Who raised it, as a public id.
    pub raised_by: Option<String>,
    /// When it was raised.
    pub raised_at: DateTime<Utc>,
    /// When it was told that the need is met.
    pub notified_at: Option<DateTime<Utc>>,
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

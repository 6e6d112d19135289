//! Where a person stands in a competency: computed from the evidence, and kept (§8).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, OrganizationId, UserCompetencyId, UserId};

crate::vocabulary! {
    /// How the standing follows from the evidence.
    Calculation {
        /// The latest rating counts.
        Latest = "LATEST",
        /// The highest rating counts.
        Highest = "HIGHEST",
        /// Ratings count the less the older they are: 65 % the latest, 35 % the average of what was before.
        DecayingAverage = "DECAYING_AVERAGE",
        /// A level counts once it was reached several times.
        NMastery = "N_MASTERY",
        /// Only what a reviewer rates counts.
        Reviewed = "REVIEWED",
    }
}

crate::vocabulary! {
    /// Where the review of a standing stands.
    StandingStatus {
        /// Nobody asked for a review.
        Idle = "IDLE",
        /// Asked for.
        WaitingForReview = "WAITING_FOR_REVIEW",
        /// A coach looks at it.
        InReview = "IN_REVIEW",
    }
}

/// A row of `user_competency`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "user_competency")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UserCompetencyId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who.
    pub user_id: UserId,
    /// In what.
    pub competency_id: CompetencyId,
    /// The level, once there is one: a level of the framework's scale.
    pub level: Option<i64>,
    /// Whether the level counts as proficient; set exactly when the level is.
    pub proficient: Option<bool>,
    /// Where its review stands.
    pub status: StandingStatus,
    /// Who reviews it.
    pub reviewer_id: Option<UserId>,
    /// How the standing follows from the evidence.
    pub calculation: Calculation,
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

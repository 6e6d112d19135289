//! Evidence for competencies: only ever added to (§8).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, EvidenceId, OrganizationId, UserCompetencyId, UserId};
use crate::platform::event::ActorKind;

crate::vocabulary! {
    /// What a piece of evidence does to the standing.
    EvidenceAction {
        /// Only says that something happened.
        Log = "LOG",
        /// Suggests a level.
        Suggest = "SUGGEST",
        /// Rates.
        Rate = "RATE",
        /// Replaces what was computed.
        Override = "OVERRIDE",
    }
}

crate::vocabulary! {
    /// Where a piece of evidence comes from.
    EvidenceSource {
        /// A course or part of it was completed.
        CourseCompletion = "COURSE_COMPLETION",
        /// A project.
        Project = "PROJECT",
        /// A portfolio entry.
        Portfolio = "PORTFOLIO",
        /// A review by a coach.
        Review = "REVIEW",
        /// The person themself.
        SelfReport = "SELF",
        /// An interview.
        Interview = "INTERVIEW",
        /// Something learnt before.
        PriorLearning = "PRIOR_LEARNING",
    }
}

/// A row of `evidence`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvidenceId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who showed it.
    pub user_id: UserId,
    /// What was shown.
    pub competency_id: CompetencyId,
    /// The standing that it is about: the person's in the competency.
    pub user_competency_id: UserCompetencyId,
    /// What it does to the standing.
    pub action: EvidenceAction,
    /// Where it comes from.
    pub source: EvidenceSource,
    /// The level that it shows; LOG has none.
    pub level: Option<i64>,
    /// Who recorded it.
    pub actor_kind: ActorKind,
    /// Who recorded it, as a public id.
    pub actor_id: Option<String>,
    /// Where the proof is.
    pub url: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
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

//! Learning needs: what somebody needs to learn, one for each person and competency (§29).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, LearningNeedId, OrganizationId, PlanItemId, UserId};

crate::vocabulary! {
    /// Where a need stands.
    NeedState {
        /// Nothing is planned for it.
        Open = "OPEN",
        /// An item of a plan stands for it.
        Planned = "PLANNED",
        /// The person is proficient.
        Met = "MET",
        /// The person put it away.
        Dismissed = "DISMISSED",
    }
}

/// A row of `learning_need`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_need")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LearningNeedId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who needs to learn.
    pub user_id: UserId,
    /// What.
    pub competency_id: CompetencyId,
    /// How much, 1 to 100: its sources' strengths together.
    pub strength: i64,
    /// Where it stands.
    pub state: NeedState,
    /// The item that stands, or stood, for it.
    pub plan_item_id: Option<PlanItemId>,
    /// When it was opened, the last time.
    pub opened_at: DateTime<Utc>,
    /// When it was met, while it is.
    pub met_at: Option<DateTime<Utc>>,
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

//! A talk with somebody who knows the business, and what hurts there (§9, §10).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use serde::Serialize;

use crate::{
    id::{ContactId, ExpertConsultationId, OrganizationId, ProjectId, UserId},
    kind::{int, prose},
    vocabulary::Json,
};

crate::object! {
    /// Something that hurts: a wish, and why it does not work yet (§10).
    #[derive(Serialize, PartialEq, Eq)]
    PainPoint {
        /// Its rank, from 1: the first wish hurts most.
        required rank: i64 = int(1, 100),
        /// What they wish for.
        required wish: String = prose(2000),
        /// Why it does not work yet; the step is not complete without it.
        optional why_not_working_yet: String = prose(2000),
    }
}

/// A row of `expert_consultation`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "expert_consultation")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExpertConsultationId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// The contact who was asked.
    pub contact_id: Option<ContactId>,
    /// Who was asked, in a line.
    pub expert: Option<String>,
    /// When.
    pub held_at: DateTime<Utc>,
    /// What hurts, by rank.
    pub pain_points: Json<Vec<PainPoint>>,
    /// Notes.
    pub note: Option<String>,
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

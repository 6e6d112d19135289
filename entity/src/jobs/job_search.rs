//! Searches for a job: what somebody looks for (§21).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{JobSearchId, OrganizationId, TransitionPlanId, UserId},
    vocabulary::Json,
};

crate::vocabulary! {
    /// Where a search for a job stands.
    JobSearchState {
        /// It goes on.
        Active = "ACTIVE",
        /// It rests.
        Paused = "PAUSED",
        /// It is over.
        Closed = "CLOSED",
    }
}

/// A row of `job_search`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "job_search")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobSearchId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who searches; it never changes.
    pub owner_id: UserId,
    /// What it is called.
    pub title: String,
    /// The plan of a change of role or industry that it belongs to.
    pub transition_plan_id: Option<TransitionPlanId>,
    /// Where it stands.
    pub state: JobSearchState,
    /// The roles that are sought, as their owner calls them.
    pub target_roles: Json<Vec<String>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The title and the roles, folded for searching.
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

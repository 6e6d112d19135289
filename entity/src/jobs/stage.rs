//! The steps through which applications of a search go (§21).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{JobSearchId, OrganizationId, StageId, UserId};

crate::vocabulary! {
    /// What a stage of a search is, whatever its owner calls it; in their order.
    StageKind {
        /// One finds out what there is.
        Research = "RESEARCH",
        /// One talks to people there.
        Outreach = "OUTREACH",
        /// One has applied.
        Applied = "APPLIED",
        /// They look at the application, and have a first talk.
        Screening = "SCREENING",
        /// They talk with one in earnest.
        Interviewing = "INTERVIEWING",
        /// They make an offer.
        Offer = "OFFER",
    }
}

/// A row of `stage`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "stage")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StageId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who searches.
    pub owner_id: UserId,
    /// The search.
    pub job_search_id: JobSearchId,
    /// What it is called.
    pub name: String,
    /// What it is; it never changes.
    pub kind: StageKind,
    /// Its place among all stages of the search: those of a kind stand together, and the kinds in their order.
    pub position: i64,
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

//! Applications: somebody's bids for openings (§21). Where one stands is what its history says.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use super::stage::StageKind;
use crate::{
    id::{ApplicationId, JobPostingId, JobSearchId, OrganizationId, StageId, UserId},
    kind::{Declared as _, Form, Kind, line, list, text},
    vocabulary::Json,
};

crate::vocabulary! {
    /// By which way an application came about.
    ApplicationChannel {
        /// One applied by oneself.
        Direct = "DIRECT",
        /// Somebody there passed it on.
        Referral = "REFERRAL",
        /// A recruiter made it.
        Recruiter = "RECRUITER",
        /// They asked.
        Inbound = "INBOUND",
    }
}

crate::vocabulary! {
    /// What came of an application.
    ApplicationOutcome {
        /// An offer was accepted.
        OfferAccepted = "OFFER_ACCEPTED",
        /// An offer was declined.
        OfferDeclined = "OFFER_DECLINED",
        /// They chose somebody else.
        Rejected = "REJECTED",
        /// One took it back.
        Withdrawn = "WITHDRAWN",
        /// Nothing was heard.
        NoResponse = "NO_RESPONSE",
        /// The opening is no more.
        PositionClosed = "POSITION_CLOSED",
    }
}

/// Something that was sent along.
const DOCUMENT: Kind = Kind::Object(ApplicationDocument::object);
/// All that was sent along.
pub const DOCUMENTS: Kind = list(&DOCUMENT, 20);

crate::object! {
    /// Something that was sent along.
    #[derive(Serialize, PartialEq, Eq)]
    ApplicationDocument {
        /// What it is called.
        required name: String = line(1, 200),
        /// Where it is.
        optional url: String = text(Form::Url, 1, 2000),
    }
}

/// A row of `application`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "application")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApplicationId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who applies.
    pub owner_id: UserId,
    /// The search.
    pub job_search_id: JobSearchId,
    /// The opening; it never changes.
    pub posting_id: JobPostingId,
    /// By which way it came about.
    pub channel: ApplicationChannel,
    /// The stage in which it stands, or last stood.
    pub stage_id: StageId,
    /// What that stage is.
    pub stage_kind: StageKind,
    /// Since when it stands there.
    pub stage_since: DateTime<Utc>,
    /// What came of it; none as long as it is open.
    pub outcome: Option<ApplicationOutcome>,
    /// The stage in which that was.
    pub outcome_stage_id: Option<StageId>,
    /// Why, as far as is known.
    pub outcome_reason: Option<String>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Which résumé was sent.
    pub resume_version: Option<String>,
    /// What was sent along.
    pub documents: Json<Vec<ApplicationDocument>>,
    /// When one applied.
    pub applied_at: Option<DateTime<Utc>>,
    /// What to do next.
    pub next_action: Option<String>,
    /// When to do it.
    pub next_action_at: Option<DateTime<Utc>>,
    /// When something last happened.
    pub last_activity_at: DateTime<Utc>,
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

//! Offers: what an employer offers somebody who applied. Every change makes a version that stays readable (§24).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    currency::Currency,
    id::{ApplicationId, ContactId, JobSearchId, OfferId, OrganizationId, UserId},
    kind::{id, int, line, prose},
    vocabulary::Json,
};

crate::vocabulary! {
    /// Where an offer stands.
    OfferState {
        /// It came.
        Received = "RECEIVED",
        /// It is talked about.
        Negotiating = "NEGOTIATING",
        /// It was accepted: at most one of a job search is.
        Accepted = "ACCEPTED",
        /// It was declined.
        Declined = "DECLINED",
        /// Its day to answer passed.
        Expired = "EXPIRED",
        /// Whoever made it took it back.
        Rescinded = "RESCINDED",
    }
}

crate::vocabulary! {
    /// How much is known of the people whom one would work with.
    TeamDisclosure {
        /// One has met them.
        Met = "MET",
        /// One knows who they are.
        Named = "NAMED",
        /// One asked, and was not told.
        Refused = "REFUSED",
        /// Nobody asked yet.
        Unknown = "UNKNOWN",
    }
}

crate::object! {
    /// Somebody whom one would work with, and has met.
    #[derive(Serialize, PartialEq, Eq)]
    Teammate {
        /// What they are called.
        required name: String = line(1, 200),
        /// What they do there.
        optional role: String = line(1, 200),
        /// Who they are, when they are somebody whom the owner knows.
        optional contact_id: ContactId = id::<ContactId>(),
        /// What they were like.
        optional note: String = prose(2000),
    }
}

crate::object! {
    /// What the people whom one would work with are like, from 1 to 5; what nobody knows is left out.
    #[derive(Serialize, PartialEq, Eq)]
    PeopleAssessment {
        /// How hard they work.
        optional works_hard: i64 = int(1, 5),
        /// How much they keep learning.
        optional keeps_learning: i64 = int(1, 5),
        /// How much what they build is for the benefit of people.
        optional builds_for_good: i64 = int(1, 5),
    }
}

/// A row of `offer`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "offer")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose it is.
    pub owner_id: UserId,
    /// The job search: of its offers at most one is accepted.
    pub job_search_id: JobSearchId,
    /// The application that it answers.
    pub application_id: ApplicationId,
    /// Where it stands.
    pub state: OfferState,
    /// The currency of all amounts.
    pub currency: Option<Currency>,
    /// What it pays in a year, in the smallest units.
    pub base: Option<i64>,
    /// What it may pay besides in a year.
    pub bonus: Option<i64>,
    /// What its shares are worth in a year, as the owner sees it.
    pub equity: Option<i64>,
    /// What else it holds.
    pub benefits: Option<String>,
    /// Where one would work.
    pub location: Option<String>,
    /// When one would begin.
    pub start_date: Option<NaiveDate>,
    /// Until when it is to be answered.
    pub respond_by: Option<DateTime<Utc>>,
    /// Who would lead.
    pub manager_contact_id: Option<ContactId>,
    /// Whom the owner met of the people they would work with.
    pub teammates_met: Json<Vec<Teammate>>,
    /// How much is known of these.
    pub team_disclosure: TeamDisclosure,
    /// What they are like.
    pub people_assessment: Json<PeopleAssessment>,
    /// What its owner thinks of it, or why it changed.
    pub note: Option<String>,
    /// When its owner last asked to talk to somebody of the team.
    pub conversation_asked_at: Option<DateTime<Utc>>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// When it was accepted, declined, expired or taken back.
    pub ended_at: Option<DateTime<Utc>>,
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

//! What an offer was at each of its versions (§24).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    currency::Currency,
    id::{ContactId, OfferId, OfferVersionId, OrganizationId, UserId},
    jobs::offer::{OfferState, PeopleAssessment, TeamDisclosure, Teammate},
    vocabulary::Json,
};

/// A row of `offer_version`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "offer_version")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OfferVersionId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose offer it is, again.
    pub owner_id: UserId,
    /// The offer.
    pub offer_id: OfferId,
    /// The version of the offer.
    pub number: i64,
    /// Where it stood.
    pub state: OfferState,
    /// The currency of all amounts.
    pub currency: Option<Currency>,
    /// What it paid in a year, in the smallest units.
    pub base: Option<i64>,
    /// What it might have paid besides.
    pub bonus: Option<i64>,
    /// What its shares were worth in a year.
    pub equity: Option<i64>,
    /// What else it held.
    pub benefits: Option<String>,
    /// Where one would have worked.
    pub location: Option<String>,
    /// When one would have begun.
    pub start_date: Option<NaiveDate>,
    /// Until when it was to be answered.
    pub respond_by: Option<DateTime<Utc>>,
    /// Who would have led.
    pub manager_contact_id: Option<ContactId>,
    /// Whom the owner had met.
    pub teammates_met: Json<Vec<Teammate>>,
    /// How much was known of the team.
    pub team_disclosure: TeamDisclosure,
    /// What they were like.
    pub people_assessment: Json<PeopleAssessment>,
    /// What its owner thought of it, or why it changed.
    pub note: Option<String>,
    /// When its owner had last asked to talk to somebody of the team.
    pub conversation_asked_at: Option<DateTime<Utc>>,
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

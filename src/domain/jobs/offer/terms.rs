//! What an offer holds: what is known of it when it comes (§24).

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    id::{ApplicationId, ContactId, OfferId},
    jobs::{
        application,
        offer::{ActiveModel, Column, Entity, Model, OfferState, PeopleAssessment, TeamDisclosure, Teammate},
        stage::StageKind,
    },
    kind::{Kind, Patch, id, word},
    money::Money,
    object,
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    ASSESSMENT, BENEFITS, LOCATION, MONEY, NOTE, TEAMMATES, lapse,
    pay::{Pay, Said},
    record,
    state::standing,
};
use crate::domain::{
    caller::Caller,
    clock,
    community::contact::named,
    error::{Code, Error, Result},
    external::{self, ExternalRef},
    jobs::{
        application::touch,
        part::{self, Opening},
    },
    tx::Tx,
    verb::Done,
};

object! {
    /// An offer that came.
    NewOffer {
        /// The application that it answers: one that is open, and has no other open offer.
        required application_id: ApplicationId = id::<ApplicationId>(),
        /// What it pays in a year. All amounts are of one currency.
        optional base: Money = MONEY,
        /// What it may pay besides in a year.
        optional bonus: Money = MONEY,
        /// What its shares are worth in a year, as you see it.
        optional equity: Money = MONEY,
        /// What else it holds.
        optional benefits: String = BENEFITS,
        /// Where you would work.
        optional location: String = LOCATION,
        /// When you would begin.
        optional start_date: NaiveDate = Kind::Date,
        /// Until when it is to be answered: in the future. Then it expires.
        optional respond_by: DateTime<Utc> = Kind::Time,
        /// Who would lead: one of your contacts.
        optional manager_contact_id: ContactId = id::<ContactId>(),
        /// Whom you met of the people you would work with.
        optional teammates_met: Vec<Teammate> = TEAMMATES,
        /// How much is known of these; `MET` when somebody was, else `UNKNOWN`, unless it is said.
        optional team_disclosure: TeamDisclosure = word::<TeamDisclosure>(),
        /// What these people are like.
        optional people_assessment: PeopleAssessment = ASSESSMENT,
        /// What you think of it.
        optional note: String = NOTE,
        /// When it came; now, unless it is said.
        optional received_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

pub(super) async fn create(who: Caller, new: NewOffer) -> Result<Done> {
    let mut tx = who.begin().await?;
    let application = part::application(&tx, new.application_id, Opening::Open).await?;
    lapse_of(&mut tx, application.id).await?;
    if let Some(other) = open_of(&tx, application.id).await? {
        return Err(exists(other.id));
    }
    let said = Said { base: set(new.base), bonus: set(new.bonus), equity: set(new.equity) };
    let pay = Pay::default().after(said)?;
    let respond_by = new.respond_by.map(|at| upcoming(&tx, at)).transpose()?;
    manager(&tx, new.manager_contact_id, &application).await?;
    let met = new.teammates_met.unwrap_or_default();
    teammates(&tx, &met, &application).await?;
    let received = new.received_at.map_or(Ok(tx.now), |at| clock::past(tx.now, at, "/receivedAt"))?;
    let disclosed = if met.is_empty() { TeamDisclosure::Unknown } else { TeamDisclosure::Met };
    let offer = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(application.owner_id),
            job_search_id: Set(application.job_search_id),
            application_id: Set(application.id),
            state: Set(OfferState::Received),
            currency: Set(pay.currency),
            base: Set(pay.base),
            bonus: Set(pay.bonus),
            equity: Set(pay.equity),
            benefits: Set(new.benefits),
            location: Set(new.location),
            start_date: Set(new.start_date),
            respond_by: Set(respond_by),
            manager_contact_id: Set(new.manager_contact_id),
            teammates_met: Set(Json(met)),
            team_disclosure: Set(new.team_disclosure.unwrap_or(disclosed)),
            people_assessment: Set(Json(new.people_assessment.unwrap_or(NOTHING_KNOWN))),
            note: Set(new.note),
            conversation_asked_at: Set(None),
            received_at: Set(received),
            ended_at: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&offer, new.external_refs.as_deref()).await?;
    record(&mut tx, "created", &offer).await?;
    part::suggest_move(&mut tx, &application, StageKind::Offer).await?;
    touch(&mut tx, &application, received).await?;
    tx.made(&offer).await
}

/// Nothing is known of anybody yet.
pub(in crate::domain::jobs) const NOTHING_KNOWN: PeopleAssessment =
    PeopleAssessment { works_hard: None, keeps_learning: None, builds_for_good: None };

fn set(money: Option<Money>) -> Patch<Money> {
    money.map_or(Patch::Keep, Patch::Set)
}

/// A day to answer by: in the future, or the offer would have expired before it came.
pub(super) fn upcoming(tx: &Tx, at: DateTime<Utc>) -> Result<DateTime<Utc>> {
    part::upcoming(tx.now, at, "/respondBy")
}

pub(super) async fn manager(tx: &Tx, wanted: Option<ContactId>, application: &application::Model) -> Result<()> {
    if let Some(contact) = wanted {
        named(tx, contact, Some(application.owner_id), "/managerContactId").await?;
    }
    Ok(())
}

/// Those of the people met who are contacts are the owner's.
pub(super) async fn teammates(tx: &Tx, met: &[Teammate], application: &application::Model) -> Result<()> {
    part::contacts(tx, met.iter().map(|one| one.contact_id), application.owner_id, "/teammatesMet").await
}

/// The open offer of an application, when it has one.
pub(super) async fn open_of(tx: &Tx, application: ApplicationId) -> Result<Option<Model>> {
    let open = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::State.is_in([OfferState::Received, OfferState::Negotiating]))
        .filter(Column::DeletedAt.is_null());
    Ok(open.one(&tx.db).await?)
}

/// Lets the open offer of an application expire whose day has passed.
pub(super) async fn lapse_of(tx: &mut Tx, application: ApplicationId) -> Result<()> {
    match open_of(tx, application).await? {
        Some(offer) if standing(offer.state, offer.respond_by, tx.now) == OfferState::Expired => {
            lapse::end(tx, offer).await
        }
        _ => Ok(()),
    }
}

pub(super) fn exists(other: OfferId) -> Error {
    let error = Error::new(Code::OfferExists, "The application has an open offer: what changes is a version of it.");
    error.with(json!({ "offerId": other }))
}

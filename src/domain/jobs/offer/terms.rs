//! What an offer holds: what is known of it when it comes, and each change of that, which is a version of it (§24).

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    community::contact,
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
    state::{self, Command, is_open, standing},
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
    policy::Action,
    tx::Tx,
    verb::{Done, Target},
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

object! {
    /// Changes to an offer.
    OfferPatch {
        /// What it pays in a year. All amounts are of one currency.
        clear base: Money = MONEY,
        /// What it may pay besides in a year.
        clear bonus: Money = MONEY,
        /// What its shares are worth in a year.
        clear equity: Money = MONEY,
        /// What else it holds.
        clear benefits: String = BENEFITS,
        /// Where you would work.
        clear location: String = LOCATION,
        /// When you would begin.
        clear start_date: NaiveDate = Kind::Date,
        /// Until when it is to be answered: in the future.
        clear respond_by: DateTime<Utc> = Kind::Time,
        /// Who would lead: one of your contacts.
        clear manager_contact_id: ContactId = id::<ContactId>(),
        /// Whom you met, in place of those who were named.
        change teammates_met: Vec<Teammate> = TEAMMATES,
        /// How much is known of these.
        change team_disclosure: TeamDisclosure = word::<TeamDisclosure>(),
        /// What these people are like, in place of what was said.
        change people_assessment: PeopleAssessment = ASSESSMENT,
        /// What you think of it, or why it changed.
        clear note: String = NOTE,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// How the question to talk to a teammate went.
    TeammateConversation {
        /// How much is known of the team now; what was, unless it is said.
        optional team_disclosure: TeamDisclosure = word::<TeamDisclosure>(),
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
const NOTHING_KNOWN: PeopleAssessment =
    PeopleAssessment { works_hard: None, keeps_learning: None, builds_for_good: None };

fn set(money: Option<Money>) -> Patch<Money> {
    money.map_or(Patch::Keep, Patch::Set)
}

/// A day to answer by: in the future, or the offer would have expired before it came.
fn upcoming(tx: &Tx, at: DateTime<Utc>) -> Result<DateTime<Utc>> {
    part::upcoming(tx.now, at, "/respondBy")
}

async fn manager(tx: &Tx, wanted: Option<ContactId>, application: &application::Model) -> Result<()> {
    if let Some(contact) = wanted {
        named(tx, contact, Some(application.owner_id), "/managerContactId").await?;
    }
    Ok(())
}

/// Those of the people met who are contacts are the owner's.
async fn teammates(tx: &Tx, met: &[Teammate], application: &application::Model) -> Result<()> {
    let contacts: Vec<ContactId> = met.iter().filter_map(|one| one.contact_id).collect();
    let found = tx.find_each::<contact::Entity>(contacts, Action::ViewContact).await?;
    for (place, one) in met.iter().enumerate() {
        let Some(id) = one.contact_id else { continue };
        let pointer = format!("/teammatesMet/{place}/contactId");
        if found.refer(id, &pointer)?.owner_id != application.owner_id {
            return Err(Error::field(Code::ReferenceUnknown, &pointer, "There is no such contact."));
        }
    }
    Ok(())
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

pub(super) async fn update(who: Caller, target: Target<OfferId>, patch: OfferPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = tx.find_at::<Entity>(&target, Action::EditOffer).await?;
    let stands = standing(offer.state, offer.respond_by, tx.now);
    if !is_open(stands) {
        let error = Error::new(Code::OfferClosed, "The offer is no longer open: it stays as it was.");
        return Err(error.with(json!({ "state": stands })));
    }
    let (offer, changed) = revise(&mut tx, offer, patch, |_| {}).await?;
    if changed {
        record(&mut tx, "updated", &offer).await?;
    }
    tx.done(&offer).await
}

pub(super) async fn negotiate(who: Caller, target: Target<OfferId>, patch: OfferPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = tx.find_at::<Entity>(&target, Action::EditOffer).await?;
    let application = part::application(&tx, offer.application_id, Opening::Open).await?;
    let stands = standing(offer.state, offer.respond_by, tx.now);
    let to = state::after(stands, Command::Negotiate)?;
    let by = match &patch.respond_by {
        Patch::Keep => offer.respond_by,
        Patch::Clear => None,
        Patch::Set(at) => Some(*at),
    };
    // What has expired needs a later day, or none.
    by.map(|at| upcoming(&tx, at)).transpose()?;
    if let Some(other) = open_of(&tx, application.id).await?.filter(|other| other.id != offer.id) {
        return Err(exists(other.id));
    }
    let (offer, changed) = revise(&mut tx, offer, patch, |row| {
        row.state.set_if_not_equals(to);
        row.ended_at.set_if_not_equals(None);
    })
    .await?;
    if changed {
        record(&mut tx, Command::Negotiate.event(), &offer).await?;
        let now = tx.now;
        touch(&mut tx, &application, now).await?;
    }
    tx.done(&offer).await
}

/// Changes an offer: how it is now, and whether anything of it, or of its names, changed.
async fn revise(
    tx: &mut Tx,
    was: Model,
    patch: OfferPatch,
    also: impl FnOnce(&mut ActiveModel),
) -> Result<(Model, bool)> {
    let application = part::application(tx, was.application_id, Opening::Any).await?;
    let pay = Pay::of(&was).after(Said { base: patch.base, bonus: patch.bonus, equity: patch.equity })?;
    let respond_by = match patch.respond_by {
        Patch::Set(at) => Some(upcoming(tx, at)?),
        other => other.over(was.respond_by),
    };
    let lead = patch.manager_contact_id.over(was.manager_contact_id);
    if lead != was.manager_contact_id {
        manager(tx, lead, &application).await?;
    }
    if let Some(met) = &patch.teammates_met {
        teammates(tx, met, &application).await?;
    }
    let (benefits, location) = (patch.benefits.over(was.benefits.clone()), patch.location.over(was.location.clone()));
    let (starts, note) = (patch.start_date.over(was.start_date), patch.note.over(was.note.clone()));
    let met = patch.teammates_met.unwrap_or_else(|| was.teammates_met.0.clone());
    let disclosure = patch.team_disclosure.unwrap_or(was.team_disclosure);
    let people = patch.people_assessment.unwrap_or_else(|| was.people_assessment.0.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.currency.set_if_not_equals(pay.currency);
            row.base.set_if_not_equals(pay.base);
            row.bonus.set_if_not_equals(pay.bonus);
            row.equity.set_if_not_equals(pay.equity);
            row.benefits.set_if_not_equals(benefits);
            row.location.set_if_not_equals(location);
            row.start_date.set_if_not_equals(starts);
            row.respond_by.set_if_not_equals(respond_by);
            row.manager_contact_id.set_if_not_equals(lead);
            row.teammates_met.set_if_not_equals(Json(met));
            row.team_disclosure.set_if_not_equals(disclosure);
            row.people_assessment.set_if_not_equals(Json(people));
            row.note.set_if_not_equals(note);
            also(row);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    Ok((after.row, after.changed))
}

pub(super) async fn request_conversation(
    who: Caller,
    target: Target<OfferId>,
    asked: TeammateConversation,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = tx.find_at::<Entity>(&target, Action::EditOffer).await?;
    let stands = standing(offer.state, offer.respond_by, tx.now);
    if !is_open(stands) {
        let error = Error::new(Code::OfferClosed, "The offer is no longer open: it stays as it was.");
        return Err(error.with(json!({ "state": stands })));
    }
    let (disclosure, now) = (asked.team_disclosure.unwrap_or(offer.team_disclosure), tx.now);
    let after = tx
        .change::<Entity>(offer, |row| {
            row.conversation_asked_at = Set(Some(now));
            row.team_disclosure.set_if_not_equals(disclosure);
        })
        .await?;
    record(&mut tx, "conversation_requested", &after.row).await?;
    tx.done(&after.row).await
}

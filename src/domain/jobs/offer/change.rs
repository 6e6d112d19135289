//! What changes of an offer: each change is a version of it (§24).

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    id::{ContactId, OfferId},
    jobs::offer::{ActiveModel, Entity, Model, PeopleAssessment, TeamDisclosure, Teammate},
    kind::{Kind, Patch, id, word},
    money::Money,
    object,
    vocabulary::Json,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    ASSESSMENT, BENEFITS, LOCATION, MONEY, NOTE, TEAMMATES,
    pay::{Pay, Said},
    record,
    state::{self, Command, is_open, standing},
    terms::{exists, manager, open_of, teammates, upcoming},
};
use crate::domain::{
    caller::Caller,
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

pub(super) async fn update(who: Caller, target: Target<OfferId>, patch: OfferPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = tx.find_at::<Entity>(&target, Action::EditOffer).await?;
    let offer = revised(&mut tx, offer, patch).await?;
    tx.done(&offer).await
}

/// Changes an open offer, and records it.
///
/// # Errors
/// `OFFER_CLOSED`, and those of what it holds.
pub(in crate::domain::jobs) async fn revised(tx: &mut Tx, offer: Model, patch: OfferPatch) -> Result<Model> {
    waits(tx, &offer)?;
    let (offer, changed) = revise(tx, offer, patch, |_| {}).await?;
    if changed {
        record(tx, "updated", &offer).await?;
    }
    Ok(offer)
}

/// Whether an offer waits for an answer.
fn waits(tx: &Tx, offer: &Model) -> Result<()> {
    let stands = standing(offer.state, offer.respond_by, tx.now);
    if is_open(stands) {
        return Ok(());
    }
    let error = Error::new(Code::OfferClosed, "The offer is no longer open: it stays as it was.");
    Err(error.with(json!({ "state": stands })))
}

pub(super) async fn negotiate(who: Caller, target: Target<OfferId>, patch: OfferPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = tx.find_at::<Entity>(&target, Action::EditOffer).await?;
    let offer = negotiated(&mut tx, offer, patch).await?;
    tx.done(&offer).await
}

/// Talks about an offer, with what it holds now, and records it.
///
/// # Errors
/// `APPLICATION_CLOSED`, `INVALID_TRANSITION`, `EXPIRY_PAST`, `OFFER_EXISTS`, and those of what it holds.
pub(in crate::domain::jobs) async fn negotiated(tx: &mut Tx, offer: Model, patch: OfferPatch) -> Result<Model> {
    let application = part::application(tx, offer.application_id, Opening::Open).await?;
    let stands = standing(offer.state, offer.respond_by, tx.now);
    let to = state::after(stands, Command::Negotiate)?;
    let by = match &patch.respond_by {
        Patch::Keep => offer.respond_by,
        Patch::Clear => None,
        Patch::Set(at) => Some(*at),
    };
    // What has expired needs a later day, or none.
    by.map(|at| upcoming(tx, at)).transpose()?;
    if let Some(other) = open_of(tx, application.id).await?.filter(|other| other.id != offer.id) {
        return Err(exists(other.id));
    }
    let (offer, changed) = revise(tx, offer, patch, |row| {
        row.state.set_if_not_equals(to);
        row.ended_at.set_if_not_equals(None);
    })
    .await?;
    if changed {
        record(tx, Command::Negotiate.event(), &offer).await?;
        let now = tx.now;
        touch(tx, &application, now).await?;
    }
    Ok(offer)
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
    waits(&tx, &offer)?;
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

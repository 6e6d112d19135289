//! An offer of a tracker that is new here, as it stands.

use chrono::{DateTime, Utc};
use entity::{
    jobs::{
        application::ApplicationOutcome,
        offer::{self, OfferState, TeamDisclosure},
    },
    vocabulary::Json,
};

use super::super::{beside::Hand, rows::Stand};
use crate::domain::{
    clock,
    error::Code,
    jobs::{
        exchange::draft::Offer,
        offer::{
            state::{is_open, standing},
            terms::NOTHING_KNOWN,
        },
    },
    learning::exchange::notes::Notes,
    tx::Tx,
};

/// The row of a new offer, when nothing refuses it.
pub(super) fn row(tx: &Tx, hand: &Hand<'_>, draft: &Offer, notes: &mut Notes) -> Option<offer::Model> {
    let stand = hand.stand(draft.application)?;
    let respond_by = draft.terms.respond_by.clone().over(None).map(clock::whole);
    let state = state(draft, stand, respond_by.is_some_and(|by| by <= tx.now), notes)?;
    let state = standing(state, respond_by, tx.now);
    let received = received(tx, draft, stand, notes)?;
    let ended = if is_open(state) { None } else { Some(ended(tx, hand, draft, (state, received), notes)?) };
    let terms = &draft.terms;
    Some(offer::Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: stand.model.owner_id,
        job_search_id: stand.model.job_search_id,
        application_id: stand.model.id,
        state,
        currency: draft.pay.currency,
        base: draft.pay.base,
        bonus: draft.pay.bonus,
        equity: draft.pay.equity,
        benefits: terms.benefits.clone().over(None),
        location: terms.location.clone().over(None),
        start_date: terms.start_date.clone().over(None),
        respond_by,
        manager_contact_id: None,
        teammates_met: Json(Vec::new()),
        team_disclosure: TeamDisclosure::Unknown,
        people_assessment: Json(NOTHING_KNOWN),
        note: terms.note.clone().over(None),
        conversation_asked_at: None,
        received_at: received,
        ended_at: ended,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    })
}

/// Where an offer stands: what the document says, or else what the end of its application does.
fn state(draft: &Offer, stand: &Stand, passed: bool, notes: &mut Notes) -> Option<OfferState> {
    match (draft.state.or(implied(stand)), stand.ended) {
        (Some(state), _) => Some(state),
        (None, None) => Some(OfferState::Received),
        (None, Some(_)) if passed => Some(OfferState::Expired),
        (None, Some(_)) => {
            let why = "The application ended, and nothing says what became of the offer: status is missing.";
            notes.error(draft.at.member("status"), Code::BadInput, why);
            None
        }
    }
}

/// What the end of an application says of its offer.
pub(super) fn implied(stand: &Stand) -> Option<OfferState> {
    match stand.ended?.0 {
        ApplicationOutcome::OfferAccepted => Some(OfferState::Accepted),
        ApplicationOutcome::OfferDeclined => Some(OfferState::Declined),
        _ => None,
    }
}

/// When an offer came: what the document says, or else when the application came so far, or ended.
fn received(tx: &Tx, draft: &Offer, stand: &Stand, notes: &mut Notes) -> Option<DateTime<Utc>> {
    let told = stand.offered.or(draft.closed).or(stand.ended.map(|(_, at)| at)).unwrap_or(tx.now).min(tx.now);
    match draft.sent {
        None => Some(clock::whole(draft.closed.map_or(told, |closed| told.min(closed)))),
        Some(at) => clock::past(tx.now, at, "/sentAt").map_err(|error| notes.refused(&draft.at, &error)).ok(),
    }
}

/// When an offer ended that was received at a moment: what the document says, or else when its day passed or its application ended.
pub(super) fn ended(
    tx: &Tx,
    hand: &Hand<'_>,
    draft: &Offer,
    (state, received): (OfferState, DateTime<Utc>),
    notes: &mut Notes,
) -> Option<DateTime<Utc>> {
    let until = draft.terms.respond_by.clone().over(None).filter(|by| state == OfferState::Expired && *by <= tx.now);
    let answered = matches!(state, OfferState::Accepted | OfferState::Declined);
    let stand = hand.stand(draft.application).filter(|_| answered);
    // A day of which nobody told does not contradict the day on which the offer came.
    let with = stand.and_then(|stand| stand.ended.map(|(_, at)| if stand.dated { at } else { at.max(received) }));
    let Some(at) = draft.closed.or(until).or(with) else {
        let message = "Nothing says when the offer ended: it is noted for today.";
        notes.warn(draft.at.member("closedAt"), "DATE_UNKNOWN", message);
        return Some(tx.now);
    };
    let at = clock::past(tx.now, at, "/closedAt").map_err(|error| notes.refused(&draft.at, &error)).ok()?;
    if at < received {
        let why = "It cannot have ended before it came.";
        notes.error(draft.at.member("closedAt"), Code::OccurredAtInvalid, why);
        return None;
    }
    Some(at)
}

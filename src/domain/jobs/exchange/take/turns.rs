//! Applications that came to an end as they were taken in, or went on after one: by the same rules as by hand (§21, §24).

use std::collections::HashSet;

use entity::{
    id::{ApplicationId, JobPostingId, JobSearchId, UserId},
    jobs::{
        application::{self, ApplicationOutcome},
        application_event,
        referral::{self, ReferralState},
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use serde_json::json;

use super::{beside::Hand, known::SOME, rows::Stand};
use crate::domain::{
    error::{Code, Result},
    jobs::{application::history::Standing, offer::taken, referral::subject},
    learning::exchange::{
        framework::passes,
        notes::{Notes, Place},
    },
    policy::Action,
    tx::Tx,
    verb::Row,
};

/// An application that came to an end now, or from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// Its place in the tracker.
    pub place: usize,
    /// The application.
    pub application: ApplicationId,
    /// Whether it was there before.
    pub known: bool,
    /// Where the tracker says that somebody answered an offer, or that they did not after all.
    pub answered: Option<Place>,
    /// Where it says how the application ended, when it stands so.
    pub ended: Option<Place>,
}

impl Turn {
    /// Of an application to which more happened, each thing with its place; nothing, when it only went on.
    pub(super) fn of(
        (place, before): (usize, Option<&Standing>),
        application: ApplicationId,
        happened: &[(&application_event::Model, &Place)],
        ends: bool,
    ) -> Option<Self> {
        let answer = |outcome: Option<ApplicationOutcome>| outcome.is_some_and(is_answer);
        // What leads from an end is the first that happens after it.
        let was = before.and_then(|before| before.end.as_ref()).map(|end| end.outcome);
        let from = happened.first().filter(|_| answer(was));
        let answered = from.or_else(|| happened.iter().find(|(event, _)| answer(event.outcome)));
        let ended = happened.iter().rfind(|(event, _)| ends && event.outcome.is_some());
        let at = |one: Option<&(&application_event::Model, &Place)>| one.map(|(_, at)| (*at).clone());
        let turn = Self { place, application, known: before.is_some(), answered: at(answered), ended: at(ended) };
        Some(turn).filter(|turn| turn.answered.is_some() || turn.ended.is_some())
    }
}

/// Whether an end is what somebody answered to an offer.
const fn is_answer(outcome: ApplicationOutcome) -> bool {
    matches!(outcome, ApplicationOutcome::OfferAccepted | ApplicationOutcome::OfferDeclined)
}

/// Notes which of several rows the caller may not do something to, each at its place.
pub(super) async fn allowed<E: Row>(
    tx: &Tx,
    rows: &[(E::Id, &Place)],
    action: Action,
    notes: &mut Notes,
) -> Result<()> {
    for some in rows.chunks(SOME) {
        let found = tx.find_each::<E>(some.iter().map(|(id, _)| *id), action).await?;
        for (id, at) in some {
            if let Err(error) = found.get(*id) {
                notes.refused(at, &error);
            }
        }
    }
    Ok(())
}

/// What follows of ends that were written down: which offer somebody takes, they say themself, and nobody needs to speak any
/// more for what has ended.
pub(super) async fn follow(
    tx: &mut Tx,
    turns: &[Turn],
    stands: &[Option<Stand>],
    owner: UserId,
    notes: &mut Notes,
) -> Result<()> {
    let said: Vec<_> = turns.iter().filter_map(|turn| Some((turn.application, turn.answered.as_ref()?))).collect();
    allowed::<application::Entity>(tx, &said, Action::TakeJob, notes).await?;
    let ended = turns.iter().filter(|turn| turn.ended.is_some());
    let ended: Vec<_> = ended.filter_map(|turn| stands.get(turn.place)?.as_ref()).map(|stand| &stand.model).collect();
    if ended.is_empty() {
        return Ok(());
    }
    let hoped = hoped(tx, owner).await?;
    for application in ended.into_iter().filter(|one| hoped.contains(&one.posting_id)) {
        subject::application_ended(tx, application).await?;
    }
    Ok(())
}

/// The openings for which somebody hopes to be spoken for: they are few, however many applications ended.
async fn hoped(tx: &Tx, owner: UserId) -> Result<HashSet<JobPostingId>> {
    let hoped = referral::Entity::find()
        .select_only()
        .column(referral::Column::PostingId)
        .filter(referral::Column::OrganizationId.eq(tx.who.organization))
        .filter(referral::Column::OwnerId.eq(owner))
        .filter(referral::Column::State.is_in([ReferralState::Requested, ReferralState::Accepted]))
        .filter(referral::Column::DeletedAt.is_null());
    Ok(hoped.into_tuple::<JobPostingId>().all(&tx.db).await?.into_iter().collect())
}

/// Of a search one is accepted: of those that are now, in their order, the first, and none when one was before.
pub(super) async fn alone(
    tx: &Tx,
    search: JobSearchId,
    now: &[(ApplicationId, Place)],
    notes: &mut Notes,
) -> Result<()> {
    if now.is_empty() {
        return Ok(());
    }
    let all = taken::every(tx, search).await?;
    let before = all.iter().find(|one| now.iter().all(|(application, _)| *application != one.application_id));
    let mut seen = HashSet::new();
    let stand = now.iter().filter(|(application, _)| all.iter().any(|one| one.application_id == *application));
    let each = stand.filter(|(application, _)| seen.insert(*application));
    for (_, at) in each.skip(usize::from(before.is_none())) {
        let why = "An offer of this job search was accepted already.";
        match before {
            Some(taken) => {
                let details = json!({ "offerId": taken.offer_id, "applicationId": taken.application_id });
                notes.error_with(at.clone(), Code::OfferAlreadyAccepted, why, details);
            }
            None => notes.error(at.clone(), Code::OfferAlreadyAccepted, why),
        }
    }
    Ok(())
}

/// What was offered for applications that ended, and still waits for an answer: the end is said of it, or somebody is reminded.
/// Only those are asked about that had such an offer before.
pub(super) async fn waiting(tx: &mut Tx, hand: &Hand<'_>, turns: &[Turn], notes: &mut Notes) -> Result<()> {
    let open = &hand.base.known.beside.open;
    for turn in turns.iter().filter(|turn| turn.known && open.contains_key(&turn.application)) {
        let (Some(at), Some(stand)) = (&turn.ended, hand.stand(turn.place)) else { continue };
        let Some(outcome) = stand.model.outcome else { continue };
        match taken::may_end(tx, &stand.model, outcome).await {
            Ok(()) => {}
            Err(error) if passes(&error) => return Err(error),
            Err(error) => {
                let message = error.field_errors().first().map_or(error.detail(), |field| field.message.as_str());
                let details = error.details().cloned().unwrap_or_default();
                notes.error_with(at.clone(), error.code(), message, details);
                continue;
            }
        }
        taken::remind(tx, &stand.model).await?;
        for advice in tx.advice() {
            notes.advice(at.clone(), advice);
        }
    }
    Ok(())
}

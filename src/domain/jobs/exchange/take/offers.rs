//! The offers of a tracker: what is new, and what happened to those that are there, by the same rules as by hand (§24).

mod new;

use entity::{
    id::{ApplicationId, OfferId, TypedId as _},
    jobs::{
        application::ApplicationOutcome,
        offer::{self, OfferState},
        offer_version,
        stage::StageKind,
    },
    kind::Patch,
    learning::import_job::ImportRowOutcome,
    platform::external_ref,
};

use super::{beside::Hand, known::Before, rows::named, told, turns::allowed};
use crate::domain::{
    clock,
    error::{Code, Result},
    jobs::{
        exchange::draft::Offer,
        offer::{
            change::{OfferPatch, negotiated, revised},
            end_at, lapse,
            state::{Command, is_open, standing},
            told as said, version,
        },
    },
    learning::exchange::notes::{Notes, Place},
    policy::Action,
    tx::Tx,
};

/// Takes the offers of a tracker in; the applications of those that are accepted now, each with its place.
pub(super) async fn take(tx: &mut Tx, hand: &mut Hand<'_>, notes: &mut Notes) -> Result<Vec<(ApplicationId, Place)>> {
    let accepted = hand.base.known.beside.taken.as_ref().and_then(|taken| taken.offer_id);
    let mut all = All { new: Vec::new(), accepted, accepts: Vec::new(), answered: Vec::new() };
    for (place, draft) in hand.tracker.offers.iter().enumerate() {
        let (outcome, id, fills) = match hand.base.known.offer(&draft.id) {
            Before::There(row) if hand.stand(draft.application).is_some() => {
                let (id, fills) = (row.id, go_on(tx, hand, &mut all, draft, row.clone(), notes).await?);
                let outcome = if fills.is_empty() { ImportRowOutcome::Same } else { ImportRowOutcome::Fill };
                (outcome, Some(id), fills)
            }
            Before::Never => match begin(tx, hand, &mut all, draft, notes).await? {
                Some(id) => (ImportRowOutcome::Create, Some(id), Vec::new()),
                None => (ImportRowOutcome::LeftOut, None, Vec::new()),
            },
            // What somebody deleted here stays deleted, and so does what belongs to it.
            Before::There(_) | Before::Gone => (ImportRowOutcome::LeftOut, None, Vec::new()),
        };
        hand.tell((&draft.at, place), ("OFFER", draft.application), outcome, id, &fills);
    }
    if notes.fine() {
        for row in &all.new {
            tx.record("created", row, said(row))?;
        }
        let versions = all.new.iter().map(|row| version::of(tx, row)).collect();
        tx.add_all::<offer::Entity>(all.new).await?;
        tx.add_all::<offer_version::Entity>(versions).await?;
        tx.add_all::<external_ref::Entity>(std::mem::take(&mut hand.refs)).await?;
        // To accept or to decline an offer is nobody else's.
        let answered: Vec<_> = all.answered.iter().map(|(offer, at)| (*offer, at)).collect();
        allowed::<offer::Entity>(tx, &answered, Action::AnswerOffer, notes).await?;
    }
    Ok(all.accepts)
}

/// The offers that are made, and which of the search is accepted.
pub(super) struct All {
    new: Vec<offer::Model>,
    accepted: Option<OfferId>,
    /// The application of which that is so from now on, with its place.
    accepts: Vec<(ApplicationId, Place)>,
    /// Those that were accepted or declined now, or that were accepted and are not any more.
    answered: Vec<(OfferId, Place)>,
}

impl All {
    /// Accepts an offer, when none of the search was.
    fn accept(&mut self, hand: &Hand<'_>, row: &offer::Model, draft: &Offer, notes: &mut Notes) -> bool {
        let ended = hand.stand(draft.application).and_then(|stand| stand.model.outcome);
        if notes.fine() && ended != Some(ApplicationOutcome::OfferAccepted) {
            // Its application stays here as it is: nothing of it is accepted.
            told::differs(&draft.at, notes);
            return false;
        }
        if self.accepted.is_some_and(|accepted| accepted != row.id) {
            let why = "An offer of this job search was accepted already.";
            notes.error(draft.at.member("status"), Code::OfferAlreadyAccepted, why);
            return false;
        }
        self.accepted = Some(row.id);
        self.accepts.push((row.application_id, draft.at.member("status")));
        true
    }
}

/// Takes a new offer in, when nothing refuses it.
async fn begin(
    tx: &mut Tx,
    hand: &mut Hand<'_>,
    all: &mut All,
    draft: &Offer,
    notes: &mut Notes,
) -> Result<Option<OfferId>> {
    let Some(row) = new::row(tx, hand, draft, notes) else { return Ok(None) };
    if row.state == OfferState::Accepted && !all.accept(hand, &row, draft, notes) {
        return Ok(None);
    }
    if is_answer(row.state) {
        all.answered.push((row.id, draft.at.member("status")));
    }
    if is_open(row.state) {
        if !hand.goes_on(draft.application, &draft.at, notes) {
            return Ok(None);
        }
        if all.new.iter().any(|other| other.application_id == row.application_id && is_open(other.state)) {
            let why = "The application has an open offer: what changes is a version of it.";
            notes.error(draft.at.clone(), Code::OfferExists, why);
            return Ok(None);
        }
        if let Some(other) = hand.base.known.beside.open.get(&row.application_id) {
            if is_open(standing(other.state, other.respond_by, tx.now)) {
                told::differs(&draft.at, notes);
                return Ok(None);
            }
            lapse::end(tx, other.clone()).await?;
        }
        hand.suggest_move(draft.application, StageKind::Offer, &draft.at, notes);
    }
    let (id, heard) = (row.id, row.ended_at.unwrap_or(row.received_at));
    hand.refs.push(named(tx, hand.base.known, OfferId::PREFIX, id.0, &draft.id));
    all.new.push(row);
    hand.heard(tx, draft.application, heard.min(tx.now)).await?;
    Ok(Some(id))
}

/// What happened to an offer since it was taken in, by the members that say so; what does not follow is left out, with advice.
async fn go_on(
    tx: &mut Tx,
    hand: &mut Hand<'_>,
    all: &mut All,
    draft: &Offer,
    mut row: offer::Model,
    notes: &mut Notes,
) -> Result<Vec<&'static str>> {
    let mut fills = Vec::new();
    let patch = other(draft, &row, hand.base.known.versions(row.id));
    if draft.state == Some(OfferState::Negotiating) && row.state == OfferState::Received {
        let patch = patch.clone().unwrap_or_else(|| same(&draft.terms));
        match negotiated(tx, row.clone(), patch).await {
            Ok(after) => {
                row = after;
                fills.push("status");
            }
            Err(error) => return refuses(error, draft, notes).map(|()| fills),
        }
    } else if let Some(patch) = patch {
        match revised(tx, row.clone(), patch).await {
            Ok(after) => {
                row = after;
                fills.push("terms");
            }
            Err(error) => refuses(error, draft, notes)?,
        }
    }
    // One that is open stands as the end of its application says, when nothing else is said of it.
    let implied = hand.stand(draft.application).and_then(new::implied).filter(|_| is_open(row.state));
    let state = draft.state.or(implied).and_then(|state| Some((state, ends(state)?)));
    let Some((state, command)) = state else { return Ok(fills) };
    if row.state == state {
        return Ok(fills);
    }
    if !(is_open(row.state) || command == Command::Rescind && row.state == OfferState::Accepted) {
        told::differs(&draft.at, notes);
        return Ok(fills);
    }
    let Some(at) = new::ended(tx, hand, draft, (state, row.received_at), notes) else { return Ok(fills) };
    if state == OfferState::Accepted && !all.accept(hand, &row, draft, notes) {
        return Ok(fills);
    }
    if is_answer(state) || row.state == OfferState::Accepted {
        all.answered.push((row.id, draft.at.member("status")));
    }
    end_at(tx, row, state, command, at).await?;
    hand.heard(tx, draft.application, at).await?;
    fills.push("status");
    Ok(fills)
}

/// What does not follow what is known here is left out, with advice.
fn refuses(error: crate::domain::error::Error, draft: &Offer, notes: &mut Notes) -> Result<()> {
    let known = [Code::OfferClosed, Code::ApplicationClosed, Code::OfferExists, Code::ExpiryPast];
    let known = known.contains(&error.code()) || error.code() == Code::InvalidTransition;
    if !known {
        return Err(error);
    }
    told::differs(&draft.at, notes);
    Ok(())
}

/// Whether an offer was answered by whose it is.
const fn is_answer(state: OfferState) -> bool {
    matches!(state, OfferState::Accepted | OfferState::Declined)
}

/// By which command an offer comes to an end.
const fn ends(state: OfferState) -> Option<Command> {
    Some(match state {
        OfferState::Accepted => Command::Accept,
        OfferState::Declined => Command::Decline,
        OfferState::Expired => Command::Expire,
        OfferState::Rescinded => Command::Rescind,
        OfferState::Received | OfferState::Negotiating => return None,
    })
}

/// Nothing of the terms changes.
fn same(terms: &OfferPatch) -> OfferPatch {
    OfferPatch {
        base: Patch::Keep,
        bonus: Patch::Keep,
        equity: Patch::Keep,
        benefits: Patch::Keep,
        location: Patch::Keep,
        start_date: Patch::Keep,
        respond_by: Patch::Keep,
        note: Patch::Keep,
        ..terms.clone()
    }
}

/// The terms that the document tells, when the offer neither has them nor ever had: what was changed here stays.
fn other(draft: &Offer, row: &offer::Model, versions: &[offer_version::Model]) -> Option<OfferPatch> {
    let now = Terms {
        pay: [row.base, row.bonus, row.equity],
        texts: [&row.benefits, &row.location, &row.note],
        starts: row.start_date,
        until: row.respond_by,
        currency: row.currency,
    };
    let before = versions.iter().map(|one| Terms {
        pay: [one.base, one.bonus, one.equity],
        texts: [&one.benefits, &one.location, &one.note],
        starts: one.start_date,
        until: one.respond_by,
        currency: one.currency,
    });
    let known = std::iter::once(now).chain(before).any(|terms| terms.hold(draft));
    (!known).then(|| draft.terms.clone())
}

/// What an offer held once.
struct Terms<'t> {
    pay: [Option<i64>; 3],
    texts: [&'t Option<String>; 3],
    starts: Option<chrono::NaiveDate>,
    until: Option<chrono::DateTime<chrono::Utc>>,
    currency: Option<entity::currency::Currency>,
}

impl Terms<'_> {
    /// Whether they are what a document tells, as far as it does.
    fn hold(&self, draft: &Offer) -> bool {
        fn is<T: PartialEq>(said: &Patch<T>, was: Option<&T>) -> bool {
            if let Patch::Set(said) = said { was == Some(said) } else { true }
        }
        let (says, terms) = (draft.pay, &draft.terms);
        let pays = [says.base, says.bonus, says.equity].into_iter().zip(self.pay);
        let texts = [&terms.benefits, &terms.location, &terms.note].into_iter().zip(self.texts);
        let until = if let Patch::Set(at) = terms.respond_by { Patch::Set(clock::whole(at)) } else { Patch::Keep };
        (says.currency.is_none() || says.currency == self.currency)
            && pays.into_iter().all(|(said, was)| said.is_none() || said == was)
            && texts.into_iter().all(|(said, was)| is(said, was.as_ref()))
            && is(&terms.start_date, self.starts.as_ref())
            && is(&until, self.until.as_ref())
    }
}

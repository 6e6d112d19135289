//! What was answered to offers of a document, beside what it says of their applications.

use std::collections::BTreeMap;

use chrono::DateTime;
use entity::jobs::{application::ApplicationOutcome, offer::OfferState};

use crate::domain::{
    error::Code,
    jobs::exchange::{
        draft::{Offer, Places, Step, To, Tracker, When},
        order::in_order,
    },
    learning::exchange::notes::Notes,
};

/// What was answered to offers ends their applications, as it does here, where the document does not say that they ended. What
/// it says otherwise is an error: nothing was accepted of what came to something else, or had not begun.
pub(super) fn answered(tracker: &mut Tracker, notes: &mut Notes) {
    let mut all: BTreeMap<usize, Vec<&Offer>> = BTreeMap::new();
    for offer in &tracker.offers {
        all.entry(offer.application).or_default().push(offer);
    }
    let mut ends = Vec::new();
    for (application, offers) in all {
        let (Some(known), Some((offer, outcome))) = (tracker.applications.get(application), answer(&offers)) else {
            continue;
        };
        if let Some(step) = end(&known.steps, offer, outcome, notes) {
            ends.push((application, step));
        }
    }
    for (application, step) in ends {
        if let Some(application) = tracker.applications.get_mut(application) {
            application.steps.push(step);
        }
    }
}

/// The offer that ends its application, of all of that, and how.
fn answer<'o>(offers: &[&'o Offer]) -> Option<(&'o Offer, ApplicationOutcome)> {
    let of = |state| offers.iter().copied().filter(move |one| one.state == Some(state));
    if let Some(accepted) = of(OfferState::Accepted).next() {
        return Some((accepted, ApplicationOutcome::OfferAccepted));
    }
    let declined = of(OfferState::Declined).max_by_key(|one| one.closed);
    let declined = declined.filter(|_| of(OfferState::Declined).count() == offers.len());
    declined.map(|one| (one, ApplicationOutcome::OfferDeclined))
}

/// The end of an application by the answer to its offer, when it says none itself.
fn end(steps: &[Step], offer: &Offer, outcome: ApplicationOutcome, notes: &mut Notes) -> Option<Step> {
    // Its days have moments, and how they follow each other is all that is asked.
    let went = in_order(steps, "UTC", DateTime::UNIX_EPOCH);
    let began = went.first().filter(|first| first.told).map(|first| first.at);
    if began.zip(offer.closed).is_some_and(|(began, closed)| closed < began) {
        let why = "It cannot have been answered before the application began.";
        notes.error(offer.at.member("closedAt"), Code::OccurredAtInvalid, why);
        return None;
    }
    if let Some(To::End(other)) = went.last().map(|last| &last.to) {
        if outcome == ApplicationOutcome::OfferAccepted && *other != outcome {
            let why = "Its application came to something else: nothing of it was accepted.";
            notes.error(offer.at.member("status"), Code::ApplicationClosed, why);
        }
        return None;
    }
    let when = if offer.closed.is_some() { "closedAt" } else { "status" };
    let said = Places { what: offer.at.member("status"), when: offer.at.member(when) };
    Some(Step { to: To::End(outcome), at: offer.closed.map(When::At), reason: None, stands: true, said })
}

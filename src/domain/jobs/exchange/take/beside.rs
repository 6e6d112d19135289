//! What interviews and offers of a tracker have in common: they belong to applications that stand here already.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationId, TypedId},
    jobs::{application::ApplicationOutcome, interview::InterviewState, stage::StageKind},
    learning::import_job::{ImportRow, ImportRowOutcome},
    platform::external_ref,
};

use super::{
    rows::{Base, Stand},
    told,
    turns::Turn,
};
use crate::domain::{
    error::{Code, Result},
    jobs::{application::touch, exchange::draft::Tracker, part::is_before},
    learning::exchange::notes::{Notes, Place},
    tx::Tx,
};

/// Everything that taking them in holds in hand.
pub(super) struct Hand<'a> {
    pub base: &'a Base<'a>,
    pub tracker: &'a Tracker,
    pub stands: Vec<Option<Stand>>,
    pub told: Vec<ImportRow>,
    pub refs: Vec<external_ref::Model>,
    /// The applications that were suggested to be moved on.
    suggested: HashSet<usize>,
}

impl<'a> Hand<'a> {
    pub(super) fn new(
        base: &'a Base<'a>,
        tracker: &'a Tracker,
        stands: Vec<Option<Stand>>,
        told: Vec<ImportRow>,
    ) -> Self {
        Self { base, tracker, stands, told, refs: Vec::new(), suggested: HashSet::new() }
    }

    /// How the application stands that something belongs to.
    pub(super) fn stand(&self, application: usize) -> Option<&Stand> {
        self.stands.get(application)?.as_ref()
    }

    /// The applications of which an offer is accepted now, each with its place: as it is said of them, or of their offers.
    pub(super) fn taken(&self, turns: &[Turn], offers: Vec<(ApplicationId, Place)>) -> Vec<(ApplicationId, Place)> {
        let so =
            |turn: &Turn| self.stand(turn.place)?.model.outcome.filter(|one| *one == ApplicationOutcome::OfferAccepted);
        let said = turns.iter().filter(|turn| so(turn).is_some());
        let said = said.filter_map(|turn| Some((turn.application, turn.ended.clone()?)));
        said.chain(offers).collect()
    }

    /// Tells what becomes of a row.
    pub(super) fn tell<I: TypedId + std::fmt::Display>(
        &mut self,
        (at, place): (&Place, usize),
        (word, application): (&str, usize),
        outcome: ImportRowOutcome,
        id: Option<I>,
        fills: &[&str],
    ) {
        let name = format!("{word}: {}", self.tracker.called(application));
        self.told.push(told::row((at, place), &name, outcome, id, fills));
    }

    /// Whether the application of something that is open goes on. Where the tracker itself says that it ended, the row is refused; where it
    /// only ended here, the row is left out.
    pub(super) fn goes_on(&self, application: usize, at: &Place, notes: &mut Notes) -> bool {
        let Some(stand) = self.stand(application) else { return false };
        if stand.ended.is_some() {
            let why = "The application ended: it has nothing to come.";
            notes.error(at.member("applicationId"), Code::ApplicationClosed, why);
            return false;
        }
        if stand.model.outcome.is_some() {
            told::differs(at, notes);
            return false;
        }
        true
    }

    /// Suggests to move an application on that stands before a kind of stage: once, and never silently.
    pub(super) fn suggest_move(&mut self, application: usize, to: StageKind, at: &Place, notes: &mut Notes) {
        let before = |stand: &Stand| stand.model.outcome.is_none() && is_before(stand.model.stage_kind, to);
        if self.stand(application).is_some_and(before) && self.suggested.insert(application) {
            let message = "The application still stands in an earlier stage: move it on.";
            notes.warn(at.clone(), "MOVE_SUGGESTED", message);
        }
    }

    /// Something was heard of an application that was there already.
    pub(super) async fn heard(&mut self, tx: &mut Tx, application: usize, at: DateTime<Utc>) -> Result<()> {
        if let Some(Some(stand)) = self.stands.get_mut(application) {
            stand.model = touch(tx, &stand.model, at).await?;
        }
        Ok(())
    }
}

/// When something was last heard of each application in its interviews and offers: not in what has yet to come.
pub(super) fn heard(tracker: &Tracker, now: DateTime<Utc>) -> HashMap<usize, DateTime<Utc>> {
    let held = tracker.interviews.iter().filter(|one| one.state == Some(InterviewState::Held));
    let held = held.map(|one| (one.application, one.starts));
    let offered =
        tracker.offers.iter().flat_map(|one| one.sent.into_iter().chain(one.closed).map(|at| (one.application, at)));
    let mut last: HashMap<usize, DateTime<Utc>> = HashMap::new();
    for (application, at) in held.chain(offered).filter(|(_, at)| *at <= now) {
        last.entry(application).and_modify(|last| *last = at.max(*last)).or_insert(at);
    }
    last
}

//! What is told of the rows of a tracker, and how what differs is.

use entity::{
    id::TypedId,
    learning::import_job::{ImportMatch, ImportRow, ImportRowOutcome},
};

use crate::domain::{
    jobs::exchange::draft::{Application, Tracker},
    learning::exchange::notes::{Notes, Place},
};

/// How long what a row is about is told at most.
const NAME_MAX: usize = 200;

/// What becomes of a row: of a document, it is told by its pointer and its place in its list.
pub(super) fn row<I: TypedId + std::fmt::Display>(
    (at, place): (&Place, usize),
    name: &str,
    outcome: ImportRowOutcome,
    id: Option<I>,
    fills: &[&str],
) -> ImportRow {
    let number = i64::try_from(place).unwrap_or(i64::MAX).saturating_add(1);
    let known = !matches!(outcome, ImportRowOutcome::Create);
    ImportRow {
        line: at.line.unwrap_or(number),
        pointer: at.line.is_none().then(|| at.pointer.clone()),
        name: name.chars().take(NAME_MAX).collect(),
        outcome,
        matched_by: known.then_some(ImportMatch::ExternalRef),
        object_id: id.map(|id| id.to_string()),
        possible_duplicate_id: None,
        fills: (!fills.is_empty()).then(|| fills.iter().map(|&one| one.to_owned()).collect()),
    }
}

/// What a row says in a member and what is kept here are not the same: what is kept stays.
pub(super) fn kept(tracker: &Tracker, draft: &Application, member: &'static str, notes: &mut Notes) {
    let job = tracker.jobs.get(draft.job).filter(|_| member == "title");
    let at = job.map_or(&draft.at, |job| &job.at).member(tracker.members.called(member));
    notes.warn(at, "KEPT_AS_IT_IS", &format!("What it says of {member} is not what is kept here, which stays."));
}

/// Something differs from what is known here, which stays.
pub(super) fn differs(at: &Place, notes: &mut Notes) {
    let message = "Something that it says does not follow what is known here: it is left out.";
    notes.warn(at.clone(), "HISTORY_DIFFERS", message);
}

//! What is told of the rows of a tracker, and how what differs is.

use entity::{
    id::TypedId,
    jobs::application,
    learning::import_job::{ImportMatch, ImportRow, ImportRowOutcome},
};

use super::rows::Base;
use crate::domain::{
    clock,
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
pub(super) fn kept(
    (base, tracker): (&Base<'_>, &Tracker),
    draft: &Application,
    known: &application::Model,
    notes: &mut Notes,
) {
    for member in differing(base, tracker, draft, known) {
        let job = tracker.jobs.get(draft.job).filter(|_| member == "title");
        let at = job.map_or(&draft.at, |job| &job.at).member(tracker.members.called(member));
        notes.warn(at, "KEPT_AS_IT_IS", &format!("What it says of {member} is not what is kept here, which stays."));
    }
}

/// The members of a row that say something else than what is kept here.
fn differing(base: &Base<'_>, tracker: &Tracker, draft: &Application, known: &application::Model) -> Vec<&'static str> {
    let text = |said: &Option<String>, is: &Option<String>| said.is_some() && said != is;
    let title = tracker.jobs.get(draft.job).map(|job| job.title.as_str());
    let next_at = draft.next_action_at.map(|at| clock::whole(at.moment(base.zone)));
    let all = [
        ("title", base.known.title(known.posting_id).is_some_and(|is| title.is_some_and(|title| title != is))),
        ("channel", draft.channel.is_some_and(|channel| channel != known.channel)),
        ("resumeVersion", text(&draft.resume_version, &known.resume_version)),
        ("nextAction", text(&draft.next_action, &known.next_action)),
        ("nextActionAt", next_at.is_some() && next_at != known.next_action_at),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}

/// Something differs from what is known here, which stays.
pub(super) fn differs(at: &Place, notes: &mut Notes) {
    let message = "Something that it says does not follow what is known here: it is left out.";
    notes.warn(at.clone(), "HISTORY_DIFFERS", message);
}

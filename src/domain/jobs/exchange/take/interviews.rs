//! The interviews of a tracker: what is new, and what happened to those that are there, by the same rules as by hand (§23).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    id::{InterviewId, TypedId as _},
    jobs::{
        interview::{self, InterviewPrep, InterviewResult, InterviewState},
        stage::StageKind,
    },
    kind::Patch,
    learning::import_job::ImportRowOutcome,
    platform::external_ref,
    vocabulary::{Json, Vocabulary as _},
};

use super::{beside::Hand, known::Before, rows::named, told};
use crate::domain::{
    clock,
    error::{Code, Result},
    jobs::{
        exchange::draft::Interview,
        interview::{
            moves::{NewInterviewTime, go, say, shift},
            plan::{InterviewPatch, USUAL, revise},
            record,
            state::{Command, after},
        },
    },
    learning::exchange::notes::Notes,
    tx::Tx,
};

/// How many rounds an application has at most.
const ROUNDS: i64 = 100;

/// Takes the interviews of a tracker in.
pub(super) async fn take(tx: &mut Tx, hand: &mut Hand<'_>, notes: &mut Notes) -> Result<()> {
    let rounds = rounds(hand);
    let mut new = Vec::new();
    for (place, draft) in hand.tracker.interviews.iter().enumerate() {
        let (at, of) = ((&draft.at, place), (draft.kind.word(), draft.application));
        let known = hand.base.known.interview(&draft.id);
        let (outcome, id, fills) = match known {
            Before::There(row) if hand.stand(draft.application).is_some() => {
                let (id, fills) = (row.id, go_on(tx, hand, draft, row.clone(), notes).await?);
                let outcome = if fills.is_empty() { ImportRowOutcome::Same } else { ImportRowOutcome::Fill };
                (outcome, Some(id), fills)
            }
            Before::Never => match begun(tx, hand, draft, rounds.get(&place).copied(), notes) {
                Some(row) => {
                    hand.refs.push(named(tx, hand.base.known, InterviewId::PREFIX, row.id.0, &draft.id));
                    new.push(row);
                    (ImportRowOutcome::Create, new.last().map(|row| row.id), Vec::new())
                }
                None => (ImportRowOutcome::LeftOut, None, Vec::new()),
            },
            // What somebody deleted here stays deleted, and so does what belongs to it.
            Before::There(_) | Before::Gone => (ImportRowOutcome::LeftOut, None, Vec::new()),
        };
        hand.tell(at, of, outcome, id, &fills);
        if outcome == ImportRowOutcome::Create {
            let heard = new.last().and_then(|row| row.held_at);
            hand.suggest_move(draft.application, StageKind::Interviewing, &draft.at, notes);
            if let Some(held) = heard {
                hand.heard(tx, draft.application, held).await?;
            }
        }
    }
    if notes.fine() {
        for row in &new {
            record(tx, "scheduled", row)?;
        }
        tx.add_all::<interview::Entity>(new).await?;
        tx.add_all::<external_ref::Entity>(std::mem::take(&mut hand.refs)).await?;
    }
    Ok(())
}

/// Which rounds new interviews are, by their places: those that nobody counted follow the last of their application, in the order of time.
fn rounds(hand: &Hand<'_>) -> HashMap<usize, i64> {
    let is_new = |one: &&(usize, &Interview)| matches!(hand.base.known.interview(&one.1.id), Before::Never);
    let all: Vec<(usize, &Interview)> = hand.tracker.interviews.iter().enumerate().collect();
    let mut last: HashMap<usize, i64> = HashMap::new();
    for (_, one) in &all {
        let here = hand.stand(one.application).and_then(|stand| hand.base.known.beside.rounds.get(&stand.model.id));
        let last = last.entry(one.application).or_insert_with(|| here.copied().unwrap_or(0));
        *last = one.round.unwrap_or(0).max(*last);
    }
    let mut open: Vec<(usize, &Interview)> =
        all.iter().filter(is_new).filter(|one| one.1.round.is_none()).copied().collect();
    open.sort_by_key(|(place, one)| (one.starts, *place));
    let counted = open.into_iter().map(|(place, one)| {
        let last = last.entry(one.application).or_insert(0);
        *last = (*last + 1).min(ROUNDS);
        (place, *last)
    });
    counted.collect()
}

/// A new interview, when nothing refuses it.
fn begun(
    tx: &Tx,
    hand: &Hand<'_>,
    draft: &Interview,
    round: Option<i64>,
    notes: &mut Notes,
) -> Option<interview::Model> {
    let stand = hand.stand(draft.application)?;
    let state = draft.state.unwrap_or(InterviewState::Scheduled);
    let held = if state == InterviewState::Held { Some(took_place(tx, draft, notes)?) } else { None };
    if waits(state) {
        if draft.starts > tx.now && !hand.goes_on(draft.application, &draft.at, notes) {
            return None;
        }
        if draft.starts <= tx.now {
            let message = "Its time has passed, and nothing says whether it took place: say so here.";
            notes.warn(draft.at.member("status"), "INTERVIEW_STATE_UNKNOWN", message);
        }
    }
    Some(interview::Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: stand.model.owner_id,
        application_id: stand.model.id,
        round: draft.round.or(round).unwrap_or(1),
        kind: draft.kind,
        scheduled_at: clock::whole(draft.starts),
        duration_min: draft.minutes.unwrap_or(USUAL),
        time_zone: draft.time_zone.clone().unwrap_or_else(|| hand.base.zone.to_owned()),
        location: draft.location.clone(),
        interviewers: Json(draft.interviewers.clone()),
        state,
        result: draft.result,
        prep: Json(InterviewPrep { topics: None, questions: None }),
        moves: Json(Vec::new()),
        note: draft.note.clone(),
        held_at: held,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    })
}

const fn waits(state: InterviewState) -> bool {
    matches!(state, InterviewState::Scheduled | InterviewState::Rescheduled)
}

/// When an interview took place: nothing took place that has yet to come.
fn took_place(tx: &Tx, draft: &Interview, notes: &mut Notes) -> Option<DateTime<Utc>> {
    clock::past(tx.now, draft.starts, "/startAt").map_err(|error| notes.refused(&draft.at, &error)).ok()
}

/// What happened to an interview since it was taken in, by the members that say so; what does not follow is left out, with advice.
async fn go_on(
    tx: &mut Tx,
    hand: &mut Hand<'_>,
    draft: &Interview,
    mut row: interview::Model,
    notes: &mut Notes,
) -> Result<Vec<&'static str>> {
    let mut fills = Vec::new();
    let starts = clock::whole(draft.starts);
    let had = row.moves.0.iter().any(|one| one.scheduled_at == clock::rfc3339(starts));
    if row.scheduled_at != starts && !had {
        let ended = hand.stand(draft.application).is_some_and(|stand| stand.model.outcome.is_some());
        if after(row.state, Command::Reschedule).is_err() || (ended && starts > tx.now) {
            told::differs(&draft.at, notes);
            return Ok(fills);
        }
        let time = NewInterviewTime {
            scheduled_at: starts,
            duration_min: draft.minutes,
            time_zone: draft.time_zone.clone(),
            reason: None,
        };
        match shift(tx, row.clone(), time).await {
            Ok(moved) => row = moved,
            Err(error) if error.code() == Code::MovesFull => {
                told::differs(&draft.at, notes);
                return Ok(fills);
            }
            Err(error) => return Err(error),
        }
        fills.push("startAt");
    }
    row = ended(tx, hand, draft, row, &mut fills, notes).await?;
    filled(tx, draft, row, &mut fills).await?;
    Ok(fills)
}

/// Whether it took place, and what came of it. What was said of it here stays.
async fn ended(
    tx: &mut Tx,
    hand: &mut Hand<'_>,
    draft: &Interview,
    mut row: interview::Model,
    fills: &mut Vec<&'static str>,
    notes: &mut Notes,
) -> Result<interview::Model> {
    let command = draft.state.and_then(|state| match state {
        InterviewState::Held => Some(Command::Hold),
        InterviewState::Cancelled => Some(Command::Cancel),
        InterviewState::NoShow => Some(Command::Miss),
        InterviewState::Scheduled | InterviewState::Rescheduled => None,
    });
    match command {
        Some(command) if waits(row.state) => {
            let held = if command == Command::Hold { took_place(tx, draft, notes) } else { None };
            if command == Command::Hold && held.is_none() {
                return Ok(row);
            }
            row = go(tx, row, command, held).await?;
            if let Some(held) = held {
                hand.heard(tx, draft.application, held).await?;
            }
            fills.push("status");
        }
        Some(_) if draft.state != Some(row.state) => {
            told::differs(&draft.at, notes);
            return Ok(row);
        }
        _ => {}
    }
    if draft.result != InterviewResult::Pending && draft.result != row.result {
        if row.state != InterviewState::Held || row.result != InterviewResult::Pending {
            told::differs(&draft.at, notes);
            return Ok(row);
        }
        row = say(tx, row, draft.result).await?;
        fills.push("result");
    }
    Ok(row)
}

/// What nobody said here is filled in.
async fn filled(tx: &mut Tx, draft: &Interview, row: interview::Model, fills: &mut Vec<&'static str>) -> Result<()> {
    let set = |said: &Option<String>, was: &Option<String>| {
        said.clone().filter(|_| was.is_none()).map_or(Patch::Keep, Patch::Set)
    };
    let (location, note) = (set(&draft.location, &row.location), set(&draft.note, &row.note));
    let led = (row.interviewers.0.is_empty() && !draft.interviewers.is_empty()).then(|| draft.interviewers.clone());
    let said = [("location", location != Patch::Keep), ("note", note != Patch::Keep), ("interviewers", led.is_some())];
    let said: Vec<_> = said.into_iter().filter(|(_, said)| *said).map(|(name, _)| name).collect();
    if said.is_empty() {
        return Ok(());
    }
    fills.extend(said);
    let patch = InterviewPatch {
        round: None,
        r#type: None,
        time_zone: None,
        location,
        interviewers: led,
        prep: None,
        note,
        external_refs: None,
    };
    revise(tx, row, patch).await.map(drop)
}

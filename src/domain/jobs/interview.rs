//! Interviews: with companies that invite somebody who applied (§23).

mod learn;
pub mod state;

use chrono::{DateTime, Utc};
use entity::{
    community::contact,
    id::{ApplicationId, ContactId, InterviewId, UserId},
    jobs::{
        application,
        interview::{
            Column, Entity, InterviewMove, InterviewPrep, InterviewResult, InterviewState, InterviewType, Interviewer,
            Model,
        },
        stage::StageKind,
    },
    kind::{Declared as _, Form, Kind, Patch, id, int, line, list, prose, text, word},
    object,
    platform::user,
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _};
use serde_json::json;

use self::state::{Command, after};
use super::{
    application::touch,
    part::{self, Opening},
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const ROUND: Kind = int(1, 100);
const MINUTES: Kind = int(5, 1440);
const ZONE: Kind = text(Form::TimeZone, 1, 100);
const LOCATION: Kind = line(1, 500);
const NOTE: Kind = prose(5000);
const INTERVIEWER: Kind = Kind::Object(Interviewer::object);
const INTERVIEWERS: Kind = list(&INTERVIEWER, 20);
const PREP: Kind = Kind::Object(InterviewPrep::object);
const MOVE: Kind = Kind::Object(InterviewMove::object);
/// How often an interview is moved at most.
const MOVES: usize = 50;
/// How many minutes it takes, when nobody says.
const USUAL: i64 = 60;

impl Row for Entity {
    const NAME: &'static str = "Interview";
    type Id = InterviewId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<InterviewId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose it is.").filter(),
        Column::ApplicationId => leaf(id::<ApplicationId>(), "The application.").filter(),
        Column::Round => leaf(ROUND, "Which round it is, from 1.").filter(),
        Column::Kind => leaf(word::<InterviewType>(), "What kind of interview it is.").filter(),
        Column::ScheduledAt => leaf(Kind::Time, "When it is.").filter().sort(),
        Column::DurationMin => leaf(MINUTES, "How many minutes it takes."),
        Column::TimeZone => leaf(ZONE, "In which time zone it was agreed."),
        Column::Location => leaf(LOCATION, "Where it is: a place, or the address of a call."),
        Column::Interviewers => leaf(INTERVIEWERS, "Who leads it."),
        Column::State => leaf(word::<InterviewState>(), "Where it stands; changed by commands.").filter(),
        Column::Result => leaf(word::<InterviewResult>(), "What came of it.").filter(),
        Column::Prep => leaf(PREP, "What is prepared for it."),
        Column::Moves => leaf(list(&MOVE, MOVES), "The times that it had before, the first of them first."),
        Column::Note => leaf(NOTE, "What else is to be said."),
        Column::HeldAt => leaf(Kind::Time, "When it took place."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was noted.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Interview",
        "An interview with a company that invites somebody who applied (§23).",
        "ivw",
        Action::ViewInterview,
        show,
    )
    .order("scheduled_at", false)
    .external_refs()
    .one("application", "application_id", "Application", "The application.")
    .many("scorecards", "interview_id", "SelfScorecard", "What its owner thinks of how it went: one, or none.");
    Resource { shape, plural: "interviews", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditInterview;
    vec![
        Verb::on_collection(
            "schedule",
            EditInterview,
            "Note an interview of an open application. Where that stands before interviews, it is suggested to move it on.",
            schedule,
        ),
        Verb::upsert(EditInterview, "Note or move the interview that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>(
            "update",
            EditInterview,
            "Change what is known of an interview, but for its time.",
            update,
        ),
        Verb::on::<Entity, _, _, _>(
            "reschedule",
            EditInterview,
            "Give an interview another time; those before stay readable.",
            reschedule,
        ),
        Verb::on::<Entity, _, _, _>("hold", EditInterview, "Note that an interview took place.", hold),
        Verb::on::<Entity, _, _, _>("cancel", EditInterview, "Note that an interview does not take place.", cancel),
        Verb::on::<Entity, _, _, _>("miss", EditInterview, "Note that one side did not come.", miss),
        Verb::on::<Entity, _, _, _>(
            "recordResult",
            EditInterview,
            "Say what came of an interview that took place.",
            record_result,
        ),
        Verb::on::<Entity, _, _, _>(
            "raiseNeeds",
            EditInterview,
            "Let what its owner rated low in an interview that was not passed become needs to learn.",
            learn::raise_needs,
        ),
        Verb::delete::<Entity>(EditInterview, "Delete an interview; it can be restored."),
        Verb::restore::<Entity>(EditInterview, "Bring a deleted interview back."),
    ]
}

object! {
    /// An interview.
    NewInterview {
        /// The application: one that is open.
        required application_id: ApplicationId = id::<ApplicationId>(),
        /// Which round it is; the one after the last, unless it is said.
        optional round: i64 = ROUND,
        /// What kind of interview it is.
        required r#type: InterviewType = word::<InterviewType>(),
        /// When it is; be it in the past.
        required scheduled_at: DateTime<Utc> = Kind::Time,
        /// How many minutes it takes; 60, unless it is said.
        optional duration_min: i64 = MINUTES,
        /// In which time zone it was agreed; your own, unless it is said.
        optional time_zone: String = ZONE,
        /// Where it is: a place, or the address of a call.
        optional location: String = LOCATION,
        /// Who leads it.
        optional interviewers: Vec<Interviewer> = INTERVIEWERS,
        /// What is prepared for it.
        optional prep: InterviewPrep = PREP,
        /// What else is to be said.
        optional note: String = NOTE,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to what is known of an interview.
    InterviewPatch {
        /// Which round it is.
        change round: i64 = ROUND,
        /// What kind of interview it is.
        change r#type: InterviewType = word::<InterviewType>(),
        /// In which time zone it was agreed.
        change time_zone: String = ZONE,
        /// Where it is.
        clear location: String = LOCATION,
        /// Who leads it, in place of those who were named.
        change interviewers: Vec<Interviewer> = INTERVIEWERS,
        /// What is prepared for it, in place of what was.
        change prep: InterviewPrep = PREP,
        /// What else is to be said.
        clear note: String = NOTE,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Another time for an interview.
    NewInterviewTime {
        /// When it is now.
        required scheduled_at: DateTime<Utc> = Kind::Time,
        /// How many minutes it takes now; as many as before, unless it is said.
        optional duration_min: i64 = MINUTES,
        /// In which time zone that was agreed.
        optional time_zone: String = ZONE,
        /// Why it is moved.
        optional reason: String = prose(1000),
    }
}

object! {
    /// That an interview took place.
    HeldInterview {
        /// When: not in the future; when it was scheduled, or now if that is to come, unless it is said.
        optional held_at: DateTime<Utc> = Kind::Time,
    }
}

object! {
    /// What came of an interview.
    ResultOfInterview {
        /// What.
        required result: InterviewResult = word::<InterviewResult>(),
    }
}

async fn schedule(who: Caller, new: NewInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

async fn upsert(who: Caller, external: External, mut new: NewInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let was = tx.find_external::<Entity>(&external, id, Action::EditInterview).await?;
        if was.application_id != new.application_id {
            let why = "An interview never moves to another application.";
            return Err(Error::field(Code::ApplicationImmutable, "/applicationId", why));
        }
        let time = NewInterviewTime {
            scheduled_at: new.scheduled_at,
            duration_min: new.duration_min,
            time_zone: new.time_zone.clone(),
            reason: None,
        };
        let patch = InterviewPatch {
            round: new.round,
            r#type: Some(new.r#type),
            time_zone: new.time_zone,
            location: new.location.map_or(Patch::Keep, Patch::Set),
            interviewers: new.interviewers,
            prep: new.prep,
            note: new.note.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let row =
            if clock::whole(time.scheduled_at) == was.scheduled_at { was } else { shift(&mut tx, was, time).await? };
        let row = revise(&mut tx, row, patch).await?;
        return tx.done(&row).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

/// Notes an interview.
async fn add(tx: &mut Tx, new: NewInterview) -> Result<Model> {
    let application = part::application(tx, new.application_id, Opening::Open).await?;
    let interviewers = new.interviewers.unwrap_or_default();
    led_by(tx, &interviewers, &application).await?;
    let zone = match new.time_zone {
        Some(zone) => zone,
        None => user::Entity::find_by_id(application.owner_id)
            .one(&tx.db)
            .await?
            .map_or_else(|| "UTC".to_owned(), |person| person.time_zone),
    };
    let round = match new.round {
        Some(round) => round,
        None => state::next_round(tx, application.id).await?,
    };
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: application.owner_id,
        application_id: application.id,
        round,
        kind: new.r#type,
        scheduled_at: clock::whole(new.scheduled_at),
        duration_min: new.duration_min.unwrap_or(USUAL),
        time_zone: zone,
        location: new.location,
        interviewers: Json(interviewers),
        state: InterviewState::Scheduled,
        result: InterviewResult::Pending,
        prep: Json(new.prep.unwrap_or(InterviewPrep { topics: None, questions: None })),
        moves: Json(Vec::new()),
        note: new.note,
        held_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&row, new.external_refs.as_deref()).await?;
    record(tx, "scheduled", &row)?;
    part::suggest_move(tx, &application, StageKind::Interviewing).await?;
    touch(tx, &application, tx.now).await?;
    Ok(row)
}

/// Those who lead an interview and are contacts are the owner's.
async fn led_by(tx: &Tx, interviewers: &[Interviewer], application: &application::Model) -> Result<()> {
    let contacts: Vec<ContactId> = interviewers.iter().filter_map(|one| one.contact_id).collect();
    if contacts.is_empty() {
        return Ok(());
    }
    let found = tx.find_each::<contact::Entity>(contacts, Action::ViewContact).await?;
    for (place, one) in interviewers.iter().enumerate() {
        let Some(id) = one.contact_id else { continue };
        let pointer = format!("/interviewers/{place}/contactId");
        if found.refer(id, &pointer)?.owner_id != application.owner_id {
            return Err(Error::field(Code::ReferenceUnknown, &pointer, "There is no such contact."));
        }
    }
    Ok(())
}

async fn update(who: Caller, target: Target<InterviewId>, patch: InterviewPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

async fn revise(tx: &mut Tx, was: Model, patch: InterviewPatch) -> Result<Model> {
    if let Some(interviewers) = &patch.interviewers {
        let application = part::application(tx, was.application_id, Opening::Any).await?;
        led_by(tx, interviewers, &application).await?;
    }
    let (location, note) = (patch.location.over(was.location.clone()), patch.note.over(was.note.clone()));
    let interviewers = patch.interviewers.unwrap_or_else(|| was.interviewers.0.clone());
    let prep = patch.prep.unwrap_or_else(|| was.prep.0.clone());
    let (round, kind) = (patch.round.unwrap_or(was.round), patch.r#type.unwrap_or(was.kind));
    let zone = patch.time_zone.unwrap_or_else(|| was.time_zone.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.round.set_if_not_equals(round);
            row.kind.set_if_not_equals(kind);
            row.time_zone.set_if_not_equals(zone);
            row.location.set_if_not_equals(location);
            row.interviewers.set_if_not_equals(Json(interviewers));
            row.prep.set_if_not_equals(Json(prep));
            row.note.set_if_not_equals(note);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

async fn reschedule(who: Caller, target: Target<InterviewId>, time: NewInterviewTime) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    let row = shift(&mut tx, was, time).await?;
    tx.done(&row).await
}

/// Gives an interview another time, and keeps the one that it had.
async fn shift(tx: &mut Tx, was: Model, time: NewInterviewTime) -> Result<Model> {
    let to = after(was.state, Command::Reschedule)?;
    let (now, mut moves) = (tx.now, was.moves.0.clone());
    if moves.len() >= MOVES {
        return Err(Error::new(Code::MovesFull, "An interview is moved at most fifty times: note another one."));
    }
    moves.push(InterviewMove {
        scheduled_at: clock::rfc3339(was.scheduled_at),
        duration_min: was.duration_min,
        reason: time.reason,
        moved_at: clock::rfc3339(now),
    });
    let minutes = time.duration_min.unwrap_or(was.duration_min);
    let zone = time.time_zone.unwrap_or_else(|| was.time_zone.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.state.set_if_not_equals(to);
            row.scheduled_at.set_if_not_equals(clock::whole(time.scheduled_at));
            row.duration_min.set_if_not_equals(minutes);
            row.time_zone.set_if_not_equals(zone);
            row.moves = Set(Json(moves));
        })
        .await?;
    record(tx, Command::Reschedule.event(), &after.row)?;
    Ok(after.row)
}

async fn hold(who: Caller, target: Target<InterviewId>, asked: HeldInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    let at = asked.held_at.map_or(Ok(was.scheduled_at.min(tx.now)), |at| clock::past(tx.now, at, "/heldAt"))?;
    let row = go(&mut tx, was, Command::Hold, Some(at)).await?;
    let application = part::application(&tx, row.application_id, Opening::Any).await?;
    touch(&mut tx, &application, at).await?;
    tx.done(&row).await
}

async fn cancel(who: Caller, target: Target<InterviewId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    let row = go(&mut tx, was, Command::Cancel, None).await?;
    tx.done(&row).await
}

async fn miss(who: Caller, target: Target<InterviewId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    let row = go(&mut tx, was, Command::Miss, None).await?;
    tx.done(&row).await
}

async fn go(tx: &mut Tx, was: Model, command: Command, held: Option<DateTime<Utc>>) -> Result<Model> {
    let to = after(was.state, command)?;
    let after = tx
        .change::<Entity>(was, |row| {
            row.state = Set(to);
            row.held_at.set_if_not_equals(held);
        })
        .await?;
    record(tx, command.event(), &after.row)?;
    Ok(after.row)
}

async fn record_result(who: Caller, target: Target<InterviewId>, asked: ResultOfInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    took_place(&was)?;
    let after = tx.change::<Entity>(was, |row| row.result.set_if_not_equals(asked.result)).await?;
    if after.changed {
        record(&mut tx, "result_recorded", &after.row)?;
    }
    if after.row.result == InterviewResult::NotPassed {
        learn::suggest(&mut tx, &after.row).await?;
    }
    tx.done(&after.row).await
}

/// Only what took place has a result, and can be thought of.
///
/// # Errors
/// `INTERVIEW_NOT_HELD`.
pub(super) fn took_place(interview: &Model) -> Result<()> {
    if interview.state == InterviewState::Held {
        return Ok(());
    }
    let error = Error::new(Code::InterviewNotHeld, "The interview has not taken place.");
    Err(error.with(json!({ "state": interview.state })))
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    let data = json!({
        "applicationId": row.application_id, "round": row.round, "scheduledAt": clock::rfc3339(row.scheduled_at),
        "state": row.state, "result": row.result,
    });
    tx.record(what, row, data)
}

//! What moves an interview: another time, that it took place or not, and what came of it (§23).

use chrono::{DateTime, Utc};
use entity::{
    id::InterviewId,
    jobs::interview::{Entity, InterviewMove, InterviewResult, Model},
    kind::{Kind, prose, word},
    object,
    vocabulary::Json,
};
use sea_orm::ActiveValue::Set;

use super::{
    MINUTES, MOVES, ZONE, learn, record,
    state::{Command, after},
    took_place,
};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    jobs::{
        application::touch,
        part::{self, Opening},
    },
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

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

pub(super) async fn reschedule(who: Caller, target: Target<InterviewId>, time: NewInterviewTime) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    let row = shift(&mut tx, was, time).await?;
    tx.done(&row).await
}

/// Gives an interview another time, and keeps the one that it had.
pub(in crate::domain::jobs) async fn shift(tx: &mut Tx, was: Model, time: NewInterviewTime) -> Result<Model> {
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

pub(super) async fn hold(who: Caller, target: Target<InterviewId>, asked: HeldInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    let at = asked.held_at.map_or(Ok(was.scheduled_at.min(tx.now)), |at| clock::past(tx.now, at, "/heldAt"))?;
    let row = go(&mut tx, was, Command::Hold, Some(at)).await?;
    let application = part::application(&tx, row.application_id, Opening::Any).await?;
    touch(&mut tx, &application, at).await?;
    tx.done(&row).await
}

pub(super) async fn cancel(who: Caller, target: Target<InterviewId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    let row = go(&mut tx, was, Command::Cancel, None).await?;
    tx.done(&row).await
}

pub(super) async fn miss(who: Caller, target: Target<InterviewId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    let row = go(&mut tx, was, Command::Miss, None).await?;
    tx.done(&row).await
}

pub(in crate::domain::jobs) async fn go(
    tx: &mut Tx,
    was: Model,
    command: Command,
    held: Option<DateTime<Utc>>,
) -> Result<Model> {
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

pub(super) async fn record_result(who: Caller, target: Target<InterviewId>, asked: ResultOfInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    took_place(&was)?;
    let row = say(&mut tx, was, asked.result).await?;
    if row.result == InterviewResult::NotPassed {
        learn::suggest(&mut tx, &row).await?;
    }
    tx.done(&row).await
}

/// Says what came of an interview that took place.
pub(in crate::domain::jobs) async fn say(tx: &mut Tx, was: Model, result: InterviewResult) -> Result<Model> {
    let after = tx.change::<Entity>(was, |row| row.result.set_if_not_equals(result)).await?;
    if after.changed {
        record(tx, "result_recorded", &after.row)?;
    }
    Ok(after.row)
}

//! What moves an informational interview.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    community::{contact, interaction::InteractionKind},
    id::InformationalInterviewId,
    jobs::informational_interview::{ActiveModel, Entity, InterviewAnswer, InterviewChannel, Model, Rescheduled},
    kind::{Kind, line, word},
    object,
    vocabulary::Json,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    ANSWERS, MINUTES, record,
    state::{self, Command},
};
use crate::domain::{
    caller::Caller,
    clock,
    community::interaction,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

/// After how long somebody should hear of one, when nobody says.
const FOLLOW_UP: TimeDelta = TimeDelta::days(2);
/// How often a talk is moved and the history of it kept.
pub(super) const MOVES_MAX: usize = 50;
const REASON: Kind = line(1, 500);

type On = Target<InformationalInterviewId>;

object! {
    /// When a talk is to take place.
    ScheduledTalk {
        /// When.
        required scheduled_at: DateTime<Utc> = Kind::Time,
        /// For how many minutes; without it, as long as was thought.
        optional duration_min: i64 = MINUTES,
        /// How you talk; without it, as was thought.
        optional channel: InterviewChannel = word::<InterviewChannel>(),
    }
}

object! {
    /// When a talk is to take place instead.
    RescheduledTalk {
        /// When.
        required scheduled_at: DateTime<Utc> = Kind::Time,
        /// For how many minutes; without it, as long as before.
        optional duration_min: i64 = MINUTES,
        /// Why it is moved.
        optional reason: String = REASON,
    }
}

object! {
    /// What is known of a talk that took place.
    HeldTalk {
        /// When; without it, when it was to, or now if that is still to come. Not in the future.
        optional held_at: DateTime<Utc> = Kind::Time,
        /// What they answered.
        optional answers: Vec<InterviewAnswer> = ANSWERS,
        /// Until when they should hear of you; without it, the day that was set before when it lies after the talk, or else two days after it.
        optional follow_up_due_at: DateTime<Utc> = Kind::Time,
    }
}

object! {
    /// When somebody heard of one.
    FollowedUpTalk {
        /// When; now, unless it is said. Not in the future.
        optional followed_up_at: DateTime<Utc> = Kind::Time,
    }
}

/// The interview that a command moves, and where it leads.
pub(super) struct Step {
    pub tx: Tx,
    pub was: Model,
    command: Command,
    to: entity::jobs::informational_interview::InformationalInterviewState,
}

impl Step {
    pub(super) async fn begin(who: &Caller, target: &On, command: Command) -> Result<Self> {
        let tx = who.begin().await?;
        let was = tx.find_at::<Entity>(target, Action::EditInformationalInterview).await?;
        let to = state::after(was.state, command)?;
        Ok(Self { tx, was, command, to })
    }

    /// Lets it stand there, with what else changes.
    pub(super) async fn take(self, with: impl FnOnce(&mut ActiveModel)) -> Result<(Tx, Model)> {
        let Self { mut tx, was, command, to } = self;
        let after = tx
            .change::<Entity>(was, |row| {
                row.state.set_if_not_equals(to);
                with(row);
            })
            .await?;
        record(&mut tx, command.event(), &after.row)?;
        Ok((tx, after.row))
    }

    async fn done(self, with: impl FnOnce(&mut ActiveModel)) -> Result<Done> {
        let (tx, row) = self.take(with).await?;
        tx.done(&row).await
    }
}

pub(super) async fn request(who: Caller, target: On, _: Nothing) -> Result<Done> {
    let step = Step::begin(&who, &target, Command::Request).await?;
    let now = step.tx.now;
    step.done(|row| row.requested_at = Set(Some(now))).await
}

pub(super) async fn schedule(who: Caller, target: On, when: ScheduledTalk) -> Result<Done> {
    let mut step = Step::begin(&who, &target, Command::Schedule).await?;
    prepared(&mut step.tx, &step.was)?;
    step.done(|row| {
        row.scheduled_at = Set(Some(clock::whole(when.scheduled_at)));
        if let Some(minutes) = when.duration_min {
            row.duration_min.set_if_not_equals(minutes);
        }
        if when.channel.is_some() {
            row.channel.set_if_not_equals(when.channel);
        }
    })
    .await
}

/// Whoever goes there knows something of the person, and of the company.
fn prepared(tx: &mut Tx, talk: &Model) -> Result<()> {
    let missing = missing(talk);
    if missing.is_empty() {
        return Ok(());
    }
    let (why, details) =
        ("Look up the person and the company beforehand: it shows, and it pays.", json!({ "missing": missing }));
    if tx.who.settings.preparation_required {
        return Err(Error::new(Code::PreparationRequired, why).with(details));
    }
    tx.warn_with("NOT_PREPARED", why, details);
    Ok(())
}

/// On what there is no research yet, by the names of its members.
fn missing(talk: &Model) -> Vec<&'static str> {
    let both = [("researchInterviewee", &talk.research_interviewee), ("researchCompany", &talk.research_company)];
    both.into_iter().filter(|(_, text)| text.is_none()).map(|(name, _)| name).collect()
}

pub(super) async fn reschedule(who: Caller, target: On, when: RescheduledTalk) -> Result<Done> {
    let step = Step::begin(&who, &target, Command::Reschedule).await?;
    let (was, now) = (step.was.clone(), step.tx.now);
    let mut moves = was.reschedules.0.clone();
    moves.extend(was.scheduled_at.map(|at| Rescheduled {
        scheduled_at: clock::rfc3339(at),
        duration_min: was.duration_min,
        moved_at: clock::rfc3339(now),
        reason: when.reason,
    }));
    // What is oldest goes first, should somebody move a talk for ever.
    let from = moves.len().saturating_sub(MOVES_MAX);
    step.done(|row| {
        row.scheduled_at = Set(Some(clock::whole(when.scheduled_at)));
        row.duration_min.set_if_not_equals(when.duration_min.unwrap_or(was.duration_min));
        row.reschedules = Set(Json(moves.split_off(from)));
    })
    .await
}

pub(super) async fn hold(who: Caller, target: On, held: HeldTalk) -> Result<Done> {
    let step = Step::begin(&who, &target, Command::Hold).await?;
    let (was, now) = (step.was.clone(), step.tx.now);
    let at = match held.held_at {
        Some(at) => clock::past(now, at, "/heldAt")?,
        None => was.scheduled_at.filter(|at| *at <= now).unwrap_or(now),
    };
    let due = match held.follow_up_due_at {
        Some(due) => after_it(due, at, "/followUpDueAt")?,
        // One that was set before the talk may lie before it as well, since nobody knew then when it would be.
        None => was.follow_up_due_at.filter(|due| *due >= at).unwrap_or(at + FOLLOW_UP),
    };
    let (mut tx, row) = step
        .take(|row| {
            row.held_at = Set(Some(at));
            row.follow_up_due_at = Set(Some(due));
            if let Some(answers) = held.answers {
                row.answers.set_if_not_equals(Json(answers));
            }
        })
        .await?;
    in_touch(&mut tx, &row, at).await?;
    tx.done(&row).await
}

/// Whoever hears of one, hears of one after the talk.
pub(super) fn after_it(at: DateTime<Utc>, held: DateTime<Utc>, pointer: &str) -> Result<DateTime<Utc>> {
    let at = clock::whole(at);
    if at < held {
        return Err(Error::field(Code::OccurredAtInvalid, pointer, "It lies before the talk."));
    }
    Ok(at)
}

/// Whoever talked was in touch: it is logged where the caller may say so, since contacts are opened by a scope of their own.
async fn in_touch(tx: &mut Tx, talk: &Model, at: DateTime<Utc>) -> Result<()> {
    match tx.find::<contact::Entity>(talk.contact_id, Action::EditContact).await {
        Ok(contact) => {
            let how = (InteractionKind::InformationalInterview, at);
            // What the talk is for stays with it.
            interaction::log(tx, contact, how, None, None).await.map(drop)
        }
        Err(error) if matches!(error.code(), Code::NotFound | Code::Forbidden | Code::InsufficientScope) => {
            tx.warn(
                "INTERACTION_NOT_LOGGED",
                "The contact is gone, or not yours to change: log the interaction there.",
            );
            Ok(())
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn follow_up(who: Caller, target: On, followed: FollowedUpTalk) -> Result<Done> {
    let step = Step::begin(&who, &target, Command::FollowUp).await?;
    let now = step.tx.now;
    let at = followed.followed_up_at.map(|at| clock::past(now, at, "/followedUpAt")).transpose()?.unwrap_or(now);
    let at = step.was.held_at.map_or(Ok(at), |held| after_it(at, held, "/followedUpAt"))?;
    step.done(|row| row.followed_up_at = Set(Some(at))).await
}

pub(super) async fn decline(who: Caller, target: On, _: Nothing) -> Result<Done> {
    Step::begin(&who, &target, Command::Decline).await?.done(|_| ()).await
}

pub(super) async fn mark_no_response(who: Caller, target: On, _: Nothing) -> Result<Done> {
    Step::begin(&who, &target, Command::MarkNoResponse).await?.done(|_| ()).await
}

pub(super) async fn cancel(who: Caller, target: On, _: Nothing) -> Result<Done> {
    Step::begin(&who, &target, Command::Cancel).await?.done(|_| ()).await
}

pub(super) async fn reopen(who: Caller, target: On, _: Nothing) -> Result<Done> {
    let step = Step::begin(&who, &target, Command::Reopen).await?;
    let now = step.tx.now;
    step.done(|row| row.requested_at = Set(Some(now))).await
}

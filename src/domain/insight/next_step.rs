//! Next steps: small things to do, the one that matters most first (§27).
//!
//! The facts are those of insights; each of the [`rules`] finds at most one kind of small thing to do among them, pure, and says
//! what, why, how long it takes and by which command. What somebody put off is left out for them alone.

pub mod dismissal;
mod rules;

use entity::{
    id::UserId,
    insight::step_dismissal::StepCode,
    kind::{Declared as _, Kind, id, int, list, prose, word},
    object,
};
use serde::Serialize;

use self::rules::{Step, StepRule};
use super::{COMMAND, REF, SUBJECT, SUBJECT_KIND, facts, facts::Facts, hand::Hand, suggest, suggest::SuggestedCommand};
use crate::domain::{answer::Answer, error::Result, look::Look, policy::Action};

/// How many are told when nobody says, and how many at most.
const USUAL: i64 = 5;
const MOST: i64 = 20;
const STEP: Kind = Kind::Object(NextStep::object);

object! {
    /// Whose next steps, and how many.
    NextStepsQuestion {
        /// Who; without it, the caller.
        optional user_id: UserId = id::<UserId>(),
        /// How many at most; without it, 5.
        optional limit: i64 = int(1, MOST),
    }
}

object! {
    /// A small thing to do.
    #[derive(Serialize)]
    NextStep {
        /// What it is about, for programs.
        required code: StepCode = word::<StepCode>(),
        /// What to do, in a sentence.
        required action: String = prose(500),
        /// Why, in a sentence.
        required why: String = prose(2000),
        /// The section of the playbook that it comes from.
        required playbook_ref: String = REF,
        /// How long it takes, in minutes.
        required effort_minutes: i64 = int(1, 60),
        /// The kind of thing that it is about, as events name it; null when it is about nothing yet.
        optional subject_kind: String = SUBJECT_KIND,
        /// The thing that it is about.
        optional subject_id: String = SUBJECT,
        /// The command that does it, filled in as far as that can be done; null when the caller may not carry it out.
        optional command: SuggestedCommand = COMMAND,
    }
}

/// `nextSteps`.
#[must_use]
pub(super) fn of_person() -> Answer {
    Answer::new(
        "nextSteps",
        Action::ViewNextStep,
        "Small things to do, the one that matters most first: each with why, how long it takes, and the command for it. Whoever begins gets one of ten minutes.",
        list(&STEP, 20),
        next_steps,
    )
}

async fn next_steps(look: Look, asked: NextStepsQuestion) -> Result<Vec<NextStep>> {
    let person = look.person(asked.user_id, Action::ViewNextStep).await?;
    let hand = Hand::of(&look, &person).await?;
    let facts = facts::for_steps(&look, &person, &hand).await?;
    let away = dismissal::of_caller(&look).await?;
    let is_away = |code: StepCode, step: &Step| {
        away.iter().any(|row| {
            let subject = step.subject.as_ref().map(|(_, id)| id);
            row.code == code && (row.subject_id.is_none() || row.subject_id.as_ref() == subject)
        })
    };
    let limit = usize::try_from(asked.limit.unwrap_or(USUAL)).unwrap_or_default();
    let told = steps(&facts, is_away).into_iter().take(limit);
    Ok(told.map(|(rule, step)| shown(rule, step, &hand)).collect())
}

/// The steps that somebody may take next, one of a kind, the one that matters most first; always in the same order. Of
/// a kind of which one is put off, the next one is told. Whoever has begun with nothing gets one, and no other.
fn steps(facts: &Facts, is_away: impl Fn(StepCode, &Step) -> bool) -> Vec<(&'static StepRule, Step)> {
    let newcomer = rules::is_newcomer(facts);
    let mut all: Vec<(&StepRule, Step)> = rules::all()
        .filter(|rule| !newcomer || rule.code == StepCode::NameThreeRoles)
        .filter_map(|rule| {
            let step = (rule.find)(facts).into_iter().find(|step| !is_away(rule.code, step))?;
            Some((rule, step))
        })
        .collect();
    // Rules of one urgency stand in the order of their tables: the sort keeps it.
    all.sort_by_key(|(rule, _)| rule.urgency);
    all
}

fn shown(rule: &StepRule, step: Step, hand: &Hand) -> NextStep {
    let (subject_kind, subject_id) = step.subject.map_or((None, None), |(kind, id)| (Some(kind.to_owned()), Some(id)));
    NextStep {
        code: rule.code,
        action: step.action,
        why: step.why,
        playbook_ref: rule.playbook_ref.to_owned(),
        effort_minutes: rule.effort_minutes,
        subject_kind,
        subject_id,
        command: suggest::resolve(step.command, hand),
    }
}

/// Whatever steps are told with.
#[cfg(test)]
pub(super) fn told_by_all() -> Vec<String> {
    let found = tests::all_kinds()
        .into_iter()
        .flat_map(|facts| rules::all().flat_map(move |rule| (rule.find)(&facts)).collect::<Vec<_>>());
    found.flat_map(|step| [step.action, step.why]).collect()
}

#[cfg(test)]
mod tests;

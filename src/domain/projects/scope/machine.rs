//! The machine of a project and its five steps (§9): a table for where the project stands, and what each command does to the
//! steps. It knows no database; what is in the steps, the gates look at.

use std::collections::BTreeSet;

use entity::{
    projects::{
        project::ProjectStatus::{self, Cancelled, ClosedNoAiSolution, Completed, InProgress, Paused, Scoped, Scoping},
        scope::Step,
        scope_step::StepState::{self, Complete, Locked, Open, Stale},
    },
    vocabulary::Vocabulary as _,
};
use serde_json::json;

use crate::domain::{
    error::{Code, Error, Result},
    state::{self, Move},
};

/// What moves a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A step has all that it needs.
    CompleteStep,
    /// What is in a step is still true.
    ReconfirmStep,
    /// Something was learnt: it goes on from an earlier step.
    ReturnToStep,
    /// AI does not solve the problem: a good end.
    Close,
    /// Work begins.
    Start,
    /// It rests.
    Pause,
    /// It goes on.
    Resume,
    /// It has been carried out.
    Complete,
    /// It is given up.
    Cancel,
}

/// Where a project may be moved, by what: the command, from where, to where. Completing the last step leads on to
/// `SCOPED`.
pub const TABLE: &[Move<Command, ProjectStatus>] = &[
    (Command::CompleteStep, "completeStep", &[Scoping], Scoping),
    (Command::ReconfirmStep, "reconfirmStep", &[Scoping], Scoping),
    (Command::ReturnToStep, "returnToStep", &[Scoping, Scoped, InProgress, Paused], Scoping),
    (Command::Close, "close", &[Scoping, Scoped, InProgress, Paused], ClosedNoAiSolution),
    (Command::Start, "start", &[Scoped], InProgress),
    (Command::Pause, "pause", &[InProgress], Paused),
    (Command::Resume, "resume", &[Paused], InProgress),
    (Command::Complete, "complete", &[InProgress, Paused], Completed),
    (Command::Cancel, "cancel", &[Scoping, Scoped, InProgress, Paused], Cancelled),
];

/// Where a project and its steps stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct At {
    /// The project.
    pub status: ProjectStatus,
    /// Its steps, in their order.
    pub steps: [StepState; 5],
}

impl At {
    /// Where every project begins.
    pub const BEGIN: Self = Self { status: Scoping, steps: [Open, Locked, Locked, Locked, Locked] };

    /// The step that is being worked on: the first that is not complete.
    #[must_use]
    pub fn current(&self) -> Option<Step> {
        Step::ALL.iter().copied().find(|step| self.steps[step.ordinal()] != Complete)
    }

    /// The steps that wait to be confirmed.
    #[must_use]
    pub fn stale(&self) -> Vec<Step> {
        Step::ALL.iter().copied().filter(|step| self.steps[step.ordinal()] == Stale).collect()
    }

    /// Where all stands after a command; `step` is the one that it names, if it names one.
    ///
    /// # Errors
    /// `INVALID_TRANSITION`, `STEP_NOT_EARLIER`, `SCOPE_STALE`.
    pub fn after(&self, command: Command, step: Option<Step>) -> Result<Self> {
        let stale = self.stale();
        if command == Command::Start && self.status == Scoping && !stale.is_empty() {
            let error = Error::new(Code::ScopeStale, "Steps of the scope wait to be confirmed.");
            return Err(error.with(json!({ "stale": stale, "currentStep": self.current() })));
        }
        let status = state::after("a project", TABLE, self.status, command)?;
        let steps = match (command, step) {
            (Command::CompleteStep, Some(step)) => self.completed(command, step, &[Open, Stale])?,
            (Command::ReconfirmStep, Some(step)) => self.completed(command, step, &[Stale])?,
            (Command::ReturnToStep, Some(step)) => self.returned(step)?,
            _ => self.steps,
        };
        let after = Self { status, steps };
        Ok(if status == Scoping && after.current().is_none() { Self { status: Scoped, ..after } } else { after })
    }

    /// Whether commands lead there from the beginning: what comes from elsewhere stands so, or nowhere.
    #[must_use]
    pub fn can_be(&self) -> bool {
        reachable().contains(self)
    }

    /// The steps after one was completed that stands as one of `from`: the next opens, unless it waits to be confirmed.
    fn completed(self, command: Command, step: Step, from: &[StepState]) -> Result<[StepState; 5]> {
        let (place, mut steps) = (step.ordinal(), self.steps);
        if self.current() != Some(step) || !from.contains(&steps[place]) {
            return Err(self.misfit(command, step));
        }
        steps[place] = Complete;
        if let Some(next) = steps.get_mut(place + 1).filter(|next| **next == Locked) {
            *next = Open;
        }
        Ok(steps)
    }

    /// The steps after a return: that one is open, and all after it wait to be confirmed.
    fn returned(self, step: Step) -> Result<[StepState; 5]> {
        let (place, mut steps) = (step.ordinal(), self.steps);
        if self.current().is_some_and(|current| place >= current.ordinal()) {
            let error = Error::field(Code::StepNotEarlier, "/step", "The scope goes back to an earlier step only.");
            return Err(error.with(json!({ "from": self.current(), "to": step })));
        }
        steps[place] = Open;
        steps[place + 1..].fill(Stale);
        Ok(steps)
    }

    /// A command that does not fit the step, with those that fit the one that is worked on.
    fn misfit(self, command: Command, step: Step) -> Error {
        let name = TABLE.iter().find(|(known, ..)| *known == command).map_or("", |(_, name, ..)| name);
        let (from, current) = (self.steps[step.ordinal()], self.current());
        let mut allowed = vec!["completeStep"];
        if current.is_some_and(|current| self.steps[current.ordinal()] == Stale) {
            allowed.push("reconfirmStep");
        }
        let detail = format!("{name} does not fit {}, which is {}.", step.word(), from.word());
        Error::new(Code::InvalidTransition, detail)
            .with(json!({ "from": from, "command": name, "step": step, "currentStep": current, "allowed": allowed }))
    }
}

/// Every command with every step that it may name.
fn commands() -> Vec<(Command, Option<Step>)> {
    let named = |(command, ..): &Move<Command, ProjectStatus>| match command {
        Command::CompleteStep | Command::ReconfirmStep | Command::ReturnToStep => {
            Step::ALL.iter().map(|step| (*command, Some(*step))).collect()
        }
        _ => vec![(*command, None)],
    };
    TABLE.iter().flat_map(named).collect()
}

/// Everything that can be reached from the beginning.
fn reachable() -> BTreeSet<At> {
    let (mut all, mut fresh) = (BTreeSet::from([At::BEGIN]), vec![At::BEGIN]);
    while let Some(at) = fresh.pop() {
        let next = commands().into_iter().filter_map(|(command, step)| at.after(command, step).ok());
        fresh.extend(next.filter(|next| all.insert(*next)).collect::<Vec<_>>());
    }
    all
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn told(at: At) -> String {
        let steps: Vec<_> = at.steps.iter().map(|state| &state.word()[..2]).collect();
        format!("{} {}", at.status.word(), steps.join(" "))
    }

    #[test]
    fn every_command_in_every_state() {
        let mut table = String::new();
        for at in reachable() {
            let _ = writeln!(table, "{}", told(at));
            for (command, step) in commands() {
                let answer = match at.after(command, step) {
                    Ok(after) => told(after),
                    Err(error) => error.code().as_str().to_owned(),
                };
                let (command, step) = (format!("{command:?}"), step.map_or("", |step| step.word()));
                let _ = writeln!(table, "  {command:<14} {step:<20} {answer}");
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn steps_stand_in_order() {
        for at in reachable() {
            let open = at.steps.iter().filter(|state| **state == Open).count();
            assert!(open <= 1, "{at:?}");
            let first = at.steps.iter().position(|state| *state != Complete).unwrap_or(5);
            assert!(
                at.steps[first..].iter().all(|state| *state != Complete),
                "nothing is complete after what is not: {at:?}"
            );
            assert!(
                at.status == Scoping || first == 5 || matches!(at.status, Cancelled | ClosedNoAiSolution),
                "{at:?}"
            );
            assert!(!(at.status == Scoping && first == 5), "{at:?}");
        }
    }

    #[test]
    fn refusals_say_what_would_fit() {
        let refused = At::BEGIN.after(Command::CompleteStep, Some(Step::Assessment)).unwrap_err();
        let details = json!({
            "from": "LOCKED", "command": "completeStep", "step": "ASSESSMENT", "currentStep": "BUSINESS_PROBLEM",
            "allowed": ["completeStep"],
        });
        assert_eq!(refused.details(), Some(&details));
        let back = At::BEGIN.after(Command::ReturnToStep, Some(Step::BusinessProblem)).unwrap_err();
        assert_eq!(back.code(), Code::StepNotEarlier);
    }
}

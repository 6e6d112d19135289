//! A small model of the machine, told in another way than the machine is: how many steps are complete, and what is known of the
//! others; what is in the steps is whether each has what its gate asks for.

use cairn::domain::projects::scope::machine::{At, Command};
use entity::{
    projects::{project::ProjectStatus, scope_step::StepState},
    vocabulary::Vocabulary as _,
};

use crate::plans::dice::Dice;

/// A verdict on whether the only candidate can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Feasible,
    Uncertain,
    Infeasible,
}

impl Verdict {
    pub const ALL: [Self; 3] = [Self::Feasible, Self::Uncertain, Self::Infeasible];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Feasible => "FEASIBLE",
            Self::Uncertain => "UNCERTAIN",
            Self::Infeasible => "INFEASIBLE",
        }
    }
}

/// What somebody tells a project, with the step that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    CompleteStep(usize),
    ReconfirmStep(usize),
    Return(usize),
    Close,
    Start,
    Pause,
    Resume,
    Complete,
    Cancel,
    /// The problem is stated, or not any more.
    Problem(bool),
    /// One idea is enough, or not any more.
    Single(bool),
    Verdict(Verdict),
    /// There is a business metric, or not any more.
    Business(bool),
    /// Integrations are not needed, or needed after all.
    Spare(bool),
    /// A trial is asked for, shows something, or is not needed any more.
    Ask,
    Report(Verdict),
    Withdraw,
}

/// The command of the machine, and the step that it names; nothing for what changes what is in a step.
pub fn moves(told: Told) -> Option<(Command, Option<usize>)> {
    Some(match told {
        Told::CompleteStep(step) => (Command::CompleteStep, Some(step)),
        Told::ReconfirmStep(step) => (Command::ReconfirmStep, Some(step)),
        Told::Return(step) => (Command::ReturnToStep, Some(step)),
        Told::Close => (Command::Close, None),
        Told::Start => (Command::Start, None),
        Told::Pause => (Command::Pause, None),
        Told::Resume => (Command::Resume, None),
        Told::Complete => (Command::Complete, None),
        Told::Cancel => (Command::Cancel, None),
        _ => return None,
    })
}

/// Where the trial stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    None,
    Requested,
    Ended,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that a gate asks about")]
pub struct Model {
    pub status: &'static str,
    /// How many steps are complete.
    pub done: usize,
    /// Whether the step that is worked on is to be confirmed.
    pub confirm: bool,
    /// Whether the steps after it are.
    pub shaken: bool,
    pub revision: i64,
    problem: bool,
    single: bool,
    verdict: Verdict,
    business: bool,
    spare: bool,
    trial: Trial,
}

impl Model {
    /// A new project, with everything in it that the gates ask for.
    pub const BEGIN: Self = Self {
        status: "SCOPING",
        done: 0,
        confirm: false,
        shaken: false,
        revision: 1,
        problem: true,
        single: true,
        verdict: Verdict::Feasible,
        business: true,
        spare: true,
        trial: Trial::None,
    };

    /// The same whose five steps are complete.
    pub const SCOPED: Self = Self { status: "SCOPED", done: 5, ..Self::BEGIN };

    /// Where that is in the machine's own words.
    pub fn at(&self) -> At {
        let state = |letter: &str| StepState::ALL.iter().copied().find(|state| state.word().starts_with(letter));
        let steps: Vec<_> = self.states().split(' ').filter_map(state).collect();
        At { status: ProjectStatus::of(self.status).unwrap(), steps: steps.try_into().unwrap() }
    }

    /// The states of the steps by their first letters.
    pub fn states(&self) -> String {
        let state = |place: usize| match place {
            _ if place < self.done => "C",
            _ if place == self.done && self.confirm => "S",
            _ if place == self.done => "O",
            _ if self.shaken => "S",
            _ => "L",
        };
        (0..5).map(state).collect::<Vec<_>>().join(" ")
    }

    fn lives(&self) -> bool {
        matches!(self.status, "SCOPING" | "SCOPED" | "IN_PROGRESS" | "PAUSED")
    }

    /// What a step that is to be completed or confirmed lacks, or the five of a project that is to start: the code of the refusal.
    pub fn lacks(&self, told: Told) -> Option<&'static str> {
        match told {
            Told::CompleteStep(step) | Told::ReconfirmStep(step) => self.step_lacks(step),
            // What was there when the steps were completed may be gone when it starts.
            Told::Start => (0..5).find_map(|step| self.step_lacks(step)),
            _ => None,
        }
    }

    fn step_lacks(&self, step: usize) -> Option<&'static str> {
        match step {
            0 if !self.problem => Some("SCOPE_GATE_FAILED"),
            1 if !self.single => Some("SCOPE_GATE_FAILED"),
            2 if self.verdict == Verdict::Infeasible => Some("NO_VIABLE_SOLUTION"),
            2 if self.verdict == Verdict::Uncertain => Some("SCOPE_GATE_FAILED"),
            3 if !self.business => Some("METRIC_PAIR_REQUIRED"),
            4 if !self.spare => Some("BUDGET_CATEGORY_UNADDRESSED"),
            _ => None,
        }
    }

    /// What comes of it: `fine`, or the code of the refusal.
    pub fn tell(&mut self, told: Told) -> &'static str {
        let refused = match moves(told) {
            Some(_) => self.refuses_move(told).or_else(|| self.lacks(told)),
            None => self.refuses_change(told),
        };
        if let Some(code) = refused {
            return code;
        }
        self.follow(told);
        "fine"
    }

    fn refuses_move(&self, told: Told) -> Option<&'static str> {
        let scoping = self.status == "SCOPING";
        let waits = scoping && (self.confirm || (self.shaken && self.done < 4));
        let fits = match told {
            Told::CompleteStep(step) => scoping && step == self.done,
            Told::ReconfirmStep(step) => scoping && step == self.done && self.confirm,
            Told::Return(step) if self.lives() && step >= self.done => return Some("STEP_NOT_EARLIER"),
            Told::Return(_) | Told::Close | Told::Cancel => self.lives(),
            Told::Start if waits => return Some("SCOPE_STALE"),
            Told::Start => self.status == "SCOPED",
            Told::Resume => self.status == "PAUSED",
            Told::Complete => matches!(self.status, "IN_PROGRESS" | "PAUSED"),
            _ => self.status == "IN_PROGRESS",
        };
        (!fits).then_some("INVALID_TRANSITION")
    }

    /// What is in a project may be changed until it ends.
    fn refuses_change(&self, told: Told) -> Option<&'static str> {
        // What is deleted is not there to be deleted, nor what is there to be restored.
        if matches!(told, Told::Business(wanted) if wanted == self.business) {
            return Some("NOT_FOUND");
        }
        if !self.lives() {
            return Some("PROJECT_CLOSED");
        }
        let over = matches!(told, Told::Report(_) | Told::Withdraw) && self.trial == Trial::Ended;
        over.then_some("INVALID_TRANSITION")
    }

    fn follow(&mut self, told: Told) {
        match told {
            Told::CompleteStep(_) | Told::ReconfirmStep(_) => {
                self.done += 1;
                self.confirm = self.shaken && self.done < 5;
                if self.done == 5 {
                    self.status = "SCOPED";
                }
            }
            Told::Return(step) => {
                (self.status, self.done, self.confirm, self.shaken) = ("SCOPING", step, false, true);
                self.revision += 1;
            }
            Told::Close => self.status = "CLOSED_NO_AI_SOLUTION",
            Told::Cancel => self.status = "CANCELLED",
            Told::Start | Told::Resume => self.status = "IN_PROGRESS",
            Told::Pause => self.status = "PAUSED",
            Told::Complete => self.status = "COMPLETED",
            Told::Problem(there) => self.problem = there,
            Told::Single(there) => self.single = there,
            Told::Business(there) => self.business = there,
            Told::Spare(there) => self.spare = there,
            Told::Verdict(verdict) => self.verdict = verdict,
            Told::Ask => self.trial = Trial::Requested,
            // What a trial shows is the verdict.
            Told::Report(verdict) if self.trial == Trial::Requested => {
                (self.verdict, self.trial) = (verdict, Trial::Ended);
            }
            Told::Withdraw if self.trial == Trial::Requested => self.trial = Trial::Ended,
            Told::Report(_) | Told::Withdraw => {}
        }
    }
}

/// Something by chance: mostly what leads on, so that all is reached.
pub fn chance(dice: &mut Dice, model: &Model) -> Told {
    if dice.once_in(2) {
        return onward(model);
    }
    let (step, yes, verdict) = (dice.below(5), dice.once_in(2), *dice.pick(&Verdict::ALL));
    let end = [Told::Close, Told::Cancel, Told::Complete];
    let content =
        [Told::Problem(yes), Told::Single(yes), Told::Business(yes), Told::Spare(yes), Told::Verdict(verdict)];
    let trial =
        if model.trial == Trial::None { [Told::Ask; 3] } else { [Told::Ask, Told::Report(verdict), Told::Withdraw] };
    let move_on = [
        Told::CompleteStep(step),
        Told::ReconfirmStep(step),
        Told::ReconfirmStep(model.done.min(4)),
        Told::Return(step),
        Told::Return(dice.below(model.done.max(1))),
        Told::Start,
        Told::Pause,
        Told::Resume,
    ];
    match dice.below(16) {
        0 => *dice.pick(&end),
        1..=4 => *dice.pick(&content),
        5..=6 => *dice.pick(&trial),
        _ => *dice.pick(&move_on),
    }
}

/// What leads on: what is lacking, or the next move.
fn onward(model: &Model) -> Told {
    let step = Told::CompleteStep(model.done.min(4));
    match (model.status, model.lacks(step)) {
        ("SCOPED", _) => Told::Start,
        ("IN_PROGRESS", _) => Told::Pause,
        ("PAUSED", _) => Told::Resume,
        (_, None) => step,
        (_, Some(_)) => match model.done {
            0 => Told::Problem(true),
            1 => Told::Single(true),
            2 => Told::Verdict(Verdict::Feasible),
            3 => Told::Business(true),
            _ => Told::Spare(true),
        },
    }
}

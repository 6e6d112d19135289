//! The machine of projects and their steps against a small model of it, in random sequences of commands: the table itself
//! in thousands, and both faces on both databases in as many as there is time for. `CAIRN_MACHINE` asks for another seed,
//! `CAIRN_MACHINE_RUNS` for more.

use cairn::domain::projects::scope::machine::{At, Command};
use entity::{projects::scope::Step, vocabulary::Vocabulary as _};
use serde_json::json;

use super::{STEPS, begun, fill, states};
use crate::{
    harness::{Actor, Api, stories_in_both_faces},
    plans::dice::{self, Dice},
};

stories_in_both_faces!(the_faces_move_as_the_model_does);

/// A command, and the step that it names if it names one.
type Told = (Command, usize);

/// Where a project stands, told in another way than the machine does: how many steps are complete, and what is known of the
/// others.
#[derive(Clone, Debug, PartialEq)]
struct Model {
    status: &'static str,
    /// How many steps are complete.
    done: usize,
    /// Whether the step that is worked on is to be confirmed.
    confirm: bool,
    /// Whether the steps after it are.
    shaken: bool,
    revision: i64,
}

impl Model {
    const BEGIN: Self = Self { status: "SCOPING", done: 0, confirm: false, shaken: false, revision: 1 };

    fn states(&self) -> String {
        let state = |place: usize| match place {
            _ if place < self.done => "C",
            _ if place == self.done => {
                if self.confirm {
                    "S"
                } else {
                    "O"
                }
            }
            _ => {
                if self.shaken {
                    "S"
                } else {
                    "L"
                }
            }
        };
        (0..5).map(state).collect::<Vec<_>>().join(" ")
    }

    /// What comes of a command: `fine`, or the code of the refusal.
    fn tell(&mut self, (command, step): Told) -> &'static str {
        let lives = matches!(self.status, "SCOPING" | "SCOPED" | "IN_PROGRESS" | "PAUSED");
        let waits = self.status == "SCOPING" && (self.confirm || (self.shaken && self.done < 4));
        let refused = match command {
            Command::CompleteStep if self.status != "SCOPING" || step != self.done => "INVALID_TRANSITION",
            Command::ReconfirmStep if self.status != "SCOPING" || step != self.done || !self.confirm => {
                "INVALID_TRANSITION"
            }
            Command::ReturnToStep | Command::Close | Command::Cancel if !lives => "INVALID_TRANSITION",
            Command::ReturnToStep if step >= self.done => "STEP_NOT_EARLIER",
            Command::Start if waits => "SCOPE_STALE",
            Command::Start if self.status != "SCOPED" => "INVALID_TRANSITION",
            Command::Pause | Command::Complete if self.status != "IN_PROGRESS" => "INVALID_TRANSITION",
            Command::Resume if self.status != "PAUSED" => "INVALID_TRANSITION",
            _ => "fine",
        };
        if refused == "fine" {
            self.moved(command, step);
        }
        refused
    }

    fn moved(&mut self, command: Command, step: usize) {
        match command {
            Command::CompleteStep | Command::ReconfirmStep => {
                self.done += 1;
                self.confirm = self.shaken && self.done < 5;
                if self.done == 5 {
                    self.status = "SCOPED";
                }
            }
            Command::ReturnToStep => {
                *self =
                    Self { status: "SCOPING", done: step, confirm: false, shaken: true, revision: self.revision + 1 };
            }
            Command::Close => self.status = "CLOSED_NO_AI_SOLUTION",
            Command::Cancel => self.status = "CANCELLED",
            Command::Start | Command::Resume => self.status = "IN_PROGRESS",
            Command::Pause => self.status = "PAUSED",
            Command::Complete => self.status = "COMPLETED",
        }
    }
}

/// A command by chance: mostly one that leads on, so that all is reached.
fn chance(dice: &mut Dice, model: &Model) -> Told {
    if dice.once_in(2) {
        let onward = if model.status == "SCOPED" { Command::Start } else { Command::CompleteStep };
        return (onward, model.done.min(4));
    }
    let rarely = [Command::Close, Command::Cancel, Command::Complete];
    let all = [
        Command::CompleteStep,
        Command::ReconfirmStep,
        Command::ReturnToStep,
        Command::Start,
        Command::Pause,
        Command::Resume,
    ];
    let command = if dice.once_in(12) { *dice.pick(&rarely) } else { *dice.pick(&all) };
    (command, dice.below(5))
}

#[test]
fn the_table_moves_as_the_model_does() {
    let mut dice = Dice::new(dice::seed("CAIRN_MACHINE", 9));
    let mut fine = 0;
    for sequence in 0..20_000 {
        let (mut at, mut model) = (At::BEGIN, Model::BEGIN);
        for _ in 0..30 {
            let told = chance(&mut dice, &model);
            let named = matches!(told.0, Command::CompleteStep | Command::ReconfirmStep | Command::ReturnToStep);
            let said = match at.after(told.0, named.then(|| Step::ALL[told.1])) {
                Ok(after) => {
                    at = after;
                    fine += 1;
                    "fine"
                }
                Err(error) => error.code().as_str(),
            };
            assert_eq!(said, model.tell(told), "sequence {sequence}: {told:?} at {at:?}");
            let states: Vec<_> = at.steps.iter().map(|state| &state.word()[..1]).collect();
            assert_eq!((at.status.word(), states.join(" ")), (model.status, model.states()), "sequence {sequence}");
        }
    }
    assert!(fine > 100_000, "only {fine} commands were carried out");
}

/// Carries a command out through a face: `fine` or the code.
async fn carried_out(who: &Actor, (project, scope): &(String, String), (command, step): Told) -> String {
    let step = json!({ "step": STEPS[step] });
    let back = json!({ "step": step["step"], "reason": "OTHER", "learning": "Something." });
    let outcome = match command {
        Command::CompleteStep => who.act("Scope", "completeStep", Some(scope), step).await,
        Command::ReconfirmStep => who.act("Scope", "reconfirmStep", Some(scope), step).await,
        Command::ReturnToStep => who.act("Scope", "returnToStep", Some(scope), back).await,
        Command::Close => who.act("Scope", "close", Some(scope), json!({ "outcome": "NO_AI_SOLUTION" })).await,
        Command::Start => who.tell("Project", "start", project).await,
        Command::Pause => who.tell("Project", "pause", project).await,
        Command::Resume => who.tell("Project", "resume", project).await,
        Command::Complete => who.tell("Project", "complete", project).await,
        Command::Cancel => who.tell("Project", "cancel", project).await,
    };
    outcome.code()
}

async fn the_faces_move_as_the_model_does(api: Api) {
    let runs = std::env::var("CAIRN_MACHINE_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(12_usize);
    let seed = dice::seed("CAIRN_MACHINE", 9);
    let ada = api.organization("Acme").await.learner("ada").await;
    let mut dice = Dice::new(seed);
    for sequence in 0..runs {
        let one = begun(&ada, &format!("Sequence {sequence}")).await;
        fill(&ada, &one.0, &one.1).await;
        let mut model = Model::BEGIN;
        for place in 0..20 {
            let told = chance(&mut dice, &model);
            let said = carried_out(&ada, &one, told).await;
            assert_eq!(
                said,
                model.tell(told),
                "seed {seed}, sequence {sequence}, place {place}: {told:?} at {model:?}"
            );
        }
        let (project, scope) = (ada.see("Project", &one.0).await.done(), ada.see("Scope", &one.1).await.done());
        let current = STEPS.get(model.done).map_or(json!(null), |step| json!(step));
        assert_eq!((&project["status"], &project["currentStep"]), (&json!(model.status), &current), "{model:?}");
        assert_eq!(
            [&scope["currentStep"], &scope["revision"], &scope["timesReturned"], &scope["scopeReadiness"]],
            [&current, &json!(model.revision), &json!(model.revision - 1), &json!(model.done * 20)],
            "{model:?}"
        );
        assert_eq!(states(&ada, &one.1).await, model.states(), "{model:?}");
    }
}

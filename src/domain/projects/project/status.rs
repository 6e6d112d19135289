//! The commands that move a project: starting, resting, going on, ending (§9).

use entity::{
    id::ProjectId,
    kind::prose,
    object,
    projects::{project::Entity, scope::Step},
    vocabulary::Vocabulary as _,
};
use serde_json::json;

use super::super::scope::{
    gate::pass,
    machine::Command,
    stand::{Saying, Stand},
    unmet,
};
use crate::domain::{
    caller::Caller,
    error::Result,
    policy::Action,
    verb::{Done, Nothing, Target},
};

object! {
    /// Why it ends.
    Ending {
        /// How it went, or why it is given up.
        optional note: String = prose(5000),
    }
}

async fn go(
    who: Caller,
    target: Target<ProjectId>,
    command: Command,
    what: &'static str,
    note: Option<String>,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let project = tx.find_at::<Entity>(&target, Action::MoveProject).await?;
    let stand = Stand::of(&tx, project).await?;
    let after = stand.at.after(command, None)?;
    if command == Command::Start {
        // What the steps were completed with may have been taken away since.
        for step in Step::ALL {
            pass(*step, &unmet::of_step(&tx, &stand.scope, *step).await?)?;
        }
    }
    let said = Saying { project: what, scope: None, data: json!({}), note, again: false };
    let (project, _) = stand.go(&mut tx, after, said).await?;
    tx.done(&project).await
}

pub(super) async fn start(who: Caller, target: Target<ProjectId>, _: Nothing) -> Result<Done> {
    go(who, target, Command::Start, "started", None).await
}

pub(super) async fn pause(who: Caller, target: Target<ProjectId>, _: Nothing) -> Result<Done> {
    go(who, target, Command::Pause, "paused", None).await
}

pub(super) async fn resume(who: Caller, target: Target<ProjectId>, _: Nothing) -> Result<Done> {
    go(who, target, Command::Resume, "resumed", None).await
}

pub(super) async fn complete(who: Caller, target: Target<ProjectId>, ending: Ending) -> Result<Done> {
    go(who, target, Command::Complete, "completed", ending.note).await
}

pub(super) async fn cancel(who: Caller, target: Target<ProjectId>, ending: Ending) -> Result<Done> {
    go(who, target, Command::Cancel, "cancelled", ending.note).await
}

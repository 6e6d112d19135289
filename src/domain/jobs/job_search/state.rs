//! A search goes on, rests, and ends; none of it is for ever (§21).

use entity::{
    id::JobSearchId,
    jobs::job_search::{
        Entity,
        JobSearchState::{self, Active, Closed, Paused},
        Model,
    },
};

use super::record;
use crate::domain::{
    caller::Caller,
    error::Result,
    policy::Action,
    state::{Move, after},
    tx::Tx,
    verb::{Done, Nothing, Target},
};

/// What moves a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Pause,
    Resume,
    Close,
    Reopen,
}

const MACHINE: &[Move<Command, JobSearchState>] = &[
    (Command::Pause, "pause", &[Active], Paused),
    (Command::Resume, "resume", &[Paused], Active),
    (Command::Close, "close", &[Active, Paused], Closed),
    (Command::Reopen, "reopen", &[Closed], Active),
];

/// What the feed says of a command.
const fn said(command: Command) -> &'static str {
    match command {
        Command::Pause => "paused",
        Command::Resume => "resumed",
        Command::Close => "closed",
        Command::Reopen => "reopened",
    }
}

pub(super) async fn pause(who: Caller, target: Target<JobSearchId>, _: Nothing) -> Result<Done> {
    carry_out(who, target, Command::Pause).await
}

pub(super) async fn resume(who: Caller, target: Target<JobSearchId>, _: Nothing) -> Result<Done> {
    carry_out(who, target, Command::Resume).await
}

pub(super) async fn close_it(who: Caller, target: Target<JobSearchId>, _: Nothing) -> Result<Done> {
    carry_out(who, target, Command::Close).await
}

pub(super) async fn reopen(who: Caller, target: Target<JobSearchId>, _: Nothing) -> Result<Done> {
    carry_out(who, target, Command::Reopen).await
}

async fn carry_out(who: Caller, target: Target<JobSearchId>, command: Command) -> Result<Done> {
    let mut tx = who.begin().await?;
    let search = tx.find_at::<Entity>(&target, Action::EditJobSearch).await?;
    let search = go(&mut tx, search, command).await?;
    tx.done(&search).await
}

/// Ends a search, as part of something larger: an offer was accepted. The search was found to be changed.
///
/// # Errors
/// `INVALID_TRANSITION` when it is over already.
pub async fn close(tx: &mut Tx, search: Model) -> Result<Model> {
    go(tx, search, Command::Close).await
}

async fn go(tx: &mut Tx, search: Model, command: Command) -> Result<Model> {
    let state = after("a search", MACHINE, search.state, command)?;
    let closed = (state == Closed).then_some(tx.now);
    let after = tx
        .change::<Entity>(search, |row| {
            row.state.set_if_not_equals(state);
            row.closed_at.set_if_not_equals(closed);
        })
        .await?;
    record(tx, said(command), &after.row)?;
    Ok(after.row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::state::printed;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(printed(MACHINE), @r"
        pause                ACTIVE             PAUSED
        pause                PAUSED             INVALID_TRANSITION
        pause                CLOSED             INVALID_TRANSITION
        resume               ACTIVE             INVALID_TRANSITION
        resume               PAUSED             ACTIVE
        resume               CLOSED             INVALID_TRANSITION
        close                ACTIVE             CLOSED
        close                PAUSED             CLOSED
        close                CLOSED             INVALID_TRANSITION
        reopen               ACTIVE             INVALID_TRANSITION
        reopen               PAUSED             INVALID_TRANSITION
        reopen               CLOSED             ACTIVE
        ");
    }
}

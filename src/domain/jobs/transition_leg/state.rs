//! The state machine of a leg (§17).

use entity::jobs::transition_leg::LegState::{self, Active, Done, Planned, Skipped};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// It is begun.
    Start,
    /// Its end is reached.
    Complete,
    /// Its owner goes on without it.
    Skip,
    /// It is planned again.
    Reopen,
}

/// The whole machine: the command, from where, to where.
const TABLE: &[Move<Command, LegState>] = &[
    (Command::Start, "start", &[Planned], Active),
    (Command::Complete, "complete", &[Active], Done),
    (Command::Skip, "skip", &[Planned, Active], Skipped),
    (Command::Reopen, "reopen", &[Done, Skipped], Planned),
];

impl Command {
    /// What the feed calls it.
    pub(super) const fn event(self) -> &'static str {
        match self {
            Self::Start => "started",
            Self::Complete => "completed",
            Self::Skip => "skipped",
            Self::Reopen => "reopened",
        }
    }
}

/// Where a leg stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub(super) fn after(from: LegState, command: Command) -> Result<LegState> {
    state::after("a leg", TABLE, from, command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE), @r"
        start                PLANNED            ACTIVE
        start                ACTIVE             INVALID_TRANSITION
        start                DONE               INVALID_TRANSITION
        start                SKIPPED            INVALID_TRANSITION
        complete             PLANNED            INVALID_TRANSITION
        complete             ACTIVE             DONE
        complete             DONE               INVALID_TRANSITION
        complete             SKIPPED            INVALID_TRANSITION
        skip                 PLANNED            SKIPPED
        skip                 ACTIVE             SKIPPED
        skip                 DONE               INVALID_TRANSITION
        skip                 SKIPPED            INVALID_TRANSITION
        reopen               PLANNED            INVALID_TRANSITION
        reopen               ACTIVE             INVALID_TRANSITION
        reopen               DONE               PLANNED
        reopen               SKIPPED            PLANNED
        ");
    }
}

//! The state machine of an idea (§13).

use entity::projects::project_idea::IdeaStatus::{self, Captured, Evaluated, Promoted, Shelved};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves an idea.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// It has been looked at.
    Evaluate,
    /// A project comes of it.
    Promote,
    /// It is put away.
    Shelve,
    /// It is taken up again.
    Revive,
}

/// The whole machine: the command, from where, to where.
const TABLE: &[Move<Command, IdeaStatus>] = &[
    (Command::Evaluate, "evaluate", &[Captured], Evaluated),
    (Command::Promote, "promote", &[Evaluated], Promoted),
    (Command::Shelve, "shelve", &[Evaluated], Shelved),
    (Command::Revive, "revive", &[Shelved], Captured),
];

impl Command {
    /// What the feed calls it.
    pub(super) const fn event(self) -> &'static str {
        match self {
            Self::Evaluate => "evaluated",
            Self::Promote => "promoted",
            Self::Shelve => "shelved",
            Self::Revive => "revived",
        }
    }
}

/// Where an idea stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub(super) fn after(from: IdeaStatus, command: Command) -> Result<IdeaStatus> {
    state::after("an idea", TABLE, from, command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE), @r"
        evaluate             CAPTURED           EVALUATED
        evaluate             EVALUATED          INVALID_TRANSITION
        evaluate             PROMOTED           INVALID_TRANSITION
        evaluate             SHELVED            INVALID_TRANSITION
        promote              CAPTURED           INVALID_TRANSITION
        promote              EVALUATED          PROMOTED
        promote              PROMOTED           INVALID_TRANSITION
        promote              SHELVED            INVALID_TRANSITION
        shelve               CAPTURED           INVALID_TRANSITION
        shelve               EVALUATED          SHELVED
        shelve               PROMOTED           INVALID_TRANSITION
        shelve               SHELVED            INVALID_TRANSITION
        revive               CAPTURED           INVALID_TRANSITION
        revive               EVALUATED          INVALID_TRANSITION
        revive               PROMOTED           INVALID_TRANSITION
        revive               SHELVED            CAPTURED
        ");
    }
}

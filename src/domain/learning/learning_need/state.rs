//! The state machine of a learning need, as far as people move it; plans and proofs move it too.

use entity::learning::learning_need::NeedState::{self, Dismissed, Met, Open, Planned};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// It is put away.
    Dismiss,
    /// It stands again.
    Reopen,
    /// It gets an item of a plan.
    Plan,
}

/// The whole machine: the command, from where, to where.
const TABLE: &[Move<Command, NeedState>] = &[
    (Command::Dismiss, "dismiss", &[Open, Planned], Dismissed),
    (Command::Reopen, "reopen", &[Met, Dismissed], Open),
    (Command::Plan, "plan", &[Open, Planned], Planned),
];

impl Command {
    /// What the feed calls it.
    pub(super) const fn event(self) -> &'static str {
        match self {
            Self::Dismiss => "dismissed",
            Self::Reopen => "reopened",
            Self::Plan => "planned",
        }
    }
}

/// Where a need stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub(super) fn after(from: NeedState, command: Command) -> Result<NeedState> {
    state::after("a need", TABLE, from, command)
}

/// Where a need stands after something showed it: a source that is `new` or not, to somebody `proficient` or not.
pub(super) fn raised(from: NeedState, new: bool, proficient: bool) -> NeedState {
    match from {
        Met if !proficient => Open,
        Dismissed if new => Open,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::Vocabulary as _;
    use serde_json::json;

    #[test]
    fn people_move_needs_along_the_table() {
        for (command, _, from, to) in TABLE {
            for state in NeedState::ALL {
                assert_eq!(after(*state, *command).ok(), from.contains(state).then_some(*to), "{command:?} {state}");
            }
        }
        let refused = after(Met, Command::Dismiss).unwrap_err();
        assert_eq!(refused.details(), Some(&json!({ "from": "MET", "command": "dismiss", "allowed": ["reopen"] })));
    }

    #[test]
    fn what_shows_a_need_again_opens_it_when_there_is_reason() {
        let table = [
            // From, new source, proficient, to.
            (Open, true, false, Open),
            (Open, false, false, Open),
            (Open, true, true, Open),
            (Planned, true, false, Planned),
            (Planned, false, true, Planned),
            (Met, false, false, Open),
            (Met, true, false, Open),
            (Met, true, true, Met),
            (Met, false, true, Met),
            (Dismissed, true, false, Open),
            (Dismissed, true, true, Open),
            (Dismissed, false, false, Dismissed),
            (Dismissed, false, true, Dismissed),
        ];
        for (from, new, proficient, to) in table {
            assert_eq!(raised(from, new, proficient), to, "{from} {new} {proficient}");
        }
    }
}

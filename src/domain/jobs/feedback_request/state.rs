//! The state machine of a feedback request (§25), as a table.

use entity::jobs::feedback_request::FeedbackRequestState::{self, NoResponse, Received, Refused, Requested};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain::jobs) enum Command {
    /// Something is said, be it late, or once more.
    Receive,
    /// They would rather not say.
    Refuse,
    /// Nobody answers.
    GiveUp,
    /// It is waited for an answer again: be it that what was noted as one is gone.
    Reopen,
}

/// The whole machine: the command, from where, to where.
pub(super) const TABLE: &[Move<Command, FeedbackRequestState>] = &[
    (Command::Receive, "recordFeedback", &[Requested, Received, Refused, NoResponse], Received),
    (Command::Refuse, "refuse", &[Requested, NoResponse], Refused),
    (Command::GiveUp, "giveUp", &[Requested], NoResponse),
    (Command::Reopen, "reopen", &[Received, Refused, NoResponse], Requested),
];

impl Command {
    /// What the feed calls it.
    pub(super) const fn event(self) -> &'static str {
        match self {
            Self::Receive => "received",
            Self::Refuse => "refused",
            Self::GiveUp => "given_up",
            Self::Reopen => "reopened",
        }
    }
}

/// Where a request stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub(super) fn after(from: FeedbackRequestState, command: Command) -> Result<FeedbackRequestState> {
    state::after("a request for feedback", TABLE, from, command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }
}

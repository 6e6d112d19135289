//! The state machine of the review of a standing (§8), as a table. A reviewer's rating ends it whatever it is.

use entity::learning::user_competency::StandingStatus::{self, Idle, InReview, WaitingForReview};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves the review of a standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Whose it is asks a coach to look at it.
    RequestReview,
    /// They take that back.
    CancelReviewRequest,
    /// A coach begins to look at it.
    StartReview,
    /// That coach stops without a result.
    StopReview,
}

/// The whole machine: the command, from where, to where.
pub const TABLE: &[Move<Command, StandingStatus>] = &[
    (Command::RequestReview, "requestReview", &[Idle], WaitingForReview),
    (Command::CancelReviewRequest, "cancelReviewRequest", &[WaitingForReview], Idle),
    (Command::StartReview, "startReview", &[WaitingForReview], InReview),
    (Command::StopReview, "stopReview", &[InReview], Idle),
];

/// Where the review stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub fn after(from: StandingStatus, command: Command) -> Result<StandingStatus> {
    state::after("a standing", TABLE, from, command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }
}

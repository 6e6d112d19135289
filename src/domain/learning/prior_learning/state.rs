//! The state machine of prior learning (§8), as a table. Nothing of it is final.

use entity::learning::prior_learning::PriorLearningStatus::{
    self, Accepted, Declined, Draft, InReview, WaitingForReview,
};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves prior learning.
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
    /// It is worth levels.
    Accept,
    /// It is not, as it stands.
    Decline,
    /// It is written on.
    Reopen,
}

/// The whole machine: the command, from where, to where.
pub const TABLE: &[Move<Command, PriorLearningStatus>] = &[
    (Command::RequestReview, "requestReview", &[Draft], WaitingForReview),
    (Command::CancelReviewRequest, "cancelReviewRequest", &[WaitingForReview], Draft),
    (Command::StartReview, "startReview", &[WaitingForReview], InReview),
    (Command::StopReview, "stopReview", &[InReview], Draft),
    (Command::Accept, "accept", &[InReview], Accepted),
    (Command::Decline, "decline", &[InReview], Declined),
    (Command::Reopen, "reopen", &[Accepted, Declined], Draft),
];

/// Where prior learning stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub fn after(from: PriorLearningStatus, command: Command) -> Result<PriorLearningStatus> {
    state::after("prior learning", TABLE, from, command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }
}

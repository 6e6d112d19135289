//! The state machine of a learning plan (§7), as a table.

use entity::learning::learning_plan::LearningPlanStatus::{self, Active, Complete, Draft, InReview, WaitingForReview};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Its owner asks a coach to look at it.
    RequestReview,
    /// Its owner takes that back.
    CancelReviewRequest,
    /// A coach begins to look at it.
    StartReview,
    /// That coach stops without a result.
    StopReview,
    /// That coach says what should change.
    RequestChanges,
    /// It is good: work can begin.
    Approve,
    /// It was not good after all.
    Unapprove,
    /// It has been carried out.
    Complete,
    /// It goes on.
    Reopen,
}

/// The whole machine: the command, from where, to where.
pub const TABLE: &[Move<Command, LearningPlanStatus>] = &[
    (Command::RequestReview, "requestReview", &[Draft], WaitingForReview),
    (Command::CancelReviewRequest, "cancelReviewRequest", &[WaitingForReview], Draft),
    (Command::StartReview, "startReview", &[WaitingForReview], InReview),
    (Command::StopReview, "stopReview", &[InReview], Draft),
    (Command::RequestChanges, "requestChanges", &[InReview], Draft),
    (Command::Approve, "approve", &[Draft, WaitingForReview, InReview], Active),
    (Command::Unapprove, "unapprove", &[Active], Draft),
    (Command::Complete, "complete", &[Active], Complete),
    (Command::Reopen, "reopen", &[Complete], Active),
];

/// Where a plan stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub fn after(from: LearningPlanStatus, command: Command) -> Result<LearningPlanStatus> {
    state::after("a plan", TABLE, from, command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }
}

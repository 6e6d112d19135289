//! The state machine of an informational interview (§20), as a table.

use entity::jobs::informational_interview::InformationalInterviewState::{
    self, Cancelled, Declined, FollowedUp, Held, NoResponse, Planned, Requested, Scheduled,
};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves an informational interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// The contact is asked.
    Request,
    /// They said yes, and when.
    Schedule,
    /// It is moved.
    Reschedule,
    /// It took place.
    Hold,
    /// It is said what came of it.
    Conclude,
    /// They were thanked.
    FollowUp,
    /// They said no.
    Decline,
    /// They have not answered.
    MarkNoResponse,
    /// It will not take place.
    Cancel,
    /// They are asked again, or answered after all.
    Reopen,
}

impl Command {
    /// What events call it.
    #[must_use]
    pub(super) const fn event(self) -> &'static str {
        match self {
            Self::Request => "requested",
            Self::Schedule => "scheduled",
            Self::Reschedule => "rescheduled",
            Self::Hold => "held",
            Self::Conclude => "concluded",
            Self::FollowUp => "followed_up",
            Self::Decline => "declined",
            Self::MarkNoResponse => "marked_no_response",
            Self::Cancel => "cancelled",
            Self::Reopen => "reopened",
        }
    }
}

/// The whole machine: the command, from where, to where.
pub(super) const TABLE: &[Move<Command, InformationalInterviewState>] = &[
    (Command::Request, "request", &[Planned], Requested),
    (Command::Schedule, "schedule", &[Requested], Scheduled),
    (Command::Reschedule, "reschedule", &[Scheduled], Scheduled),
    (Command::Hold, "hold", &[Scheduled], Held),
    (Command::Conclude, "conclude", &[Held], Held),
    (Command::Conclude, "conclude", &[FollowedUp], FollowedUp),
    (Command::FollowUp, "followUp", &[Held], FollowedUp),
    (Command::Decline, "decline", &[Requested, Scheduled], Declined),
    (Command::MarkNoResponse, "markNoResponse", &[Requested], NoResponse),
    (Command::Cancel, "cancel", &[Planned, Requested, Scheduled], Cancelled),
    (Command::Reopen, "reopen", &[NoResponse], Requested),
];

/// Where an interview stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub(super) fn after(from: InformationalInterviewState, command: Command) -> Result<InformationalInterviewState> {
    state::after("an informational interview", TABLE, from, command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }
}

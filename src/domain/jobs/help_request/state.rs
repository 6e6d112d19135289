//! The state machine of a help request (§26), as a table.

use chrono::{DateTime, Utc};
use entity::jobs::help_request::HelpState::{self, Answered, Declined, Expired, Open};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// They help, be it late.
    Answer,
    /// They cannot.
    Decline,
    /// Its time passes.
    Expire,
    /// It is hoped for again.
    Reopen,
    /// It is hoped for longer.
    Wait,
}

/// The whole machine: the command, from where, to where.
pub(super) const TABLE: &[Move<Command, HelpState>] = &[
    (Command::Answer, "answer", &[Open, Declined, Expired], Answered),
    (Command::Decline, "decline", &[Open, Expired], Declined),
    (Command::Expire, "expire", &[Open], Expired),
    (Command::Reopen, "reopen", &[Answered, Declined, Expired], Open),
    (Command::Wait, "update", &[Open], Open),
];

impl Command {
    /// What the feed calls it.
    pub(super) const fn event(self) -> &'static str {
        match self {
            Self::Answer => "answered",
            Self::Decline => "declined",
            Self::Expire => "expired",
            Self::Reopen => "reopened",
            Self::Wait => "updated",
        }
    }
}

/// Where a request stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub(super) fn after(from: HelpState, command: Command) -> Result<HelpState> {
    state::after("a request for help", TABLE, from, command)
}

/// Where a request stands at a moment, be it that nobody wrote it down yet.
#[must_use]
pub fn standing(state: HelpState, expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> HelpState {
    if state == Open && expires_at.is_some_and(|until| until <= now) { Expired } else { state }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }

    #[test]
    fn a_request_expires_by_the_clock() {
        let now: DateTime<Utc> = "2026-03-10T12:00:00Z".parse().unwrap();
        let later = Some(now + chrono::TimeDelta::seconds(1));
        for (state, expires_at, stands) in [
            (Open, None, Open),
            (Open, later, Open),
            (Open, Some(now), Expired),
            (Answered, Some(now), Answered),
            (Declined, Some(now), Declined),
            (Expired, later, Expired),
        ] {
            assert_eq!(standing(state, expires_at, now), stands, "{state} {expires_at:?}");
        }
    }
}

//! The state machine of a referral (§22), as a table.

use chrono::{DateTime, Utc};
use entity::jobs::referral::ReferralState::{self, Accepted, Declined, Expired, Requested, Submitted, Withdrawn};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves a referral.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// They will.
    Accept,
    /// They did.
    Submit,
    /// They would rather not.
    Decline,
    /// Its time passes.
    Expire,
    /// Whoever asked takes it back.
    Withdraw,
}

/// The whole machine: the command, from where, to where.
pub(super) const TABLE: &[Move<Command, ReferralState>] = &[
    (Command::Accept, "accept", &[Requested], Accepted),
    (Command::Submit, "submit", &[Accepted], Submitted),
    (Command::Decline, "decline", &[Requested, Accepted], Declined),
    (Command::Expire, "expire", &[Requested, Accepted], Expired),
    (Command::Withdraw, "withdraw", &[Requested, Accepted], Withdrawn),
];

impl Command {
    /// What the feed calls it.
    pub(super) const fn event(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Submit => "submitted",
            Self::Decline => "declined",
            Self::Expire => "expired",
            Self::Withdraw => "withdrawn",
        }
    }
}

/// Where a referral stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub(super) fn after(from: ReferralState, command: Command) -> Result<ReferralState> {
    state::after("a referral", TABLE, from, command)
}

/// Whether nobody needs to be asked again: it is hoped for, or was given.
#[must_use]
pub const fn is_living(state: ReferralState) -> bool {
    matches!(state, Requested | Accepted | Submitted)
}

/// Where a referral stands at a moment, be it that nobody wrote it down yet.
#[must_use]
pub fn standing(state: ReferralState, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> ReferralState {
    if is_hoped_for(state) && expires_at <= now { Expired } else { state }
}

/// Whether something may yet come of it.
#[must_use]
pub const fn is_hoped_for(state: ReferralState) -> bool {
    matches!(state, Requested | Accepted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }

    #[test]
    fn a_referral_expires_by_the_clock() {
        let now: DateTime<Utc> = "2026-03-10T12:00:00Z".parse().unwrap();
        let (before, after) = (now - chrono::TimeDelta::seconds(1), now + chrono::TimeDelta::seconds(1));
        for (state, expires_at, stands) in [
            (Requested, after, Requested),
            (Requested, now, Expired),
            (Requested, before, Expired),
            (Accepted, after, Accepted),
            (Accepted, before, Expired),
            (Submitted, before, Submitted),
            (Declined, before, Declined),
            (Withdrawn, before, Withdrawn),
            (Expired, after, Expired),
        ] {
            assert_eq!(standing(state, expires_at, now), stands, "{state} {expires_at}");
        }
    }
}

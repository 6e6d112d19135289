//! The state machine of an offer (§24), as a table.

use chrono::{DateTime, Utc};
use entity::jobs::offer::OfferState::{self, Accepted, Declined, Expired, Negotiating, Received, Rescinded};

use crate::domain::{
    error::Result,
    state::{self, Move},
};

/// What moves an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain::jobs) enum Command {
    /// It is talked about; one that has expired, too, when there is more time now.
    Negotiate,
    /// Its owner says yes.
    Accept,
    /// Its owner says no.
    Decline,
    /// Its day passes.
    Expire,
    /// Whoever made it takes it back, be it that it was accepted.
    Rescind,
}

/// The whole machine: the command, from where, to where.
pub(super) const TABLE: &[Move<Command, OfferState>] = &[
    (Command::Negotiate, "negotiate", &[Received, Negotiating, Expired], Negotiating),
    (Command::Accept, "accept", &[Received, Negotiating], Accepted),
    (Command::Decline, "decline", &[Received, Negotiating], Declined),
    (Command::Expire, "expire", &[Received, Negotiating], Expired),
    (Command::Rescind, "rescind", &[Received, Negotiating, Accepted], Rescinded),
];

impl Command {
    /// What the feed calls it.
    pub(super) const fn event(self) -> &'static str {
        match self {
            Self::Negotiate => "negotiated",
            Self::Accept => "accepted",
            Self::Decline => "declined",
            Self::Expire => "expired",
            Self::Rescind => "rescinded",
        }
    }
}

/// Where an offer stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub(super) fn after(from: OfferState, command: Command) -> Result<OfferState> {
    state::after("an offer", TABLE, from, command)
}

/// Whether an offer waits for an answer.
#[must_use]
pub const fn is_open(state: OfferState) -> bool {
    matches!(state, Received | Negotiating)
}

/// Where an offer stands at a moment: one whose day to answer has passed has expired, be it that nobody wrote it down yet.
#[must_use]
pub fn standing(state: OfferState, respond_by: Option<DateTime<Utc>>, now: DateTime<Utc>) -> OfferState {
    if is_open(state) && respond_by.is_some_and(|by| by <= now) { Expired } else { state }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }

    #[test]
    fn an_offer_expires_by_the_clock() {
        let now: DateTime<Utc> = "2026-03-10T12:00:00Z".parse().unwrap();
        let (before, after) = (Some(now - chrono::TimeDelta::seconds(1)), Some(now + chrono::TimeDelta::seconds(1)));
        for (state, respond_by, stands) in [
            (Received, None, Received),
            (Received, after, Received),
            (Received, before, Expired),
            (Negotiating, Some(now), Expired),
            (Negotiating, after, Negotiating),
            (Accepted, before, Accepted),
            (Declined, before, Declined),
            (Rescinded, before, Rescinded),
            (Expired, after, Expired),
        ] {
            assert_eq!(standing(state, respond_by, now), stands, "{state} {respond_by:?}");
        }
    }
}

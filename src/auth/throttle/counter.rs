//! One count of failures, and the wait that follows from it.

use chrono::{DateTime, TimeDelta, Utc};

/// Who has not tried for so long starts afresh.
const FORGET_AFTER: TimeDelta = TimeDelta::minutes(15);

/// Failures, and from when on the next attempt is let through.
#[derive(Clone, Copy)]
pub(super) struct Counter {
    pub(super) failures: u32,
    pub(super) seen: DateTime<Utc>,
    pub(super) open_at: DateTime<Utc>,
    /// For a network that the account-wide gate sent away: when its turn comes.
    pub(super) turn: Option<DateTime<Utc>>,
}

impl Counter {
    pub(super) fn remembered(stored: Option<&Self>, now: DateTime<Utc>) -> Self {
        let recent = stored.copied().filter(|counter| now - counter.seen < FORGET_AFTER);
        let mut counter = recent.unwrap_or(Self { failures: 0, seen: now, open_at: now, turn: None });
        let set_back = counter.seen - now;
        if set_back > TimeDelta::zero() {
            // The clock was set back; what is left to wait stays the same instead of growing by that much.
            counter.seen = now;
            counter.open_at -= set_back;
            counter.turn = counter.turn.map(|turn| turn - set_back);
        }
        counter
    }

    pub(super) fn charge(&mut self, now: DateTime<Utc>, curve: &Curve) {
        self.failures = self.failures.saturating_add(1);
        self.hold(now, curve);
    }

    pub(super) fn hold(&mut self, now: DateTime<Utc>, curve: &Curve) {
        self.seen = now;
        self.open_at = now + curve.delay(self.failures);
    }
}

/// How the wait grows with failures: nothing for the free ones, then doubling from 1 s.
pub(super) struct Curve {
    pub(super) free: u32,
    pub(super) longest: i64,
}

impl Curve {
    fn delay(&self, failures: u32) -> TimeDelta {
        match failures.saturating_sub(self.free) {
            0 => TimeDelta::zero(),
            beyond => TimeDelta::seconds(self.longest.min(1 << (beyond - 1).min(30))),
        }
    }
}

//! The one clock, and the ids that are made from it.

use chrono::{DateTime, DurationRound, TimeDelta, Utc};
use entity::id::TypedId;
use uuid::{NoContext, Timestamp, Uuid};

/// What time it is, to the microsecond: the precision of both databases and of the wire.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else asks")]
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
}

/// A new id of any table: UUIDv7, so that ids sort as they were made.
#[must_use]
pub fn new_id<I: TypedId>() -> I {
    I::from(new_uuid())
}

/// A new UUIDv7.
#[must_use]
pub fn new_uuid() -> Uuid {
    let now = now();
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
}

/// A moment to the microsecond, as both databases keep it. They know no leap seconds: one is the second after it.
#[must_use]
pub fn whole(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// The wire form of a moment: RFC 3339, UTC, six digits.
#[must_use]
pub fn rfc3339(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

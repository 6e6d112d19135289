//! The one clock, and the ids that are made from it.

use std::{future::Future, time::Instant};

use chrono::{DateTime, Datelike as _, DurationRound, TimeDelta, Utc};
use entity::id::TypedId;
use uuid::{NoContext, Timestamp, Uuid};

use super::error::{Code, Error, Result};

tokio::task_local! {
    /// For a task that tells of the past: what time it was there when it began, and when that was here.
    static THEN: (DateTime<Utc>, Instant);
}

/// What time it is, to the microsecond: the precision of both databases and of the wire.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else asks")]
pub fn now() -> DateTime<Utc> {
    let told = THEN.try_with(|(then, since)| *then + since.elapsed());
    let now = told.unwrap_or_else(|_| Utc::now());
    now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
}

/// Does something as if it were another time, from which the clock goes on: what the demo's people did lies weeks back, and is
/// written down as of then. Only this one future is told so, not what it spawns, and nobody else.
pub fn at<T>(then: DateTime<Utc>, what: impl Future<Output = T>) -> impl Future<Output = T> {
    // In a box: whoever tells of the past tells of much.
    THEN.scope((then, Instant::now()), Box::pin(what))
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

/// How far ahead of ours another clock may run.
pub const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// The first year of anything that somebody could tell of: what is before it is a clock that was never set.
const FIRST: i32 = 1900;

/// When something happened, to the microsecond: not in the future, and not before anybody could have seen it. `pointer`
/// is where the input says when.
///
/// # Errors
/// `OCCURRED_AT_INVALID`.
pub fn past(now: DateTime<Utc>, at: DateTime<Utc>, pointer: &str) -> Result<DateTime<Utc>> {
    let why = if at > now + AHEAD {
        "It cannot have happened in the future."
    } else if at.year() < FIRST {
        "It cannot have happened before 1900."
    } else {
        return Ok(whole(at));
    };
    Err(Error::field(Code::OccurredAtInvalid, pointer, why))
}

/// The wire form of a moment: RFC 3339, UTC, six digits.
#[must_use]
pub fn rfc3339(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::filter::time;

    #[tokio::test]
    async fn another_time_is_told_to_one_future_alone() {
        let then = time("2026-03-02T10:00:00Z").unwrap();
        let (inside, id, beside) =
            at(then, async { (now(), new_uuid(), tokio::spawn(async { now() }).await.unwrap()) }).await;
        assert!(inside >= then && inside < then + TimeDelta::minutes(1), "{inside}");
        let (seconds, _) = id.get_timestamp().unwrap().to_unix();
        assert_eq!(i64::try_from(seconds).unwrap() / 60, then.timestamp() / 60, "ids are made of it");
        assert!(beside > then + TimeDelta::days(1) && now() > then + TimeDelta::days(1));
    }

    #[test]
    fn it_happened_in_the_time_of_people() {
        let now = now();
        let told = |at| past(now, at, "/at").map(drop).map_err(|error| error.field_errors()[0].pointer.clone());
        assert_eq!(told(now), Ok(()));
        assert_eq!(told(now + AHEAD), Ok(()), "clocks differ a little");
        assert_eq!(told(now + AHEAD + TimeDelta::seconds(1)), Err("/at".to_owned()));
        assert_eq!(told(time("1900-01-01T00:00:00Z").unwrap()), Ok(()));
        assert_eq!(told(time("1899-12-31T23:59:59Z").unwrap()), Err("/at".to_owned()));
    }
}

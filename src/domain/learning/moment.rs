//! When something happened that people and other systems tell of.

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};

use crate::domain::error::{Code, Error, Result};

/// How far ahead of ours another clock may run.
const AHEAD: TimeDelta = TimeDelta::minutes(5);
/// The first year of anything that somebody could tell of: what is before it is a clock that was never set.
const FIRST: i32 = 1900;

/// Refuses what has not happened yet, and what nobody can have seen; `pointer` is where it says when.
///
/// # Errors
/// `OCCURRED_AT_INVALID`.
pub(super) fn happened(now: DateTime<Utc>, at: DateTime<Utc>, pointer: &str) -> Result<()> {
    let why = if at > now + AHEAD {
        "It cannot have happened in the future."
    } else if at.year() < FIRST {
        "It cannot have happened before 1900."
    } else {
        return Ok(());
    };
    Err(Error::field(Code::OccurredAtInvalid, pointer, why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::clock, read::filter::time};

    #[test]
    fn it_happened_in_the_time_of_people() {
        let now = clock::now();
        let told = |at| happened(now, at, "/at").map_err(|error| error.field_errors()[0].pointer.clone());
        assert_eq!(told(now), Ok(()));
        assert_eq!(told(now + AHEAD), Ok(()), "clocks differ a little");
        assert_eq!(told(now + AHEAD + TimeDelta::seconds(1)), Err("/at".to_owned()));
        assert_eq!(told(time("1900-01-01T00:00:00Z").unwrap()), Ok(()));
        assert_eq!(told(time("1899-12-31T23:59:59Z").unwrap()), Err("/at".to_owned()));
    }
}

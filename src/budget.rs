//! One budget of points per principal, for both faces: a bucket that refills steadily within a minute.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use quick_cache::sync::Cache;
use uuid::Uuid;

use crate::domain::error::{Code, Error, Result};

/// The window in which an empty bucket fills, in microseconds.
const WINDOW: i64 = 60_000_000;
/// How many principals are remembered; who is forgotten starts with a full bucket.
const PRINCIPALS: usize = 50_000;

/// The buckets of all principals, in this instance.
pub struct Budget {
    rate: u64,
    /// When each bucket will be full again, in microseconds since 1970: all that there is to know of it.
    full_at: Cache<Uuid, Arc<Mutex<i64>>>,
}

/// How a principal's bucket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many points a full bucket holds; 0 when there is no limit.
    pub limit: u64,
    /// How many are left.
    pub remaining: u64,
    /// In how many seconds it is full again.
    pub reset_seconds: u64,
}

impl std::fmt::Debug for Budget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Budget").field("rate", &self.rate).finish_non_exhaustive()
    }
}

impl Budget {
    /// Buckets of `rate` points a minute; 0 turns the limit off.
    #[must_use]
    pub fn new(rate: u64) -> Self {
        Self { rate, full_at: Cache::new(PRINCIPALS) }
    }

    /// Takes points out of a principal's bucket.
    ///
    /// # Errors
    /// `RATE_LIMITED`, with the seconds after which there is enough; nothing is taken then.
    pub fn charge(&self, principal: Uuid, points: u64, now: DateTime<Utc>) -> Result<Standing> {
        if self.rate == 0 {
            return Ok(self.unlimited());
        }
        // What costs more than a full bucket is allowed when it is full: else it never would be.
        let cost = self.time_of(points.min(self.rate));
        let now = now.timestamp_micros();
        let bucket = self.bucket(principal);
        let mut full_at = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let after = (*full_at).max(now) + cost;
        let late = after - now - WINDOW;
        if late > 0 {
            let error = Error::new(Code::RateLimited, "The budget of points is spent; it refills steadily.");
            return Err(error.retry_after(seconds(late)));
        }
        *full_at = after;
        Ok(self.standing_at(after, now))
    }

    /// Puts points back, when an operation turned out cheaper than it might have been.
    pub fn refund(&self, principal: Uuid, points: u64, now: DateTime<Utc>) -> Standing {
        if self.rate == 0 {
            return self.unlimited();
        }
        let bucket = self.bucket(principal);
        let mut full_at = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        *full_at -= self.time_of(points.min(self.rate));
        self.standing_at(*full_at, now.timestamp_micros())
    }

    /// How a principal's bucket stands.
    #[must_use]
    pub fn standing(&self, principal: Uuid, now: DateTime<Utc>) -> Standing {
        if self.rate == 0 {
            return self.unlimited();
        }
        let full_at = *self.bucket(principal).lock().unwrap_or_else(PoisonError::into_inner);
        self.standing_at(full_at, now.timestamp_micros())
    }

    fn bucket(&self, principal: Uuid) -> Arc<Mutex<i64>> {
        let new = || Ok::<_, std::convert::Infallible>(Arc::default());
        self.full_at.get_or_insert_with(&principal, new).unwrap_or_default()
    }

    /// How long a bucket takes to win back so many points, rounded up: points are never given away.
    fn time_of(&self, points: u64) -> i64 {
        let (points, rate) = (u128::from(points), u128::from(self.rate.max(1)));
        i64::try_from((points * WINDOW as u128).div_ceil(rate)).unwrap_or(WINDOW)
    }

    fn standing_at(&self, full_at: i64, now: i64) -> Standing {
        let missing = u64::try_from(full_at - now).unwrap_or(0);
        let spent = (u128::from(missing) * u128::from(self.rate)).div_ceil(WINDOW as u128);
        let remaining = self.rate.saturating_sub(u64::try_from(spent).unwrap_or(u64::MAX));
        Standing { limit: self.rate, remaining, reset_seconds: seconds(full_at - now) }
    }

    const fn unlimited(&self) -> Standing {
        Standing { limit: self.rate, remaining: 0, reset_seconds: 0 }
    }
}

impl Standing {
    /// The values of the headers `RateLimit-Policy` and `RateLimit`, when there is a limit.
    #[must_use]
    pub fn headers(&self) -> Option<(String, String)> {
        let Self { limit, remaining, reset_seconds } = self;
        (*limit > 0)
            .then(|| (format!("\"points\";q={limit};w=60"), format!("\"points\";r={remaining};t={reset_seconds}")))
    }
}

/// Whole seconds, rounded up.
fn seconds(micros: i64) -> u64 {
    u64::try_from(micros).unwrap_or(0).div_ceil(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::seconds(seconds)
    }

    #[test]
    fn a_bucket_empties_refuses_and_refills() {
        let (budget, me) = (Budget::new(60), Uuid::nil());
        let full = budget.charge(me, 50, at(0)).unwrap();
        assert_eq!(full, Standing { limit: 60, remaining: 10, reset_seconds: 50 });
        let refused = budget.charge(me, 20, at(0)).unwrap_err();
        assert_eq!((refused.code(), refused.seconds_to_wait()), (Code::RateLimited, Some(10)));
        assert_eq!(budget.charge(me, 20, at(10)).unwrap().remaining, 0);
        assert_eq!(budget.standing(me, at(600)).remaining, 60);
    }

    #[test]
    fn what_costs_more_than_a_bucket_waits_for_a_full_one() {
        let (budget, me) = (Budget::new(60), Uuid::nil());
        assert_eq!(budget.charge(me, 1000, at(0)).unwrap().remaining, 0);
        assert!(budget.charge(me, 1000, at(59)).is_err());
        assert!(budget.charge(me, 1000, at(60)).is_ok());
    }

    #[test]
    fn points_come_back_and_zero_is_no_limit() {
        let (budget, me) = (Budget::new(60), Uuid::nil());
        assert!(budget.charge(me, 60, at(0)).is_ok());
        assert_eq!(budget.refund(me, 30, at(0)).remaining, 30);
        let off = Budget::new(0).charge(me, u64::MAX, at(0)).unwrap();
        assert_eq!(off.headers(), None);
        let headers = budget.standing(me, at(0)).headers().unwrap();
        assert_eq!(headers, ("\"points\";q=60;w=60".to_owned(), "\"points\";r=30;t=30".to_owned()));
    }
}

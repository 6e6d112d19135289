//! How far a learning plan is, and whether that is far enough (§7): pure functions.

use chrono::NaiveDate;
use entity::vocabulary;

vocabulary! {
    /// How a plan's progress compares with the time that has passed towards its due date.
    OnTrack {
        /// Further than the time that has passed.
        Ahead = "AHEAD",
        /// As far as the time that has passed.
        OnTrack = "ON_TRACK",
        /// Less far than the time that has passed.
        Behind = "BEHIND",
        /// Nobody said when it should be done.
        NoDueDate = "NO_DUE_DATE",
    }
}

/// The progress in whole percent, rounded down: 100 only when everything that counts is done. Without anything that
/// counts there is no progress.
#[must_use]
pub fn percent(done: i64, total: i64) -> i64 {
    if total <= 0 { 0 } else { done.saturating_mul(100) / total }
}

/// Compares the progress with the share of the time between `from` and `due` that has passed, give or take
/// `tolerance` percentage points. Past the due date, only what is done is on track.
#[must_use]
pub fn on_track(percent: i64, from: NaiveDate, due: Option<NaiveDate>, today: NaiveDate, tolerance: i64) -> OnTrack {
    let Some(due) = due else { return OnTrack::NoDueDate };
    if percent >= 100 {
        return if today < due { OnTrack::Ahead } else { OnTrack::OnTrack };
    }
    if today > due {
        return OnTrack::Behind;
    }
    let whole = (due - from).num_days().max(1);
    let passed = (today - from).num_days().clamp(0, whole);
    let expected = passed * 100 / whole;
    if percent > expected + tolerance {
        OnTrack::Ahead
    } else if percent < expected - tolerance {
        OnTrack::Behind
    } else {
        OnTrack::OnTrack
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn progress_is_whole_and_never_early() {
        assert_eq!([percent(0, 0), percent(0, 3), percent(1, 3), percent(2, 3), percent(3, 3)], [0, 0, 33, 66, 100]);
        assert_eq!(percent(199, 200), 99);
    }

    #[test]
    fn on_track_is_within_the_tolerance_of_the_time_that_passed() {
        let track = |percent, today| on_track(percent, day("2026-01-01"), Some(day("2026-04-11")), day(today), 10);
        assert_eq!(track(50, "2026-02-20"), OnTrack::OnTrack);
        assert_eq!(track(61, "2026-02-20"), OnTrack::Ahead);
        assert_eq!(track(39, "2026-02-20"), OnTrack::Behind);
        assert_eq!(track(99, "2026-04-12"), OnTrack::Behind);
        assert_eq!(track(100, "2026-04-12"), OnTrack::OnTrack);
        assert_eq!(track(100, "2026-04-10"), OnTrack::Ahead);
        assert_eq!(track(0, "2025-12-01"), OnTrack::OnTrack);
        assert_eq!(on_track(0, day("2026-01-01"), None, day("2026-01-02"), 10), OnTrack::NoDueDate);
        // A plan that is due on the day it begins.
        assert_eq!(on_track(0, day("2026-01-01"), Some(day("2026-01-01")), day("2026-01-01"), 10), OnTrack::OnTrack);
    }
}

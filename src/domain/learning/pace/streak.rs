//! Streaks and means over weeks: the oldest first, the last one is the current one and has not ended.

use chrono::{Days, NaiveDate};

/// Over how many full weeks the mean goes.
const MEAN_OVER: usize = 6;

/// What somebody did in a week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its first day.
    pub starts_on: NaiveDate,
    /// The minutes learnt.
    pub minutes: i64,
    /// The sessions that began.
    pub sessions: i64,
    /// The days on which one began.
    pub active_days: i64,
    /// Whether a day of it is paused.
    pub paused: bool,
}

impl Week {
    /// Whether it reached the target, or had a session where there is none.
    #[must_use]
    pub fn met(&self, target: Option<i64>) -> bool {
        match target {
            Some(target) if target > 0 => self.minutes >= target,
            _ => self.sessions > 0,
        }
    }

    /// What its number is: that of the ISO week in which its fourth day lies.
    #[must_use]
    pub fn iso_week(&self) -> String {
        let middle = self.starts_on.checked_add_days(Days::new(3)).unwrap_or(self.starts_on);
        middle.format("%G-W%V").to_string()
    }
}

/// How many weeks in a row were met, back from the current one. That one counts once it is met, and breaks nothing
/// before it ends; paused weeks neither count nor break.
#[must_use]
pub fn current(weeks: &[Week], target: Option<i64>) -> i64 {
    let Some((now, before)) = weeks.split_last() else { return 0 };
    let begun = i64::from(!now.paused && now.met(target));
    let full = before.iter().rev().filter(|week| !week.paused).take_while(|week| week.met(target));
    full.fold(begun, |count, _| count + 1)
}

/// The longest such row.
#[must_use]
pub fn longest(weeks: &[Week], target: Option<i64>) -> i64 {
    let (mut longest, mut row) = (0, 0);
    for week in weeks.iter().filter(|week| !week.paused) {
        row = if week.met(target) { row + 1 } else { 0 };
        longest = longest.max(row);
    }
    longest
}

/// A mean that is not rounded yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mean {
    /// The minutes in all.
    pub minutes: i64,
    /// In so many weeks.
    pub weeks: i64,
}

impl Mean {
    /// In whole minutes, as it is told; nothing learnt in no week is none.
    #[must_use]
    pub fn whole(self) -> i64 {
        self.minutes.checked_div(self.weeks).unwrap_or(0)
    }

    /// In how many days so many minutes are learnt at this pace; nothing when none ever are.
    #[must_use]
    pub fn days(self, minutes: i64) -> Option<i64> {
        let days = i128::from(minutes) * 7 * i128::from(self.weeks);
        let pace = i128::from(self.minutes);
        // The last day counts, however little of it is needed.
        i64::try_from((days + pace - 1).checked_div(pace)?).ok()
    }
}

/// The mean of the last six full weeks; paused ones are left out.
#[must_use]
pub fn mean(weeks: &[Week]) -> Mean {
    let Some((_, before)) = weeks.split_last() else { return Mean::default() };
    let last = before.iter().rev().take(MEAN_OVER).filter(|week| !week.paused);
    last.fold(Mean::default(), |mean, week| Mean { minutes: mean.minutes + week.minutes, weeks: mean.weeks + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks from a line: minutes each, `p` for a paused one, `p30` for a paused one with minutes.
    fn weeks(line: &str) -> Vec<Week> {
        let first: NaiveDate = "2026-01-05".parse().unwrap();
        let each = line.split_whitespace().zip(0u64..);
        each.map(|(word, place)| {
            let minutes = word.trim_start_matches('p').parse().unwrap_or(0);
            let sessions = i64::from(minutes > 0);
            let starts_on = first + Days::new(7 * place);
            Week { starts_on, minutes, sessions, active_days: sessions, paused: word.starts_with('p') }
        })
        .collect()
    }

    #[test]
    fn streaks_in_a_table() {
        for (line, target, now, best) in [
            ("", Some(60), 0, 0),
            ("0", Some(60), 0, 0),
            ("60", Some(60), 1, 1),
            // The current week breaks nothing before it ends.
            ("60 60 0", Some(60), 2, 2),
            ("60 60 60", Some(60), 3, 3),
            // A full week below the target breaks.
            ("60 59 60 60 10", Some(60), 2, 2),
            ("60 60 60 59 60", Some(60), 1, 3),
            // Paused weeks neither count nor break, with minutes or without.
            ("60 p 60 p90 60 0", Some(60), 3, 3),
            ("60 60 p", Some(60), 2, 2),
            ("60 60 p90", Some(60), 2, 2),
            ("p p p", Some(60), 0, 0),
            // Without a target, or with none to speak of, one session is enough.
            ("1 0 5 5 0", None, 2, 2),
            ("1 0 5 5 0", Some(0), 2, 2),
        ] {
            let weeks = weeks(line);
            assert_eq!((current(&weeks, target), longest(&weeks, target)), (now, best), "{line:?} {target:?}");
        }
    }

    #[test]
    fn a_session_without_minutes_is_a_session() {
        let mut weeks = weeks("0 0");
        weeks[0].sessions = 1;
        assert_eq!((current(&weeks, None), current(&weeks, Some(1))), (1, 0));
    }

    #[test]
    fn the_mean_of_six_full_weeks() {
        for (line, expected) in [
            ("", 0),
            ("500", 0),
            ("60 60 60 60 60 60 999", 60),
            ("999 10 20 30 40 50 60 0", 35),
            // Whoever has just begun has not learnt before.
            ("0 0 0 0 0 60 0", 10),
            ("p500 60 60 60 60 30 0", 54),
            ("p p p p p p 60", 0),
        ] {
            assert_eq!(mean(&weeks(line)).whole(), expected, "{line:?}");
        }
    }

    #[test]
    fn a_slow_pace_is_a_pace() {
        let pace = |minutes| Mean { minutes, weeks: 6 };
        // Eleven minutes in six weeks are less than two a week, and not one.
        assert_eq!(pace(11).days(100), Some(382));
        assert_eq!((pace(5).whole(), pace(5).days(5)), (0, Some(42)));
        assert_eq!((pace(600).days(100), pace(600).days(101), pace(600).days(0)), (Some(7), Some(8), Some(0)));
        assert_eq!((pace(0).days(100), Mean::default().days(1)), (None, None));
        assert_eq!(pace(1).days(i64::MAX), None);
    }

    #[test]
    fn weeks_are_numbered_by_their_middle() {
        for (starts_on, number) in [
            ("2026-12-28", "2026-W53"),
            ("2026-12-27", "2026-W53"),
            ("2026-12-26", "2026-W53"),
            ("2027-01-04", "2027-W01"),
            ("2027-01-02", "2027-W01"),
            ("2025-12-29", "2026-W01"),
        ] {
            let week = Week { starts_on: starts_on.parse().unwrap(), ..weeks("0").remove(0) };
            assert_eq!(week.iso_week(), number, "{starts_on}");
        }
    }
}

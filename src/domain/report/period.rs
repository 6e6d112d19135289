//! Which time a report is about: whole weeks that have ended.
//!
//! Weeks of an aggregate run from Monday to Sunday for everybody, by UTC, whatever days people chose for their own.
//! A question may name any days; what is told are the weeks that these days lie in. Were parts of weeks told, the
//! difference between two questions that differ by a day would be that day, on which perhaps one person learnt. The
//! week that has not ended is left out for the same reason: it would be told anew, a little larger, every day.

use chrono::{Days, NaiveDate};
use entity::platform::organization::WeekStart;
use serde_json::json;

use crate::domain::{
    error::{Code, Error, Result},
    learning::week::week_of,
};

/// How many weeks are told when nobody says.
const WEEKS: u64 = 12;
/// How many weeks an aggregate tells at most: two years, of which one may have 53.
pub const MOST: i64 = 106;

/// Whole weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weeks {
    /// The first day: a Monday.
    pub from: NaiveDate,
    /// The last day: a Sunday.
    pub to: NaiveDate,
}

impl Weeks {
    /// The whole weeks that some days lie in, without the one that it is.
    ///
    /// # Errors
    /// `PERIOD_INVALID`.
    pub fn of(from: Option<NaiveDate>, to: Option<NaiveDate>, today: NaiveDate) -> Result<Self> {
        in_order(from, to)?;
        let monday = |day| week_of(day, WeekStart::Monday);
        let over = monday(today).checked_sub_days(Days::new(1)).unwrap_or(today);
        let to = to.and_then(|day| monday(day).checked_add_days(Days::new(6))).map_or(over, |sunday| sunday.min(over));
        let back = |weeks| to.checked_sub_days(Days::new(7 * weeks - 1)).unwrap_or(to);
        let from = from.map_or_else(|| back(WEEKS), monday);
        if from > to {
            return Err(wrong("/from", "No week of this period has ended."));
        }
        if (to - from).num_days() >= 7 * MOST {
            let error = wrong("/from", format!("A report tells of at most {MOST} weeks."));
            return Err(error.with(json!({ "weeks": MOST })));
        }
        Ok(Self { from, to })
    }

    /// The first days of them.
    pub fn mondays(self) -> impl Iterator<Item = NaiveDate> {
        self.from.iter_weeks().take_while(move |monday| *monday <= self.to)
    }
}

/// A period ends on the day on which it begins, or later.
///
/// # Errors
/// `PERIOD_INVALID`.
pub fn in_order(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<()> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => Err(wrong("/to", "The period ends before it begins.")),
        _ => Ok(()),
    }
}

/// A period that no report tells of.
pub(super) fn wrong(pointer: &str, why: impl Into<String>) -> Error {
    Error::field(Code::PeriodInvalid, pointer, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_whole_weeks_that_have_ended() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        // A Wednesday.
        let today = day("2026-11-25");
        let told = |from: Option<&str>, to: Option<&str>| match Weeks::of(from.map(day), to.map(day), today) {
            Ok(weeks) => format!("{} {} {}", weeks.from, weeks.to, weeks.mondays().count()),
            Err(error) => format!("{} {}", error.code().as_str(), error.field_errors()[0].pointer),
        };
        for (from, to, expected) in [
            (None, None, "2026-08-31 2026-11-22 12"),
            (Some("2026-11-17"), None, "2026-11-16 2026-11-22 1"),
            (Some("2026-11-16"), Some("2026-11-16"), "2026-11-16 2026-11-22 1"),
            (None, Some("2026-03-01"), "2025-12-08 2026-03-01 12"),
            // Neither the present week nor a coming one.
            (Some("2026-11-16"), Some("2999-01-01"), "2026-11-16 2026-11-22 1"),
            (Some("2026-11-23"), None, "PERIOD_INVALID /from"),
            (Some("2026-11-24"), Some("2026-11-25"), "PERIOD_INVALID /from"),
            (Some("2026-11-02"), Some("2026-11-01"), "PERIOD_INVALID /to"),
            (Some("2024-11-11"), None, "2024-11-11 2026-11-22 106"),
            (Some("2024-11-10"), None, "PERIOD_INVALID /from"),
            (Some("0001-01-01"), Some("9999-12-31"), "PERIOD_INVALID /from"),
        ] {
            assert_eq!(told(from, to), expected, "{from:?} {to:?}");
        }
    }
}

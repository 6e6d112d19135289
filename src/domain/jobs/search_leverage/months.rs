//! For how long somebody was somewhere: whole months, each day counted once.

use chrono::{Datelike as _, NaiveDate};

/// A stay: from a day, when that is known, to another, or to today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stay {
    /// Its first day.
    pub from: Option<NaiveDate>,
    /// The day on which it ended; none while it lasts.
    pub to: Option<NaiveDate>,
}

/// The stays in a place, from all arrivals in their order, each with whether it was there: one lasts until the next arrival.
pub(super) fn stays(arrivals: &[(NaiveDate, bool)]) -> Vec<Stay> {
    let next = arrivals.iter().skip(1).map(|(day, _)| Some(*day)).chain([None]);
    let there = arrivals.iter().zip(next).filter(|((_, there), _)| *there);
    there.map(|((from, _), to)| Stay { from: Some(*from), to }).collect()
}

/// The whole months of stays together; what overlaps counts once, and a stay of which nobody says since when counts nothing.
pub(super) fn months(stays: &[Stay], today: NaiveDate) -> i64 {
    let mut spans: Vec<(NaiveDate, NaiveDate)> = stays
        .iter()
        .filter_map(|stay| Some((stay.from?, stay.to.unwrap_or(today).min(today))))
        .filter(|(from, to)| from < to)
        .collect();
    spans.sort_unstable();
    let mut merged: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (from, to) in spans {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged.into_iter().map(|(from, to)| between(from, to)).sum()
}

/// The whole months between two days.
fn between(from: NaiveDate, to: NaiveDate) -> i64 {
    let count = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month());
    count(to) - count(from) - i64::from(to.day() < from.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn whole_months_count_once() {
        let stay = |from: Option<&str>, to: Option<&str>| Stay { from: from.map(day), to: to.map(day) };
        let today = day("2026-11-15");
        let table: &[(&[Stay], i64)] = &[
            (&[], 0),
            (&[stay(None, None)], 0),
            (&[stay(Some("2026-10-16"), None)], 0),
            (&[stay(Some("2026-10-15"), None)], 1),
            (&[stay(Some("2025-11-15"), None)], 12),
            (&[stay(Some("2027-01-01"), None)], 0),
            (&[stay(Some("2025-11-15"), Some("2026-05-15"))], 6),
            // They overlap.
            (&[stay(Some("2025-11-15"), Some("2026-05-15")), stay(Some("2026-03-15"), None)], 12),
            (&[stay(Some("2026-03-15"), None), stay(Some("2025-11-15"), Some("2026-05-15"))], 12),
            // With a break between them.
            (&[stay(Some("2025-01-01"), Some("2025-03-01")), stay(Some("2026-10-01"), None)], 3),
        ];
        for (stays, expected) in table {
            assert_eq!(months(stays, today), *expected, "{stays:?}");
        }
    }

    #[test]
    fn a_stay_lasts_until_the_next_arrival() {
        let arrivals = [(day("2025-01-01"), true), (day("2026-01-01"), false), (day("2026-06-01"), true)];
        let found = stays(&arrivals);
        assert_eq!(
            found,
            [
                Stay { from: Some(day("2025-01-01")), to: Some(day("2026-01-01")) },
                Stay { from: Some(day("2026-06-01")), to: None },
            ]
        );
        assert!(stays(&[]).is_empty());
    }
}

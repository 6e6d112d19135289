//! For how long somebody was somewhere: whole months, each day counted once.

use chrono::{Datelike as _, NaiveDate};

use crate::domain::jobs::transition::place::Place;

/// A stay: from a day, when that is known, to another, or to today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stay {
    /// Its first day.
    pub from: Option<NaiveDate>,
    /// The day on which it ended; none while it lasts.
    pub to: Option<NaiveDate>,
}

/// Where somebody came, in the order of days: by legs, and by what their profile says of where they are, which on one day has the last word. Who
/// comes to another role and says nothing of the industry stays in theirs, and the other way round.
pub(super) fn arrivals(legs: Vec<(NaiveDate, Place)>, here: Option<(NaiveDate, Place)>) -> Vec<(NaiveDate, Place)> {
    let mut all: Vec<(NaiveDate, Place)> = legs.into_iter().chain(here).collect();
    all.sort_by_key(|(day, _)| *day);
    let mut was = Place::default();
    for (_, place) in &mut all {
        place.role = place.role.take().or(was.role);
        place.industry = place.industry.take().or(was.industry);
        was = place.clone();
    }
    all
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
    use crate::domain::jobs::transition::place::{Industry, Role};

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
    fn what_a_profile_says_has_its_place_among_the_legs() {
        let place = |role: Option<&str>, industry: Option<&str>| Place {
            role: role.map(Role::called),
            industry: industry.map(Industry::called),
        };
        let (ml, manager) = (Some("ML engineer"), Some("Product manager"));
        let leg = || vec![(day("2024-11-26"), place(ml, None))];
        let table = [
            (None, "2024-11-26 ML engineer in -"),
            (Some(("2025-01-01", manager, None)), "2024-11-26 ML engineer in -, 2025-01-01 Product manager in -"),
            // Whoever wrote it is behind.
            (
                Some(("2020-01-01", Some("Analyst"), Some("Finance"))),
                "2020-01-01 Analyst in Finance, 2024-11-26 ML engineer in Finance",
            ),
            (
                Some(("2024-11-26", manager, Some("Energy"))),
                "2024-11-26 ML engineer in -, 2024-11-26 Product manager in Energy",
            ),
            (
                Some(("2025-01-01", None, Some("Energy"))),
                "2024-11-26 ML engineer in -, 2025-01-01 ML engineer in Energy",
            ),
        ];
        for (here, expected) in table {
            let here = here.map(|(since, role, industry)| (day(since), place(role, industry)));
            let told: Vec<String> = arrivals(leg(), here)
                .into_iter()
                .map(|(day, at)| {
                    let industry = at.industry.map_or("-".to_owned(), |industry| industry.name);
                    format!("{day} {} in {industry}", at.role.unwrap().title)
                })
                .collect();
            assert_eq!(told.join(", "), expected);
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

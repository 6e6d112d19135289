//! Days and weeks as a person lives them: in their own time zone, their week beginning on the day that they chose (§4).

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeZone as _, Utc, Weekday};
use entity::platform::organization::WeekStart;

/// The day on which something happened, for somebody who lives in `zone`. An unknown zone is read as UTC.
#[must_use]
pub fn day_in(zone: &str, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone.parse::<chrono_tz::Tz>().unwrap_or(chrono_tz::UTC)).date_naive()
}

/// The moment at which a day begins for somebody who lives in `zone`. A day whose first hour is skipped begins after it.
#[must_use]
pub fn begins_in(zone: &str, day: NaiveDate) -> DateTime<Utc> {
    let zone = zone.parse::<chrono_tz::Tz>().unwrap_or(chrono_tz::UTC);
    let mut hours = (0..24).filter_map(|hour| day.and_hms_opt(hour, 0, 0));
    let first = hours.find_map(|at| zone.from_local_datetime(&at).earliest());
    first.map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |at| at.with_timezone(&Utc))
}

/// The first day of the week that a day belongs to.
#[must_use]
pub fn week_of(day: NaiveDate, start: WeekStart) -> NaiveDate {
    let first = match start {
        WeekStart::Monday => Weekday::Mon,
        WeekStart::Sunday => Weekday::Sun,
        WeekStart::Saturday => Weekday::Sat,
    };
    let past = u64::from(day.weekday().days_since(first));
    day.checked_sub_days(Days::new(past)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_where_somebody_lives() {
        for (zone, day, at) in [
            ("UTC", "2026-03-01", "2026-03-01T00:00:00Z"),
            ("Europe/Vienna", "2026-03-01", "2026-02-28T23:00:00Z"),
            ("Asia/Tokyo", "2026-03-01", "2026-02-28T15:00:00Z"),
            // Midnight was skipped.
            ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
            ("Nowhere", "2026-03-01", "2026-03-01T00:00:00Z"),
        ] {
            assert_eq!(begins_in(zone, day.parse().unwrap()), at.parse::<DateTime<Utc>>().unwrap(), "{zone} {day}");
        }
    }

    #[test]
    fn a_week_begins_on_its_day() {
        // 2026 has 53 ISO weeks: the last begins on 28 December and reaches into 2027.
        for (of, start, first) in [
            ("2027-01-01", WeekStart::Monday, "2026-12-28"),
            ("2026-12-28", WeekStart::Monday, "2026-12-28"),
            ("2026-12-27", WeekStart::Monday, "2026-12-21"),
            ("2026-12-27", WeekStart::Sunday, "2026-12-27"),
            ("2027-01-02", WeekStart::Sunday, "2026-12-27"),
            ("2027-01-02", WeekStart::Saturday, "2027-01-02"),
        ] {
            assert_eq!(week_of(day(of), start), day(first), "{of} {start}");
        }
    }

    #[test]
    fn a_moment_is_another_day_elsewhere() {
        let at = "2026-03-29T23:30:00Z".parse().unwrap();
        assert_eq!(day_in("Europe/Vienna", at), day("2026-03-30"));
        assert_eq!(day_in("America/New_York", at), day("2026-03-29"));
        assert_eq!(day_in("nowhere", at), day("2026-03-29"));
    }
}

//! iCalendar as RFC 5545 and RFC 7986 have it: pure text, in one order, so that the same dates are the same bytes.
//!
//! Written by hand: what a feed needs of the standard are a dozen properties, an escape and a fold. The crate `icalendar` lets control
//! characters and carriage returns through into texts, folds by counting letters where the standard counts octets, and gives what
//! has no `DTSTAMP` one that changes with every answer.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};

use crate::domain::content_line::{Lines, escaped};

/// How long a client may keep what it has before it asks again.
const REFRESH: &str = "PT1H";

/// The last year that the form has a place for: what would end later, ends when it begins.
const YEAR_MAX: i32 = 9999;

/// When something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// On a day, wherever one is.
    Day(NaiveDate),
    /// At a moment, for so many minutes. It is written in UTC, which every client shows in its own time zone: so no time zone
    /// has to be described.
    Moment(DateTime<Utc>, i64),
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sure {
    /// It was planned, and may yet change.
    Tentative,
    /// It holds.
    Confirmed,
}

/// Something in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// What it is known by, now and later.
    pub uid: &'a str,
    /// When it is.
    pub when: When,
    /// What it is called.
    pub summary: &'a str,
    /// More about it.
    pub description: Option<&'a str>,
    /// What kind of thing it is.
    pub category: &'a str,
    /// How sure it is.
    pub sure: Sure,
    /// Counts its changes, from 0.
    pub sequence: i64,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

/// Writes a calendar.
#[must_use]
pub fn write(name: &str, entries: &[Entry<'_>]) -> String {
    let mut out = Lines::default();
    out.say("BEGIN", "VCALENDAR");
    out.say("VERSION", "2.0");
    out.say("PRODID", concat!("-//Cairn//Cairn ", env!("CARGO_PKG_VERSION"), "//EN"));
    out.say("CALSCALE", "GREGORIAN");
    for property in ["NAME", "X-WR-CALNAME"] {
        out.say(property, &escaped(name));
    }
    out.say("REFRESH-INTERVAL;VALUE=DURATION", REFRESH);
    out.say("X-PUBLISHED-TTL", REFRESH);
    if entries.is_empty() {
        // A calendar has one component at least.
        utc(&mut out);
    }
    for entry in entries {
        event(&mut out, entry);
    }
    out.say("END", "VCALENDAR");
    out.done()
}

fn event(out: &mut Lines, entry: &Entry<'_>) {
    let changed = moment(entry.changed_at);
    out.say("BEGIN", "VEVENT");
    out.say("UID", &escaped(entry.uid));
    // Without a method, that is when what is told was last revised: so an answer changes only with what it tells.
    out.say("DTSTAMP", &changed);
    match entry.when {
        When::Day(day) => {
            out.say("DTSTART;VALUE=DATE", &date(day));
            if let Some(end) = day.checked_add_days(Days::new(1)).filter(|end| end.year() <= YEAR_MAX) {
                out.say("DTEND;VALUE=DATE", &date(end));
            }
        }
        When::Moment(at, minutes) => {
            out.say("DTSTART", &moment(at));
            if let Some(end) = at.checked_add_signed(TimeDelta::minutes(minutes)).filter(|end| end.year() <= YEAR_MAX) {
                out.say("DTEND", &moment(end));
            }
        }
    }
    out.say("SUMMARY", &escaped(entry.summary));
    if let Some(description) = entry.description {
        out.say("DESCRIPTION", &escaped(description));
    }
    out.say("CATEGORIES", &escaped(entry.category));
    out.say(
        "STATUS",
        match entry.sure {
            Sure::Tentative => "TENTATIVE",
            Sure::Confirmed => "CONFIRMED",
        },
    );
    // A day on which something is due is not a day on which nobody has time.
    out.say("TRANSP", if matches!(entry.when, When::Day(_)) { "TRANSPARENT" } else { "OPAQUE" });
    out.say("CLASS", "PRIVATE");
    out.say("SEQUENCE", &entry.sequence.to_string());
    out.say("LAST-MODIFIED", &changed);
    out.say("END", "VEVENT");
}

/// UTC as a component.
fn utc(out: &mut Lines) {
    for (property, value) in [
        ("BEGIN", "VTIMEZONE"),
        ("TZID", "UTC"),
        ("BEGIN", "STANDARD"),
        ("DTSTART", "19700101T000000"),
        ("TZOFFSETFROM", "+0000"),
        ("TZOFFSETTO", "+0000"),
        ("TZNAME", "UTC"),
        ("END", "STANDARD"),
        ("END", "VTIMEZONE"),
    ] {
        out.say(property, value);
    }
}

fn date(day: NaiveDate) -> String {
    day.format("%Y%m%d").to_string()
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::content_line::LINE;

    fn entry(summary: &str) -> Entry<'_> {
        Entry {
            uid: "ms_01h455vb4pex5vsknk084sn02q",
            when: When::Day("2026-03-31".parse().unwrap()),
            summary,
            description: None,
            category: "Milestone",
            sure: Sure::Confirmed,
            sequence: 2,
            changed_at: "2026-03-01T09:30:00.999999Z".parse().unwrap(),
        }
    }

    /// The lines as a client puts them together again.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_day_as_it_is_written() {
        let text = write("Ada", &[entry("First forecast")]);
        insta::assert_snapshot!(text.replace("\r\n", "\n").replace(env!("CARGO_PKG_VERSION"), "0"), @r"
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Cairn//Cairn 0//EN
        CALSCALE:GREGORIAN
        NAME:Ada
        X-WR-CALNAME:Ada
        REFRESH-INTERVAL;VALUE=DURATION:PT1H
        X-PUBLISHED-TTL:PT1H
        BEGIN:VEVENT
        UID:ms_01h455vb4pex5vsknk084sn02q
        DTSTAMP:20260301T093000Z
        DTSTART;VALUE=DATE:20260331
        DTEND;VALUE=DATE:20260401
        SUMMARY:First forecast
        CATEGORIES:Milestone
        STATUS:CONFIRMED
        TRANSP:TRANSPARENT
        CLASS:PRIVATE
        SEQUENCE:2
        LAST-MODIFIED:20260301T093000Z
        END:VEVENT
        END:VCALENDAR
        ");
        assert!(text.ends_with("END:VCALENDAR\r\n") && text.matches('\n').count() == text.matches("\r\n").count());
    }

    #[test]
    fn a_moment_takes_time() {
        let when = When::Moment("2026-03-31T23:30:00Z".parse().unwrap(), 45);
        let lines = unfolded(&write("Ada", &[Entry { when, sure: Sure::Tentative, ..entry("Talk") }]));
        for line in
            ["DTSTART:20260331T233000Z", "DTEND:20260401T001500Z", "TRANSP:OPAQUE", "STATUS:TENTATIVE", "SUMMARY:Talk"]
        {
            assert!(lines.iter().any(|known| known == line), "{line}");
        }
    }

    #[test]
    fn nothing_ends_after_the_last_year() {
        let moment = When::Moment("9999-12-31T23:59:59Z".parse().unwrap(), 1440);
        for (when, begins) in [
            (moment, "DTSTART:99991231T235959Z"),
            (When::Day("9999-12-31".parse().unwrap()), "DTSTART;VALUE=DATE:99991231"),
        ] {
            let lines = unfolded(&write("Ada", &[Entry { when, ..entry("Late") }]));
            assert!(lines.iter().any(|line| line == begins), "{lines:?}");
            assert!(!lines.iter().any(|line| line.starts_with("DTEND")), "{lines:?}");
        }
    }

    #[test]
    fn no_line_is_too_long_and_every_letter_comes_back() {
        for letter in ["a", "ä", "機", "\u{1F600}", "e\u{301}", ",", " "] {
            for count in 0..120 {
                let text = letter.repeat(count);
                let told = write(&text, &[Entry { description: Some(&text), ..entry(&text) }]);
                assert!(told.split("\r\n").all(|line| line.len() <= LINE), "{letter} {count}");
                let summary = format!("SUMMARY:{}", escaped(&text));
                assert!(unfolded(&told).contains(&summary), "{letter} {count}");
            }
        }
    }

    #[test]
    fn nothing_to_tell_is_a_calendar_as_well() {
        let lines = unfolded(&write("", &[]));
        assert!(lines.contains(&"BEGIN:VTIMEZONE".to_owned()) && !lines.contains(&"BEGIN:VEVENT".to_owned()));
    }
}

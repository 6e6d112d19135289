//! The pace as a table and as a chart.

use super::{PaceWeek, WeeklyPace};
use crate::domain::{
    chart::bars::{Bar, Bars, Met, duration},
    error::Result,
    table::{Cell, csv},
};

/// A row for each week.
pub(super) fn table(told: &WeeklyPace) -> Result<String> {
    let columns = ["startsOn", "isoWeek", "minutes", "targetMinutes", "activeDays", "paused", "met"];
    let rows = told.weeks.iter().map(|week| {
        vec![
            Cell::from(week.starts_on.to_string()),
            week.iso_week.as_str().into(),
            week.minutes.into(),
            told.target_minutes.into(),
            week.active_days.into(),
            week.paused.into(),
            week.met.into(),
        ]
    });
    csv(&columns, rows)
}

/// A bar for each week.
#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
pub(super) fn chart(told: &WeeklyPace) -> Result<String> {
    let streak = match told.streak_weeks {
        0 => "No streak yet".to_owned(),
        1 => "Streak of 1 week".to_owned(),
        weeks => format!("Streak of {weeks} weeks"),
    };
    let subtitle = match told.target_minutes.filter(|target| *target > 0) {
        Some(target) => {
            format!("{streak} · {} a week lately · target {}", duration(told.mean_minutes), duration(target))
        }
        None => format!("{streak} · {} a week lately", duration(told.mean_minutes)),
    };
    let bars = told.weeks.iter().map(bar).collect();
    Ok(Bars { title: "Learning, week by week".to_owned(), subtitle, aim: told.target_minutes, bars }.svg())
}

fn bar(week: &PaceWeek) -> Bar {
    let (met, says) = match week.met {
        Some(true) => (Met::Yes, "reached"),
        _ if week.paused => (Met::Rest, "paused"),
        Some(false) => (Met::No, "below"),
        None => (Met::Open, "not over yet"),
    };
    let days = if week.active_days == 1 { "1 day".to_owned() } else { format!("{} days", week.active_days) };
    let says = format!(
        "{}, from {}: {} on {days}, {says}",
        week.iso_week,
        week.starts_on.format("%-d %B %Y"),
        duration(week.minutes)
    );
    Bar { starts_on: week.starts_on, minutes: week.minutes, met, says }
}

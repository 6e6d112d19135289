//! Funnels as tables and as charts.

use entity::vocabulary::Vocabulary as _;

use super::{
    TimeInStage,
    told::{FunnelGroup, FunnelStage, StageStay},
};
use crate::domain::{
    chart::shares::{Area, Bar, Shares},
    error::Result,
    jobs::stage::called,
    report::learning::ReportGroupKind,
    table::{Cell, csv},
};

/// A row for each number: of which group, what it measures, and of what.
pub(in crate::domain) fn rows(groups: &[FunnelGroup]) -> Result<String> {
    let rows = groups.iter().flat_map(|group| {
        measured(group).into_iter().map(|(measure, of, value)| -> Vec<Cell> {
            vec![group.kind.word().into(), group.key.as_deref().into(), measure.into(), of.into(), value.into()]
        })
    });
    csv(&["kind", "key", "measure", "of", "value"], rows)
}

type Row = (&'static str, &'static str, Option<i64>);

fn measured(group: &FunnelGroup) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![("people", "", Some(group.people)), ("applications", "", Some(group.applications))];
    for one in &group.stages {
        rows.push(("reached", one.kind.word(), one.reached));
        rows.push(("conversionPercent", one.kind.word(), one.conversion_percent));
        rows.push(("medianDays", one.kind.word(), one.median_days));
    }
    let word = |one: &super::FunnelOutcome| one.outcome.map_or("OPEN", |outcome| outcome.word());
    rows.extend(group.outcomes.iter().map(|one| ("outcome", word(one), one.applications)));
    rows
}

/// What reached each kind of stage, of all.
pub(in crate::domain) fn chart(title: &str, subtitle: &str, total: Option<&FunnelGroup>) -> String {
    let all = total.map_or(0, |group| group.applications);
    let areas = total.into_iter().flat_map(|group| group.stages.iter().map(|stage| area(stage, all)));
    let says = if total.is_none_or(|group| group.kind == ReportGroupKind::Total) {
        format!("{subtitle}: {all}")
    } else {
        subtitle.to_owned()
    };
    let legend = ["Reached", "", "Not reached"];
    Shares { title: title.to_owned(), subtitle: says, legend, areas: areas.collect() }.svg()
}

fn area(stage: &FunnelStage, all: i64) -> Area {
    let reached = stage.reached.map(|reached| reached.min(all));
    let share = match (stage.reached, stage.conversion_percent) {
        (Some(reached), Some(percent)) => format!("{reached}, {percent} % of the step before"),
        (Some(reached), None) => reached.to_string(),
        (None, _) => "too few people to tell".to_owned(),
    };
    Area {
        name: called(stage.kind).to_owned(),
        percent: reached.filter(|_| all > 0).map(|reached| reached * 100 / all),
        share,
        note: days(stage.median_days),
        bar: Bar::Stretches(reached.map_or([0; 3], |reached| [reached, 0, all - reached]), all),
    }
}

fn days(median: Option<i64>) -> String {
    match median {
        Some(1) => "Half of them stood there for a day at most.".to_owned(),
        Some(days) => format!("Half of them stood there for {days} days at most."),
        None => "How long they stand there is not known.".to_owned(),
    }
}

/// How long applications stood in each kind of stage, a row each.
pub(super) fn stays_table(told: &TimeInStage) -> Result<String> {
    let columns = ["kind", "left", "medianDays", "threeQuartersDays", "longestDays"];
    let row = |one: &StageStay| -> Vec<Cell> {
        vec![
            one.kind.word().into(),
            one.left.into(),
            one.median_days.into(),
            one.three_quarters_days.into(),
            one.longest_days.into(),
        ]
    };
    csv(&columns, told.stages.iter().map(row))
}

/// The same as a chart, all on one scale: the longest of all.
#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
pub(super) fn stays_chart(told: &TimeInStage) -> Result<String> {
    let longest = told.stages.iter().filter_map(|one| one.longest_days).max().unwrap_or(0).max(1);
    let chart = Shares {
        title: "How long applications stood in each stage".to_owned(),
        subtitle: format!("Of those that left it; the whole bar is {longest} days"),
        legend: ["Half of them", "Three quarters", "Longer"],
        areas: told.stages.iter().map(|one| stay(one, longest)).collect(),
    };
    Ok(chart.svg())
}

fn stay(one: &StageStay, longest: i64) -> Area {
    let left = format!("{} left it", one.left);
    let (share, note, bar) = match (one.median_days, one.three_quarters_days, one.longest_days) {
        (Some(half), Some(most), Some(last)) => {
            let unit = if half == 1 { "day" } else { "days" };
            let note = format!("{} The longest: {last}.", days(one.median_days));
            (format!("{half} {unit} · {left}"), note, [half, most - half, last - most])
        }
        _ => (left, "None has left it yet.".to_owned(), [0; 3]),
    };
    Area { name: called(one.kind).to_owned(), share, percent: None, note, bar: Bar::Stretches(bar, longest) }
}

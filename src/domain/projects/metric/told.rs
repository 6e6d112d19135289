//! What is shown of a metric beside its columns: what its latest observations tell.

use chrono::{DateTime, Utc};
use entity::{
    decimal::Decimal,
    kind::{Kind, word},
    projects::metric::MetricDirection,
    vocabulary::Vocabulary as _,
};

use super::{
    ATTAINMENT, MetricTrend,
    measure::{self, Aim, Point},
};
use crate::{
    domain::projects::milestone::standing::{end_of, points_of},
    read::{
        cell::{Cell, Store},
        shape::{Need, Seen, Shape},
    },
};

/// The latest value.
const LATEST: Need = Need::aggregate(
    "(SELECT o.value FROM metric_observation o WHERE o.metric_id = {t}.id AND o.deleted_at IS NULL \
     ORDER BY o.observed_at DESC, o.id DESC LIMIT 1)",
    Store::Int,
);
/// When that was.
const LATEST_AT: Need = Need::aggregate(
    "(SELECT o.observed_at FROM metric_observation o WHERE o.metric_id = {t}.id AND o.deleted_at IS NULL \
     ORDER BY o.observed_at DESC, o.id DESC LIMIT 1)",
    Store::Time,
);
/// The latest observations.
const POINTS: Need = Need::Aggregate(
    "(SELECT json_group_array(json_array(p.observed_at, p.value)) FROM \
     (SELECT o.observed_at, o.value FROM metric_observation o WHERE o.metric_id = {t}.id AND o.deleted_at IS NULL \
     ORDER BY o.observed_at DESC, o.id DESC LIMIT 10) p)",
    "(SELECT json_agg(json_build_array(p.observed_at, p.value))::text FROM \
     (SELECT o.observed_at, o.value FROM metric_observation o WHERE o.metric_id = {t}.id AND o.deleted_at IS NULL \
     ORDER BY o.observed_at DESC, o.id DESC LIMIT 10) p)",
    Store::Text,
);
/// Until when its milestone is promised.
const DUE: Need = Need::aggregate("(SELECT m.target_date FROM milestone m WHERE m.id = {t}.milestone_id)", Store::Date);

/// What it aims at, to which a computed value adds what it looks at besides.
fn aim_and(more: Vec<Need>) -> Vec<Need> {
    let mut needs = vec![
        Need::Column("direction", Store::Text),
        Need::Column("baseline", Store::Int),
        Need::Column("target", Store::Int),
    ];
    needs.extend(more);
    needs
}

/// Shows what the latest observations tell.
pub(super) fn shown(shape: Shape) -> Shape {
    shape
        .computed("latestValue", Kind::Decimal, "What was observed last.", vec![LATEST], own)
        .nullable()
        .computed("latestObservedAt", Kind::Time, "When that was.", vec![LATEST_AT], own)
        .nullable()
        .computed(
            "targetMet",
            Kind::Bool,
            "Whether what was observed last reaches the target, or is beyond it; null before it is observed.",
            aim_and(vec![LATEST]),
            met,
        )
        .nullable()
        .computed(
            "attainment",
            ATTAINMENT,
            "How much of the way from the baseline to the target has been gone, in whole percent, rounded down: below 0 on the \
             other side of the baseline, above 100 beyond the target; null without a baseline or an observation.",
            aim_and(vec![LATEST]),
            attainment,
        )
        .nullable()
        .computed(
            "trend",
            word::<MetricTrend>(),
            "Which way it has gone lately: by the line of least squares through its last ten observations, which is steady when \
             it moved by no more than a hundredth of the way from the baseline (or from 0) to the target.",
            aim_and(vec![POINTS]),
            trend,
        )
        .nullable()
        .computed(
            "projectedAtTargetDate",
            Kind::Decimal,
            "Where that line is at the end (UTC) of the milestone's target date; null once that is past, and before there are \
             observations at two moments.",
            vec![POINTS, DUE],
            projected,
        )
        .nullable()
}

fn own(cells: &[Cell], _: &Seen) -> Cell {
    cells.first().cloned().unwrap_or(Cell::Null)
}

fn decimal(cell: &Cell) -> Option<Decimal> {
    match cell {
        Cell::Int(millionths) => Decimal::of_millionths((*millionths).into()),
        _ => None,
    }
}

fn aim(direction: &Cell, baseline: &Cell, target: &Cell) -> Option<Aim> {
    let direction = MetricDirection::of(direction.text()?)?;
    Some(Aim { direction, baseline: decimal(baseline), target: decimal(target)? })
}

fn points(cell: &Cell) -> Vec<Point> {
    points_of(cell.text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default())
}

fn met(cells: &[Cell], _: &Seen) -> Cell {
    let [direction, baseline, target, latest] = cells else { return Cell::Null };
    let met = aim(direction, baseline, target).zip(decimal(latest)).map(|(aim, latest)| aim.met(latest));
    met.map_or(Cell::Null, Cell::Bool)
}

fn attainment(cells: &[Cell], _: &Seen) -> Cell {
    let [direction, baseline, target, latest] = cells else { return Cell::Null };
    let gone = aim(direction, baseline, target).zip(decimal(latest)).and_then(|(aim, latest)| aim.attainment(latest));
    gone.map_or(Cell::Null, Cell::Int)
}

fn trend(cells: &[Cell], _: &Seen) -> Cell {
    let [direction, baseline, target, latest] = cells else { return Cell::Null };
    let trend = aim(direction, baseline, target).and_then(|aim| aim.trend(&points(latest)));
    trend.map_or(Cell::Null, |trend| Cell::Text(trend.word().to_owned()))
}

fn projected(cells: &[Cell], seen: &Seen) -> Cell {
    let [latest, due] = cells else { return Cell::Null };
    let ahead: Option<DateTime<Utc>> = due.date().map(end_of).filter(|end| *end > seen.now);
    let value = ahead.and_then(|end| measure::projected(&points(latest), end));
    value.map_or(Cell::Null, |value| Cell::Int(value.millionths()))
}

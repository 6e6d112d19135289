//! Where a milestone stands, and how it looks: computed when it is read (§11).

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::{
    decimal::Decimal,
    projects::{
        metric::MetricDirection,
        milestone::{MilestoneHealth, MilestoneStatus},
    },
    vocabulary::Vocabulary as _,
};

use crate::{
    domain::{
        learning::week::day_in,
        projects::metric::measure::{Aim, Point, projected},
    },
    read::{
        cell::{Cell, Store},
        shape::{Need, Seen},
    },
};

/// How many days before its day a milestone that will be missed is off track, and no more at risk.
const CLOSE: i64 = 7;
/// How many days before its day something must have been observed.
const BLIND: i64 = 14;

/// Where its owner lives.
const ZONE: Need = Need::aggregate("(SELECT u.time_zone FROM \"user\" u WHERE u.id = {t}.owner_id)", Store::Text);
/// How many milestones of the project come before it and are not done.
const BEFORE: Need = Need::aggregate(
    "(SELECT CAST(COUNT(*) AS BIGINT) FROM milestone b WHERE b.project_id = {t}.project_id AND b.deleted_at IS NULL \
     AND b.completed_at IS NULL AND (b.sort_order < {t}.sort_order OR (b.sort_order = {t}.sort_order AND b.id < {t}.id)))",
    Store::Int,
);
/// Its metrics: each with its direction, its target and its latest observations.
const METRICS: Need = Need::Aggregate(
    "(SELECT json_group_array(json_array(k.direction, k.target, \
     (SELECT json_group_array(json_array(p.observed_at, p.value)) FROM \
     (SELECT o.observed_at, o.value FROM metric_observation o WHERE o.metric_id = k.id AND o.deleted_at IS NULL \
     ORDER BY o.observed_at DESC, o.id DESC LIMIT 10) p))) \
     FROM metric k WHERE k.milestone_id = {t}.id AND k.deleted_at IS NULL)",
    "(SELECT json_agg(json_build_array(k.direction, k.target, \
     (SELECT json_agg(json_build_array(p.observed_at, p.value)) FROM \
     (SELECT o.observed_at, o.value FROM metric_observation o WHERE o.metric_id = k.id AND o.deleted_at IS NULL \
     ORDER BY o.observed_at DESC, o.id DESC LIMIT 10) p)))::text \
     FROM metric k WHERE k.milestone_id = {t}.id AND k.deleted_at IS NULL)",
    Store::Text,
);

/// What the status looks at.
pub(super) fn of_status() -> Vec<Need> {
    vec![ZONE, BEFORE, Need::Column("target_date", Store::Date), Need::Column("completed_at", Store::Time)]
}

/// What the risk looks at.
pub(super) fn of_risk() -> Vec<Need> {
    vec![ZONE, METRICS, Need::Column("target_date", Store::Date), Need::Column("completed_at", Store::Time)]
}

pub(super) fn status_cell(cells: &[Cell], seen: &Seen) -> Cell {
    let [zone, before, target, completed] = cells else { return Cell::Null };
    let today = day_in(zone.text().unwrap_or_default(), seen.now);
    let is_first = before.int() == 0;
    let status = status(completed.time().is_some(), target.date().unwrap_or(today), is_first, today);
    Cell::Text(status.word().to_owned())
}

pub(super) fn risk_cell(cells: &[Cell], seen: &Seen) -> Cell {
    let [zone, metrics, target, completed] = cells else { return Cell::Null };
    let (Some(target), None) = (target.date(), completed.time()) else { return Cell::Null };
    let today = day_in(zone.text().unwrap_or_default(), seen.now);
    let expected: Vec<_> = read(metrics).into_iter().map(|(aim, points)| expected(aim, &points, target)).collect();
    Cell::Text(risk(target, today, &expected).word().to_owned())
}

/// A metric as the databases' JSON tells it.
type Told = (String, i64, Option<Vec<(String, i64)>>);

fn read(cell: &Cell) -> Vec<(Aim, Vec<Point>)> {
    let told: Vec<Told> = cell.text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let aim = |(direction, target, points): Told| {
        let direction = MetricDirection::of(&direction)?;
        let target = Decimal::of_millionths(target.into())?;
        Some((Aim { direction, baseline: None, target }, points_of(points.unwrap_or_default())))
    };
    told.into_iter().filter_map(aim).collect()
}

/// Observations as the databases' JSON tells them.
pub(in crate::domain::projects) fn points_of(told: Vec<(String, i64)>) -> Vec<Point> {
    let point = |(at, value): (String, i64)| {
        let at = DateTime::parse_from_rfc3339(&at).ok()?.with_timezone(&Utc);
        Some(Point { at, value: Decimal::of_millionths(value.into())? })
    };
    told.into_iter().filter_map(point).collect()
}

/// When a day is over, by the clock of UTC: what is projected to a day is projected to then.
pub(in crate::domain::projects) fn end_of(day: NaiveDate) -> DateTime<Utc> {
    day.succ_opt().unwrap_or(day).and_time(NaiveTime::MIN).and_utc()
}

/// Where a milestone stands: done, or else overdue once its day is past, or else next when it is the first of its project
/// that is not done.
#[must_use]
pub(in crate::domain) fn status(done: bool, target: NaiveDate, is_first: bool, today: NaiveDate) -> MilestoneStatus {
    match (done, target < today, is_first) {
        (true, ..) => MilestoneStatus::Done,
        (_, true, _) => MilestoneStatus::Overdue,
        (_, _, true) => MilestoneStatus::Next,
        _ => MilestoneStatus::Unstarted,
    }
}

/// Whether a metric will have reached its target by the end of a day: as its line goes on, or as it stands where one
/// observation tells no line. Of what has not been observed, nobody knows.
#[must_use]
pub(in crate::domain) fn expected(aim: Aim, points: &[Point], day: NaiveDate) -> Option<bool> {
    if let Some(value) = projected(points, end_of(day)) {
        return Some(aim.met(value));
    }
    let latest = points.iter().max_by_key(|point| point.at)?;
    aim.met(latest.value).then_some(true)
}

/// How a milestone that is not done looks, given what is expected of each of its metrics: off track once its day is past, or
/// when a metric is projected to miss its target and a week is left or less; at risk when one is projected to miss it, or
/// when nobody knows two weeks before the day; else on track.
#[must_use]
pub(in crate::domain) fn risk(target: NaiveDate, today: NaiveDate, expected: &[Option<bool>]) -> MilestoneHealth {
    let left = (target - today).num_days();
    let (missed, unknown) = (expected.contains(&Some(false)), expected.contains(&None));
    match left {
        ..0 => MilestoneHealth::OffTrack,
        0..=CLOSE if missed => MilestoneHealth::OffTrack,
        _ if missed => MilestoneHealth::AtRisk,
        0..=BLIND if unknown => MilestoneHealth::AtRisk,
        _ => MilestoneHealth::OnTrack,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn where_a_milestone_stands() {
        use MilestoneStatus::{Done, Next, Overdue, Unstarted};
        let today = day("2026-03-10");
        for (done, target, first, told) in [
            (true, "2026-03-01", true, Done),
            (true, "2026-04-01", false, Done),
            (false, "2026-03-09", true, Overdue),
            (false, "2026-03-09", false, Overdue),
            (false, "2026-03-10", true, Next),
            (false, "2026-03-10", false, Unstarted),
            (false, "2026-04-01", true, Next),
        ] {
            assert_eq!(status(done, day(target), first, today), told, "{done} {target} {first}");
        }
    }

    #[test]
    fn days_are_those_of_its_owner() {
        let seen = Seen {
            now: "2026-03-10T20:00:00Z".parse().unwrap(),
            settings: entity::platform::organization::Settings::default().into(),
            user: None,
        };
        let stands = |zone: &str, target: &str| {
            let cells = [Cell::Text(zone.to_owned()), Cell::Int(0), Cell::Date(day(target)), Cell::Null];
            status_cell(&cells, &seen).text().unwrap().to_owned()
        };
        assert_eq!(stands("UTC", "2026-03-10"), "NEXT");
        assert_eq!(stands("Asia/Tokyo", "2026-03-10"), "OVERDUE", "it is the 11th there");
        assert_eq!(stands("Asia/Tokyo", "2026-03-11"), "NEXT");
        assert_eq!(stands("America/New_York", "2026-03-09"), "OVERDUE");
    }

    #[test]
    fn what_the_databases_tell_is_read() {
        // SQLite writes moments with an offset, PostgreSQL with fractions only where there are any.
        let told = r#"[["UP",10000000,[["2026-03-01T10:00:00.5+00:00",9000000],["2026-03-01T10:00:00+00:00",-1]]],["DOWN",0,null]]"#;
        let read = read(&Cell::Text(told.to_owned()));
        assert_eq!((read.len(), read[0].1.len(), read[1].1.len()), (2, 2, 0));
        assert_eq!(read[0].1[0].at, "2026-03-01T10:00:00.5Z".parse::<DateTime<Utc>>().unwrap());
        assert_eq!(
            (read[0].1[1].value.to_string(), read[1].0.direction),
            ("-0.000001".to_owned(), MetricDirection::Down)
        );
    }

    #[test]
    fn how_a_milestone_looks() {
        use MilestoneHealth::{AtRisk, OffTrack, OnTrack};
        let today = day("2026-03-10");
        for (target, expected, told) in [
            ("2026-03-09", vec![], OffTrack),
            ("2026-03-09", vec![Some(true)], OffTrack),
            ("2026-03-10", vec![], OnTrack),
            ("2026-03-10", vec![Some(true), Some(true)], OnTrack),
            ("2026-03-17", vec![Some(true), Some(false)], OffTrack),
            ("2026-03-18", vec![Some(true), Some(false)], AtRisk),
            ("2026-09-18", vec![Some(false)], AtRisk),
            ("2026-03-24", vec![Some(true), None], AtRisk),
            ("2026-03-25", vec![Some(true), None], OnTrack),
        ] {
            assert_eq!(risk(day(target), today, &expected), told, "{target} {expected:?}");
        }
    }

    #[test]
    fn what_is_expected_of_a_metric() {
        let points = |values: &[&str]| -> Vec<Point> {
            let point = |(place, value): (usize, &&str)| Point {
                at: format!("2026-03-0{}T00:00:00Z", place + 1).parse().unwrap(),
                value: value.parse().unwrap(),
            };
            values.iter().enumerate().map(point).collect()
        };
        let aim = Aim { direction: MetricDirection::Up, baseline: None, target: "10".parse().unwrap() };
        // The end of the 9th is the beginning of the 10th: nine days after the first.
        for (values, told) in [
            (vec![], None),
            (vec!["9"], None),
            (vec!["10"], Some(true)),
            (vec!["1", "2"], Some(true)),
            (vec!["0.9", "1.9"], Some(false)),
            (vec!["11", "10.5"], Some(false)),
        ] {
            assert_eq!(expected(aim, &points(&values), day("2026-03-09")), told, "{values:?}");
        }
    }
}

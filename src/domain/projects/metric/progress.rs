//! A metric against its target over time: as numbers, as a table and as a chart.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    decimal::Decimal,
    id::{MetricId, MilestoneId},
    kind::{Declared as _, Kind, id, int, list, word},
    object,
    projects::{
        metric::{Entity, MetricDirection, MetricKind, MetricTrend},
        metric_observation as observation, milestone,
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::Serialize;

use super::{
    ATTAINMENT, NAME, UNIT,
    measure::{Aim, Point, for_people, projected},
};
use crate::domain::{
    answer::{Answer, Form},
    chart::lines::{Heading, Level, Lines, Mark},
    error::Result,
    look::Look,
    policy::Action,
    projects::milestone::standing::end_of,
    table::{Cell, csv},
};

/// How many observations are told at most, the latest ones.
const MOST: u64 = 500;
const POINT: Kind = Kind::Object(MetricPoint::object);

object! {
    /// Which metric.
    MetricProgressQuestion {
        /// The metric.
        required metric_id: MetricId = id::<MetricId>(),
        /// How many observations, the latest; without it, 100.
        optional observations: i64 = int(1, 500),
    }
}

object! {
    /// How a metric went, and where it is going.
    #[derive(Serialize)]
    MetricProgress {
        /// The metric.
        required metric_id: MetricId = id::<MetricId>(),
        /// Its milestone.
        required milestone_id: MilestoneId = id::<MilestoneId>(),
        /// What it is about.
        required kind: MetricKind = word::<MetricKind>(),
        /// What is measured.
        required name: String = NAME,
        /// In what.
        optional unit: String = UNIT,
        /// Which way it is to go.
        required direction: MetricDirection = word::<MetricDirection>(),
        /// Where it began.
        optional baseline: Decimal = Kind::Decimal,
        /// Where it is to go.
        required target: Decimal = Kind::Decimal,
        /// Until when: the day of its milestone.
        required target_date: NaiveDate = Kind::Date,
        /// How much of the way has been gone, in whole percent; null without a baseline or an observation.
        optional attainment: i64 = ATTAINMENT,
        /// Which way it has gone lately.
        optional trend: MetricTrend = word::<MetricTrend>(),
        /// Where its line is at the end (UTC) of the target date; null once that is past.
        optional projected_at_target_date: Decimal = Kind::Decimal,
        /// What it was, the oldest first.
        required observations: Vec<MetricPoint> = list(&POINT, 500),
    }
}

object! {
    /// What a metric was at a moment.
    #[derive(Serialize)]
    MetricPoint {
        /// When.
        required observed_at: String = Kind::Time,
        /// What it was.
        required value: Decimal = Kind::Decimal,
        /// Whether that reaches the target.
        required target_met: bool = Kind::Bool,
    }
}

/// `metricProgress`.
#[must_use]
pub fn of_metric() -> Answer {
    Answer::new(
        "metricProgress",
        Action::ViewMetric,
        "How a metric went against its target, and where it is going.",
        Kind::Object(MetricProgress::object),
        metric_progress,
    )
    .form(Form::csv("A row for each observation, as CSV.", table))
    .form(Form::svg("The observations over time with the target, as SVG, in light and dark.", chart))
}

async fn metric_progress(look: Look, asked: MetricProgressQuestion) -> Result<MetricProgress> {
    let metric = look.find::<Entity>(asked.metric_id, Action::ViewMetric).await?;
    let milestone = look.find::<milestone::Entity>(metric.milestone_id, Action::ViewMilestone).await?;
    let wanted = asked.observations.and_then(|count| u64::try_from(count).ok()).unwrap_or(100).min(MOST);
    let mut rows = observation::Entity::find()
        .filter(observation::Column::OrganizationId.eq(look.who.organization))
        .filter(observation::Column::MetricId.eq(metric.id))
        .filter(observation::Column::DeletedAt.is_null())
        .order_by_desc(observation::Column::ObservedAt)
        .order_by_desc(observation::Column::Id)
        .limit(wanted.max(super::measure::POINTS as u64))
        .all(&look.db)
        .await?;
    rows.reverse();
    let aim = Aim { direction: metric.direction, baseline: metric.baseline, target: metric.target };
    let points: Vec<_> = rows.iter().map(|row| Point { at: row.observed_at, value: row.value }).collect();
    let end = Some(end_of(milestone.target_date)).filter(|end| *end > look.now);
    let told = points.len().saturating_sub(usize::try_from(wanted).unwrap_or(usize::MAX));
    let told = points[told..].iter().map(|point| MetricPoint {
        observed_at: crate::domain::clock::rfc3339(point.at),
        value: point.value,
        target_met: aim.met(point.value),
    });
    Ok(MetricProgress {
        metric_id: metric.id,
        milestone_id: metric.milestone_id,
        kind: metric.kind,
        name: metric.name,
        unit: metric.unit,
        direction: metric.direction,
        baseline: metric.baseline,
        target: metric.target,
        target_date: milestone.target_date,
        attainment: points.last().and_then(|point| aim.attainment(point.value)),
        trend: aim.trend(&points),
        projected_at_target_date: end.and_then(|end| projected(&points, end)),
        observations: told.collect(),
    })
}

/// A row for each observation.
fn table(told: &MetricProgress) -> Result<String> {
    let rows = told.observations.iter().map(|point| {
        vec![
            Cell::from(point.observed_at.as_str()),
            Cell::Decimal(point.value),
            Cell::Decimal(told.target),
            point.target_met.into(),
        ]
    });
    csv(&["observedAt", "value", "target", "targetMet"], rows)
}

/// The observations over time, with the baseline, the target and where the line leads.
#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
fn chart(told: &MetricProgress) -> Result<String> {
    let at = |text: &str| text.parse::<DateTime<Utc>>().ok();
    let marks =
        told.observations.iter().filter_map(|point| Some(Mark { at: at(&point.observed_at)?, value: point.value }));
    let unit = told.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
    let mut said = vec![format!("target {}{unit} by {}", told.target, told.target_date.format("%-d %B %Y"))];
    said.extend(told.attainment.map(|percent| format!("{percent} % of the way")));
    let known = told.observations.iter().map(|point| point.value).chain(told.baseline).chain([told.target]);
    let heading = told.projected_at_target_date.map(|value| (value, for_people(value, known)));
    said.extend(heading.map(|(_, value)| format!("heading for {value}{unit}")));
    let end = end_of(told.target_date);
    Ok(Lines {
        title: told.name.clone(),
        subtitle: said.join(" · "),
        unit,
        marks: marks.collect(),
        target: Level { name: "Target".to_owned(), value: told.target },
        baseline: told.baseline.map(|value| Level { name: "Baseline".to_owned(), value }),
        until: end,
        heading: heading.map(|(value, told)| Heading { mark: Mark { at: end, value }, told }),
    }
    .svg())
}

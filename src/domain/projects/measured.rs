//! What is known of the metrics of projects as they stand: loaded in one statement, and judged by pure functions (§11).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    decimal::Decimal,
    id::{MetricId, MilestoneId, ProjectId, UserId},
    platform::user,
    projects::metric::{MetricDirection, MetricKind},
};
use sea_orm::{EntityTrait as _, FromQueryResult};

use super::metric::measure::{Aim, Point};
use crate::{
    domain::{error::Result, look::Look},
    read::sql::{Arg, Sql},
};

/// A metric as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Which.
    pub id: MetricId,
    /// Of which project.
    pub project: ProjectId,
    /// Of which milestone.
    pub milestone: MilestoneId,
    /// What it is about.
    pub kind: MetricKind,
    /// What is measured.
    pub name: String,
    /// What it aims at.
    pub aim: Aim,
    /// Its latest observation.
    pub latest: Option<Point>,
}

impl Measured {
    /// Whether it was observed, and reached its target.
    #[must_use]
    pub fn met(&self) -> bool {
        self.latest.is_some_and(|point| self.aim.met(point.value))
    }

    /// It as it stands after another observation, which came later than those that there are of the same moment.
    pub fn observe(&mut self, point: Point) {
        if self.latest.is_none_or(|latest| point.at >= latest.at) {
            self.latest = Some(point);
        }
    }
}

/// Test accuracy is not the business: every ML metric reached its target, and no business metric did (§11).
#[must_use]
pub fn model_good_business_flat(metrics: &[&Measured]) -> bool {
    let of = |kind| metrics.iter().filter(move |metric| metric.kind == kind);
    let (ml, business) = (of(MetricKind::Ml), of(MetricKind::Business));
    ml.clone().count() > 0
        && business.clone().count() > 0
        && ml.into_iter().all(|metric| metric.met())
        && !business.into_iter().any(|metric| metric.met())
}

/// Only the model is looked at: an ML metric was observed, and no business metric was, though there is one (§11).
#[must_use]
pub fn only_ml_observed(metrics: &[&Measured]) -> bool {
    let observed = |kind| metrics.iter().any(|metric| metric.kind == kind && metric.latest.is_some());
    let business = metrics.iter().any(|metric| metric.kind == MetricKind::Business);
    business && observed(MetricKind::Ml) && !observed(MetricKind::Business)
}

#[derive(FromQueryResult)]
struct Row {
    id: MetricId,
    project_id: ProjectId,
    milestone_id: MilestoneId,
    kind: MetricKind,
    name: String,
    direction: MetricDirection,
    baseline: Option<Decimal>,
    target: Decimal,
    latest_at: Option<DateTime<Utc>>,
    latest: Option<Decimal>,
}

impl From<Row> for Measured {
    fn from(row: Row) -> Self {
        let latest = row.latest_at.zip(row.latest).map(|(at, value)| Point { at, value });
        Self {
            id: row.id,
            project: row.project_id,
            milestone: row.milestone_id,
            kind: row.kind,
            name: row.name,
            aim: Aim { direction: row.direction, baseline: row.baseline, target: row.target },
            latest,
        }
    }
}

/// Begins a statement that finds living metrics of living milestones; what else is true of the metric `k` follows.
fn metrics(look: &Look) -> Sql {
    let mut sql = look.sql();
    let latest = |what| {
        format!(
            "(SELECT o.{what} FROM \"metric_observation\" o WHERE o.metric_id = k.id AND o.deleted_at IS NULL \
             ORDER BY o.observed_at DESC, o.id DESC LIMIT 1)"
        )
    };
    sql.push("SELECT k.id, k.project_id, k.milestone_id, k.kind, k.name, k.direction, k.baseline, k.target, ");
    sql.push(&latest("observed_at")).push(" AS latest_at, ").push(&latest("value")).push(" AS latest ");
    sql.push(
        "FROM \"metric\" k JOIN \"milestone\" m ON m.id = k.milestone_id AND m.deleted_at IS NULL \
         WHERE k.deleted_at IS NULL AND k.organization_id = ",
    );
    sql.bind(Arg::Uuid(look.who.organization.0)).push(" AND ");
    sql
}

/// The metrics of projects, in the order in which they were made.
pub(super) async fn of_projects(look: &Look, projects: &[ProjectId]) -> Result<Vec<Measured>> {
    let mut sql = metrics(look);
    sql.column("k", "project_id").among(Arg::Uuids(projects.iter().map(|id| id.0).collect()));
    sql.push(" ORDER BY k.created_at, k.id");
    Ok(look.rows::<Row>(&sql).await?.into_iter().map(Measured::from).collect())
}

/// The metrics of somebody's projects, by the project, in the order in which they were made.
pub(in crate::domain) async fn of_owner(look: &Look, owner: UserId) -> Result<BTreeMap<ProjectId, Vec<Measured>>> {
    let mut sql = metrics(look);
    sql.column("k", "owner_id").push(" = ").bind(Arg::Uuid(owner.0));
    sql.push(" ORDER BY k.created_at, k.id");
    let mut all = BTreeMap::<ProjectId, Vec<Measured>>::new();
    for row in look.rows::<Row>(&sql).await? {
        all.entry(row.project_id).or_default().push(row.into());
    }
    Ok(all)
}

/// Where somebody lives: their days begin and end there.
pub(super) async fn time_zone(look: &Look, owner: UserId) -> Result<String> {
    let owner = user::Entity::find_by_id(owner).one(&look.db).await?;
    Ok(owner.map(|owner| owner.time_zone).unwrap_or_default())
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use entity::{
        projects::{metric, milestone},
        vocabulary::Vocabulary as _,
    };

    use super::*;
    use crate::domain::clock;

    /// A metric of a kind that is to rise to a target, and what was observed last.
    pub(in crate::domain) fn metric(kind: &str, target: &str, latest: Option<&str>) -> Measured {
        Measured {
            id: clock::new_id(),
            project: clock::new_id(),
            milestone: clock::new_id(),
            kind: MetricKind::of(kind).unwrap(),
            name: "Recall".to_owned(),
            aim: Aim { direction: MetricDirection::Up, baseline: None, target: target.parse().unwrap() },
            latest: latest.map(|value| Point { at: at("2026-03-01T00:00:00Z"), value: value.parse().unwrap() }),
        }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// A milestone of a title.
    pub(in crate::domain) fn milestone(title: &str) -> milestone::Model {
        let now = clock::now();
        milestone::Model {
            id: clock::new_id(),
            organization_id: clock::new_id(),
            project_id: clock::new_id(),
            owner_id: clock::new_id(),
            title: title.to_owned(),
            description: None,
            target_date: now.date_naive(),
            sort_order: 0,
            health: None,
            health_note: None,
            health_updated_at: None,
            completed_at: None,
            override_reason: None,
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    /// A metric of a milestone.
    pub(in crate::domain) fn metric_of(milestone: &milestone::Model, kind: MetricKind) -> metric::Model {
        metric::Model {
            id: clock::new_id(),
            organization_id: milestone.organization_id,
            project_id: milestone.project_id,
            milestone_id: milestone.id,
            owner_id: milestone.owner_id,
            kind,
            name: "Recall".to_owned(),
            unit: None,
            direction: MetricDirection::Up,
            baseline: None,
            target: "1".parse().unwrap(),
            version: 1,
            created_at: milestone.created_at,
            updated_at: milestone.updated_at,
            deleted_at: None,
        }
    }

    #[test]
    fn what_metrics_tell_together() {
        for (metrics, flat, only_ml) in [
            (vec![], false, false),
            (vec![("ML", Some("10"))], false, false),
            (vec![("ML", Some("10")), ("BUSINESS", None)], true, true),
            (vec![("ML", Some("9")), ("BUSINESS", None)], false, true),
            (vec![("ML", None), ("BUSINESS", None)], false, false),
            (vec![("ML", Some("10")), ("BUSINESS", Some("9"))], true, false),
            (vec![("ML", Some("10")), ("BUSINESS", Some("10"))], false, false),
            (vec![("ML", Some("10")), ("ML", Some("9")), ("BUSINESS", Some("9"))], false, false),
            (vec![("ML", Some("10")), ("BUSINESS", Some("9")), ("BUSINESS", Some("11"))], false, false),
            (vec![("BUSINESS", Some("9"))], false, false),
        ] {
            let all: Vec<_> = metrics.iter().map(|(kind, latest)| metric(kind, "10", *latest)).collect();
            let all: Vec<_> = all.iter().collect();
            assert_eq!((model_good_business_flat(&all), only_ml_observed(&all)), (flat, only_ml), "{metrics:?}");
        }
    }

    #[test]
    fn the_latest_observation_counts() {
        let mut one = metric("ML", "10", Some("9"));
        for (when, value, latest) in [
            ("2026-02-28T00:00:00Z", "10", "9"),
            ("2026-03-01T00:00:00Z", "10", "10"),
            ("2026-03-02T00:00:00Z", "8", "8"),
        ] {
            one.observe(Point { at: at(when), value: value.parse().unwrap() });
            assert_eq!(one.latest.unwrap().value.to_string(), latest, "{when}");
        }
    }
}

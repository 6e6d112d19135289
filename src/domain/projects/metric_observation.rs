//! Observations: what metrics were, noted by hand or pushed by an ML platform, one by one or several at once (§11).

mod news;
mod record;

use chrono::{DateTime, Utc};
use entity::{
    decimal::Decimal,
    id::{MetricId, MetricObservationId, ProjectId, UserId},
    kind::{Declared as _, Kind, id, int, line},
    object,
    projects::metric_observation::{Column, Entity, Model},
};
use serde_json::json;

use super::project::of_part;
use crate::{
    domain::{
        caller::Caller,
        error::Result,
        external,
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// How many observations come together at most.
const BATCH: usize = 200;
pub(super) const REF: Kind = line(1, 255);
const ONE: Kind = Kind::Object(NewMetricObservation::object);

impl Row for Entity {
    const NAME: &'static str = "MetricObservation";
    type Id = MetricObservationId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<MetricObservationId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::MetricId => leaf(id::<MetricId>(), "The metric.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::Value => leaf(Kind::Decimal, "What it was.").filter(),
        Column::ObservedAt => leaf(Kind::Time, "When.").filter().sort(),
        Column::Source => leaf(external::SOURCE, "Where it was measured.").filter(),
        Column::ExternalRef => leaf(REF, "Its id there, unique within the metric."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "MetricObservation",
        "What a metric was at a moment (§11).",
        "obs",
        Action::ViewMetricObservation,
        show,
    )
    .order("observed_at", false)
    .one("project", "project_id", "Project", "The project.")
    .one("metric", "metric_id", "Metric", "The metric.");
    Resource { shape, plural: "metricObservations", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditMetricObservation;
    vec![
        Verb::on_collection(
            "record",
            EditMetricObservation,
            "Note what a metric was. The same under the same external reference changes nothing.",
            record::record,
        )
        .called("recordObservation"),
        Verb::on_collection(
            "record",
            EditMetricObservation,
            "Note what metrics were, many at once: all or none. What is known already stays as it is.",
            record::record_many,
        )
        .many()
        .called("recordObservations"),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditMetricObservation,
            "Delete an observation; it can be restored. Under its external reference it stays deleted, whoever sends it again.",
            delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", EditMetricObservation, "Bring a deleted observation back.", restore),
    ]
}

object! {
    /// What a metric was, to note.
    NewMetricObservation {
        /// The metric.
        required metric_id: MetricId = id::<MetricId>(),
        /// What it was.
        required value: Decimal = Kind::Decimal,
        /// When; not in the future.
        required observed_at: DateTime<Utc> = Kind::Time,
        /// Where it was measured: `mlflow`, `billing`; `manual` unless it is said.
        optional source: String = external::SOURCE,
        /// Its id there: the same id of the same metric again changes nothing.
        optional external_ref: String = REF,
    }
}

object! {
    /// What metrics were: all are noted, or none.
    NewMetricObservations {
        /// The observations.
        required observations: Vec<NewMetricObservation> = Kind::List { of: &ONE, min: 1, max: BATCH },
    }
}

async fn delete(who: Caller, target: Target<MetricObservationId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditMetricObservation).await?;
    of_part(&tx, was.project_id).await?;
    let row = tx.delete::<Entity>(was).await?;
    tell(&mut tx, "deleted", &row)?;
    tx.done(&row).await
}

async fn restore(who: Caller, target: Target<MetricObservationId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditMetricObservation).await?;
    of_part(&tx, was.project_id).await?;
    let row = tx.restore::<Entity>(was).await?;
    tell(&mut tx, "restored", &row)?;
    tx.done(&row).await
}

pub(super) fn tell(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    let told = json!({ "metricId": row.metric_id, "value": row.value, "observedAt": row.observed_at });
    tx.record(what, row, told)
}

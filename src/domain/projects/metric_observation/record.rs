//! Noting what metrics were, in as many steps for two hundred as for one; the same again is the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    id::{MetricId, ProjectId},
    projects::{
        metric,
        metric_observation::{Column, Entity, Model},
        project,
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{NewMetricObservation, NewMetricObservations, news::News, tell};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    policy::Action,
    projects::project::open,
    tx::Tx,
    verb::Done,
};

/// What is noted by hand.
const MANUAL: &str = "manual";

pub(super) async fn record(who: Caller, new: NewMetricObservation) -> Result<Done> {
    note(who, &[new], |_| String::new()).await
}

pub(super) async fn record_many(who: Caller, new: NewMetricObservations) -> Result<Done> {
    note(who, &new.observations, |place| format!("/observations/{place}")).await
}

/// What an observation is known by: its metric, and its id where it was measured.
type Key = (MetricId, String);

/// Notes observations, each unless it is known. Whoever notes something of a metric holds it: what two send at once comes one
/// after the other.
async fn note(who: Caller, new: &[NewMetricObservation], at: impl Fn(usize) -> String + Send) -> Result<Done> {
    let mut tx = who.begin_for(new.len()).await?;
    for (place, one) in new.iter().enumerate() {
        clock::past(tx.now, one.observed_at, &format!("{}/observedAt", at(place)))?;
    }
    let metrics = tx.find_each::<metric::Entity>(new.iter().map(|one| one.metric_id), Action::EditMetric).await?;
    for (place, one) in new.iter().enumerate() {
        metrics.refer(one.metric_id, &format!("{}/metricId", at(place)))?;
    }
    let mut known = known(&tx, new).await?;
    let (mut ids, mut rows) = (Vec::with_capacity(new.len()), Vec::new());
    for (place, one) in new.iter().enumerate() {
        let key = one.external_ref.clone().map(|name| (one.metric_id, name));
        if let Some(row) = key.as_ref().and_then(|key| known.get(key)) {
            again(&mut tx, row, one, &at(place))?;
            ids.push(row.id.0);
            continue;
        }
        let row = row(&tx, metrics.get(one.metric_id)?, one);
        ids.push(row.id.0);
        known.extend(key.map(|key| (key, row.clone())));
        rows.push(row);
    }
    let created = !rows.is_empty();
    if created {
        add(&mut tx, rows).await?;
    }
    tx.finish(ids, created).await
}

/// Adds what is new, and tells what that changed.
async fn add(tx: &mut Tx, rows: Vec<Model>) -> Result<()> {
    let ids: BTreeSet<ProjectId> = rows.iter().map(|row| row.project_id).collect();
    let found = tx.find_each::<project::Entity>(ids.iter().copied(), Action::WorkOnProject).await?;
    let mut projects = BTreeMap::new();
    for id in ids {
        let project = found.get(id)?;
        open(project)?;
        projects.insert(id, project.clone());
    }
    let news = News::before(tx, projects).await?;
    for row in &rows {
        tell(tx, "recorded", row)?;
    }
    tx.add_all::<Entity>(rows.clone()).await?;
    news.after(tx, &rows)
}

fn row(tx: &Tx, metric: &metric::Model, new: &NewMetricObservation) -> Model {
    Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        project_id: metric.project_id,
        metric_id: metric.id,
        owner_id: metric.owner_id,
        value: new.value,
        observed_at: new.observed_at,
        source: source(new).to_owned(),
        external_ref: new.external_ref.clone(),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    }
}

fn source(new: &NewMetricObservation) -> &str {
    new.source.as_deref().unwrap_or(MANUAL)
}

/// The observations that came before under these references, deleted ones too.
async fn known(tx: &Tx, new: &[NewMetricObservation]) -> Result<HashMap<Key, Model>> {
    let named: Vec<_> = new.iter().filter(|one| one.external_ref.is_some()).collect();
    if named.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::MetricId.is_in(named.iter().map(|one| one.metric_id).collect::<BTreeSet<_>>()))
        .filter(Column::ExternalRef.is_in(named.iter().filter_map(|one| one.external_ref.as_deref())))
        .all(&tx.db)
        .await?;
    let keyed = |row: Model| row.external_ref.clone().map(|name| ((row.metric_id, name), row));
    Ok(rows.into_iter().filter_map(keyed).collect())
}

/// Refuses another content under a reference that came before. The same stays as it is, whatever became of it.
fn again(tx: &mut Tx, row: &Model, new: &NewMetricObservation, at: &str) -> Result<()> {
    if !same(row, new) {
        let why = "This reference came before for this metric, with another content.";
        let details = json!({ "externalRef": row.external_ref, "observationId": row.id, "value": row.value });
        return Err(Error::field(Code::ObservationConflict, &format!("{at}/externalRef"), why).with(details));
    }
    if row.deleted_at.is_some() {
        tx.warn("OBSERVATION_DELETED", format!("{} was deleted since it was noted; it stays so.", row.id));
    }
    Ok(())
}

fn same(row: &Model, new: &NewMetricObservation) -> bool {
    (row.value, row.observed_at, row.source.as_str()) == (new.value, new.observed_at, source(new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_the_same_value_moment_and_source() {
        let new = |value: &str, at: &str, source: Option<&str>| NewMetricObservation {
            metric_id: clock::new_id(),
            value: value.parse().unwrap(),
            observed_at: at.parse().unwrap(),
            source: source.map(str::to_owned),
            external_ref: Some("run-1".to_owned()),
        };
        let now = clock::now();
        let row = Model {
            id: clock::new_id(),
            organization_id: clock::new_id(),
            project_id: clock::new_id(),
            metric_id: clock::new_id(),
            owner_id: clock::new_id(),
            value: "0.93".parse().unwrap(),
            observed_at: "2026-03-01T10:00:00Z".parse().unwrap(),
            source: MANUAL.to_owned(),
            external_ref: Some("run-1".to_owned()),
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        };
        for (value, at, source, told) in [
            ("0.93", "2026-03-01T10:00:00Z", None, true),
            ("0.930", "2026-03-01T11:00:00+01:00", Some("manual"), true),
            ("0.931", "2026-03-01T10:00:00Z", None, false),
            ("0.93", "2026-03-01T10:00:01Z", None, false),
            ("0.93", "2026-03-01T10:00:00Z", Some("mlflow"), false),
        ] {
            assert_eq!(same(&row, &new(value, at, source)), told, "{value} {at} {source:?}");
        }
    }
}

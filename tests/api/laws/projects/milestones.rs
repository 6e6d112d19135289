//! Milestones, metrics and observations in the world of the laws.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::writes::Tour;
use crate::harness::Actor;

/// A milestone of the world's project, what is measured of it, and what was observed.
pub(super) async fn one_of_each(ada: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let promise = json!({ "projectId": one["Project"], "title": "Forecast", "targetDate": "2999-03-01" });
    let milestone = ada.create("Milestone", promise).await.id();
    let metric = ada.create("Metric", metric(&milestone)).await.id();
    let saw = json!({ "metricId": metric, "value": "0.85", "observedAt": "2026-03-01T10:00:00Z" });
    one.insert("MetricObservation", ada.act("MetricObservation", "record", None, saw).await.id());
    one.extend([("Milestone", milestone), ("Metric", metric)]);
}

fn metric(milestone: &str) -> Value {
    json!({
        "milestoneId": milestone, "kind": "ML", "name": "Recall", "direction": "UP", "baseline": "0.8", "target": "10",
    })
}

/// Every verb of them, in a project.
pub(super) async fn tour(tour: &mut Tour<'_>, project: &str) {
    let (ada, nothing) = (&tour.world.ada, json!({}));
    let made = |object: Value| object["id"].as_str().unwrap().to_owned();
    let promise = |title: &str| json!({ "projectId": project, "title": title, "targetDate": "2999-03-01" });
    let first = made(tour.go(ada, "Milestone", "create", None, promise("First")).await);
    let second = made(tour.go(ada, "Milestone", "create", None, promise("Second")).await);
    tour.go(ada, "Milestone", "update", Some(&first), json!({ "title": "The first" })).await;
    let order = json!({ "projectId": project, "milestoneIds": [second, first] });
    tour.go(ada, "Milestone", "reorder", None, order).await;
    tour.go(ada, "Milestone", "updateHealth", Some(&first), json!({ "health": "AT_RISK" })).await;
    for verb in ["complete", "reopen", "delete", "restore"] {
        tour.go(ada, "Milestone", verb, Some(&first), nothing.clone()).await;
    }
    let measured = made(tour.go(ada, "Metric", "create", None, metric(&first)).await);
    tour.go(ada, "Metric", "update", Some(&measured), json!({ "target": "0.95" })).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "Metric", verb, Some(&measured), nothing.clone()).await;
    }
    let saw = |value: &str| json!({ "metricId": measured, "value": value, "observedAt": "2026-03-01T10:00:00Z" });
    let observed = made(tour.go(ada, "MetricObservation", "record", None, saw("0.81")).await);
    let several = json!({ "observations": [saw("0.82"), saw("0.83")] });
    tour.go(ada, "MetricObservation", "record", None, several).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "MetricObservation", verb, Some(&observed), nothing.clone()).await;
    }
}

//! Evidence of value: what a business measures, and what became part of a job (§15).

use serde_json::{Value, json};

use super::portfolio_entry::entry;
use crate::harness::{Actor, Api, assert_snapshot, face::id, stories_in_both_faces, world::nothing};

stories_in_both_faces!(a_business_metric_shows_value, what_shows_value_is_named);

const KIND: &str = "PortfolioEvidence";

async fn record(who: &Actor, entry: &str, kind: &str, more: Value) -> crate::harness::Outcome {
    let mut new = json!({ "entryId": entry, "kind": kind });
    new.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    who.act(KIND, "record", None, new).await
}

/// A metric of a project.
async fn metric(who: &Actor, milestone: &str, kind: &str) -> String {
    let new = json!({
        "milestoneId": milestone, "kind": kind, "name": kind, "direction": "DOWN", "baseline": "100", "target": "50",
    });
    who.create("Metric", new).await.id()
}

async fn observe(who: &Actor, metric: &str, value: &str, at: &str) {
    let new = json!({ "metricId": metric, "value": value, "observedAt": at });
    who.act("MetricObservation", "record", None, new).await.done();
}

async fn a_business_metric_shows_value(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let promised = json!({ "projectId": project, "title": "First", "targetDate": "2027-01-01" });
    let milestone = ada.create("Milestone", promised).await.id();
    let (business, ml) = (metric(&ada, &milestone, "BUSINESS").await, metric(&ada, &milestone, "ML").await);
    let told = entry(&ada, "Wind", json!({ "projectId": project })).await;
    let of = |metric: &str| json!({ "metricId": metric });
    assert_snapshot!(record(&ada, &told, "BUSINESS_OBSERVATION", json!({})).await.said(), @"VALUE_EVIDENCE_INCOMPLETE /metricId");
    // Before it is observed it shows nothing; and neither does one that went the other way.
    let refused = record(&ada, &told, "BUSINESS_OBSERVATION", of(&business)).await;
    assert_snapshot!(refused.said(), @"VALUE_NOT_SHOWN /metricId");
    assert_snapshot!(refused.details, @r#"{"baseline":"100","target":"50"}"#);
    observe(&ada, &business, "110", "2026-01-01T00:00:00Z").await;
    assert_snapshot!(record(&ada, &told, "BUSINESS_OBSERVATION", of(&business)).await.said(), @"VALUE_NOT_SHOWN /metricId");
    observe(&ada, &business, "80", "2026-02-01T00:00:00Z").await;
    let shown = record(&ada, &told, "BUSINESS_OBSERVATION", of(&business)).await.done();
    assert_eq!(
        (&shown["metricId"], &shown["occurredAt"], &shown["kind"]),
        (&json!(business), &json!("2026-02-01T00:00:00.000000Z"), &json!("BUSINESS_OBSERVATION"))
    );
    assert!(shown["observationId"].is_string());
    // One observation shows it once, whatever is said of it; the next one shows it again.
    let again = json!({ "metricId": business, "note": "Look!" });
    assert_snapshot!(record(&ada, &told, "BUSINESS_OBSERVATION", again).await.said(), @"ALREADY_EXISTS");
    observe(&ada, &business, "70", "2026-02-02T00:00:00Z").await;
    let next = record(&ada, &told, "BUSINESS_OBSERVATION", of(&business)).await.done();
    ada.tell(KIND, "delete", &id(&next)).await.done();
    let anew = record(&ada, &told, "BUSINESS_OBSERVATION", of(&business)).await.done();
    assert_snapshot!(ada.tell(KIND, "restore", &id(&next)).await.said(), @"ALREADY_EXISTS");
    ada.tell(KIND, "delete", &id(&anew)).await.done();
    // A metric says itself when it was observed.
    let dated = json!({ "metricId": business, "occurredAt": "2026-01-01T00:00:00Z" });
    assert_snapshot!(record(&ada, &told, "BUSINESS_OBSERVATION", dated).await.said(), @"VALUE_EVIDENCE_MISMATCH /occurredAt");
    let measured = json!({ "metricId": business, "note": "They run it." });
    assert_snapshot!(record(&ada, &told, "PART_OF_JOB", measured).await.said(), @"VALUE_EVIDENCE_MISMATCH /metricId");
    assert_eq!(ada.see("PortfolioEntry", &told).await.done()["suggestedStage"], "VALUE_CREATION");
    // What the model reaches is not the business; and another project's metric shows nothing of this one.
    observe(&ada, &ml, "50", "2026-02-01T00:00:00Z").await;
    assert_snapshot!(record(&ada, &told, "BUSINESS_OBSERVATION", of(&ml)).await.said(), @"REFERENCE_UNKNOWN /metricId");
    let other = entry(&ada, "Sun", json!({})).await;
    assert_snapshot!(record(&ada, &other, "BUSINESS_OBSERVATION", of(&business)).await.said(), @"REFERENCE_UNKNOWN /metricId");
    assert_snapshot!(record(&ada, &told, "BUSINESS_OBSERVATION", of(&nothing("mtr"))).await.said(), @"REFERENCE_UNKNOWN /metricId");
}

async fn what_shows_value_is_named(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let told = entry(&ada, "Wind", json!({})).await;
    // What a stakeholder says, they say themselves.
    assert_snapshot!(record(&ada, &told, "STAKEHOLDER_CONFIRMATION", json!({ "note": "Great!" })).await.said(), @"EVIDENCE_SOURCE_FORBIDDEN /kind");
    assert_snapshot!(record(&ada, &told, "PART_OF_JOB", json!({})).await.said(), @"VALUE_EVIDENCE_INCOMPLETE /note");
    let ahead = json!({ "note": "Soon.", "occurredAt": "2999-01-01T00:00:00Z" });
    assert_snapshot!(record(&ada, &told, "PART_OF_JOB", ahead).await.said(), @"OCCURRED_AT_INVALID /occurredAt");
    assert_snapshot!(record(&ada, &nothing("pfe"), "PART_OF_JOB", json!({ "note": "x" })).await.said(), @"REFERENCE_UNKNOWN /entryId");
    let note =
        json!({ "note": "They run it.", "url": "https://example.org/run", "occurredAt": "2026-01-01T00:00:00Z" });
    let made = record(&ada, &told, "PART_OF_JOB", note).await.done();
    assert_eq!(made["occurredAt"], "2026-01-01T00:00:00.000000Z");
    ada.tell(KIND, "delete", &id(&made)).await.done();
    assert_eq!(ada.list(KIND, &[("entryId", &told)]).await.items.len(), 0);
    ada.tell(KIND, "restore", &id(&made)).await.done();
    let said = ada.list("Event", &[("subjectId", &id(&made)), ("sort", "seq")]).await.each("type");
    assert_eq!(said, ["recorded", "deleted", "restored"].map(|what| format!("portfolio_evidence.{what}")));
}

//! What a document may not say, each with its place.

use serde_json::json;

use super::*;

/// A document with something of everything.
fn document() -> Value {
    let step = |step: &str, state: &str| json!({ "step": step, "state": state });
    json!({
        "format": "cairn/project", "version": 1,
        "project": { "title": "Wind", "kind": "WORK", "status": "SCOPING" },
        "members": [{ "person": { "email": "ben@example.org" }, "role": "LEAD", "joinedAt": "2026-03-01T10:00:00Z" }],
        "scope": {
            "revision": 2,
            "steps": [step("BUSINESS_PROBLEM", "COMPLETE"), step("SOLUTION_BRAINSTORM", "OPEN"), step("ASSESSMENT", "STALE"),
                step("MILESTONES", "STALE"), step("BUDGET", "STALE")],
            "consultations": [{ "heldAt": "2026-03-01T10:00:00Z", "painPoints": [{ "rank": 1, "wish": "To know" }] }],
            "solutions": [{ "title": "Forecast", "isAi": true, "status": "PROPOSED", "proofsOfConcept": [{
                "question": "Can it?", "timeboxDays": 5, "status": "REPORTED", "outcome": "INFEASIBLE", "finding": "No",
                "requestedAt": "2026-03-01T10:00:00Z", "reportedAt": "2026-03-05T10:00:00Z",
            }] }],
            "transitions": [{ "revision": 2, "fromStatus": "SCOPED", "toStep": "SOLUTION_BRAINSTORM", "reason": "INFEASIBLE",
                "learning": "Masts are few", "actorKind": "USER", "occurredAt": "2026-03-06T10:00:00Z" }],
            "revisions": [{ "revision": 1, "keptAt": "2026-03-06T10:00:00Z", "document": { "revision": 1 } }],
        },
        "milestones": [{ "title": "First", "targetDate": "2999-01-01", "sortOrder": 0, "metrics": [{
            "kind": "ML", "name": "Error", "direction": "DOWN", "baseline": "20", "target": "8",
            "observations": [
                { "value": "19.5", "observedAt": "2026-03-07T10:00:00Z", "source": "mlflow", "externalRef": "run-1" },
                { "value": "18", "observedAt": "2026-03-08T10:00:00Z", "source": "mlflow", "externalRef": "run-2" },
            ],
        }] }],
        "budget": {
            "notNeeded": [{ "category": "INTEGRATIONS", "reason": "Beside everything" }], "approval": "DRAFT",
            "lines": [{
                "category": "DATA", "description": "Images", "plannedAmount": { "amount": "100.00", "currency": "EUR" },
                "supportStatus": "NOT_ASKED",
                "entries": [{ "amount": { "amount": "40.01", "currency": "EUR" }, "incurredAt": "2026-03-08T10:00:00Z" }],
            }],
        },
        "obstacles": [],
    })
}

/// What is wrong when something is set at a place.
fn told(at: &str, value: Value) -> Vec<String> {
    let mut document = document();
    if let Some(place) = document.pointer_mut(at) {
        *place = value;
    } else {
        let (parent, name) = at.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap()[name] = value;
    }
    let mut notes = Notes::default();
    let read = read(document, &mut notes);
    assert_eq!(read.is_some(), notes.fine());
    notes.errors.iter().map(|note| format!("{} {}", note.pointer, note.code)).collect()
}

#[test]
fn what_is_sound_is_read() {
    let mut notes = Notes::default();
    let document = read(document(), &mut notes);
    assert_eq!(notes.errors, []);
    assert_eq!(document.unwrap().parts(), 12);
}

#[test]
fn each_thing_that_is_wrong_has_its_place() {
    let ends = |minutes: i64| clock::rfc3339(clock::now() + chrono::TimeDelta::minutes(minutes));
    for (at, value, wrong) in [
        ("/format", json!("other"), &["/format BAD_INPUT"] as &[_]),
        ("/version", json!(2), &["/version BAD_INPUT"]),
        ("/project/title", json!(""), &["/project/title VALIDATION_FAILED"]),
        ("/project/title", json!(7), &["/project/title BAD_INPUT"]),
        ("/project/surprise", json!(7), &["/project/surprise BAD_INPUT"]),
        ("/project/status", json!("SCOPED"), &["/scope/steps VALIDATION_FAILED"]),
        (
            "/project/status",
            json!("IN_PROGRESS"),
            &["/scope/steps VALIDATION_FAILED", "/project/startedAt VALIDATION_FAILED"],
        ),
        ("/project/status", json!("CANCELLED"), &["/project/endedAt VALIDATION_FAILED"]),
        ("/project/endedAt", json!("2026-03-01T10:00:00Z"), &["/project/endedAt VALIDATION_FAILED"]),
        (
            "/project",
            json!({
                "title": "Wind", "kind": "WORK", "status": "CANCELLED",
                "startedAt": "2026-03-02T10:00:00Z", "endedAt": "2026-03-01T10:00:00Z",
            }),
            &["/project/endedAt RANGE_INVERTED"],
        ),
        ("/scope/steps/3/state", json!("LOCKED"), &["/scope/steps VALIDATION_FAILED"]),
        ("/scope/steps/4/step", json!("MILESTONES"), &["/scope/steps/4/step VALIDATION_FAILED"]),
        ("/scope/revision", json!(1), &["/scope/transitions VALIDATION_FAILED", "/scope/revisions VALIDATION_FAILED"]),
        ("/scope/transitions/0/revision", json!(3), &["/scope/transitions/0/revision VALIDATION_FAILED"]),
        ("/scope/revisions/0/revision", json!(2), &["/scope/revisions/0/revision VALIDATION_FAILED"]),
        ("/scope/revisions/0/document", json!([]), &["/scope/revisions/0/document VALIDATION_FAILED"]),
        (
            "/scope/consultations/0/painPoints",
            json!([{ "rank": 1, "wish": "a" }, { "rank": 1, "wish": "b" }]),
            &["/scope/consultations/0/painPoints PAIN_POINT_RANK_TAKEN"],
        ),
        (
            "/scope/solutions/0/proofsOfConcept/0/status",
            json!("REQUESTED"),
            &[
                "/scope/solutions/0/proofsOfConcept/0/outcome VALIDATION_FAILED",
                "/scope/solutions/0/proofsOfConcept/0/finding VALIDATION_FAILED",
                "/scope/solutions/0/proofsOfConcept/0/reportedAt VALIDATION_FAILED",
            ],
        ),
        ("/members/0/contact", json!({}), &["/members/0 MEMBER_AMBIGUOUS"]),
        ("/members/0/joinedAt", json!(ends(60)), &["/members/0/joinedAt OCCURRED_AT_INVALID"]),
        (
            "/milestones/0/metrics/0/target",
            json!("20"),
            &["/milestones/0/metrics/0/target METRIC_TARGET_EQUALS_BASELINE"],
        ),
        (
            "/milestones/0/metrics/0/observations/1/externalRef",
            json!("run-1"),
            &["/milestones/0/metrics/0/observations/1/externalRef OBSERVATION_CONFLICT"],
        ),
        (
            "/milestones/0/metrics/0/observations/1/observedAt",
            json!(ends(60)),
            &["/milestones/0/metrics/0/observations/1/observedAt OCCURRED_AT_INVALID"],
        ),
        ("/budget/notNeeded/0/category", json!("DATA"), &["/budget/notNeeded/0/category BUDGET_CATEGORY_IN_USE"]),
        ("/budget/lines/0/plannedQuantity", json!("1"), &["/budget/lines/0/plannedAmount MEASURE_AMBIGUOUS"]),
        (
            "/budget/lines/0/plannedAmount/amount",
            json!("1.001"),
            &["/budget/lines/0/plannedAmount/amount AMOUNT_PRECISION"],
        ),
        (
            "/budget/lines/0/entries/0/amount/currency",
            json!("USD"),
            &["/budget/lines/0/entries/0/amount/currency CURRENCY_MISMATCH"],
        ),
        (
            "/milestones/0/externalRefs",
            json!([{ "source": "a", "externalId": "1" }, { "source": "a", "externalId": "1" }]),
            &["/milestones/0/externalRefs/1 EXTERNAL_REF_TAKEN"],
        ),
    ] {
        assert_eq!(told(at, value.clone()), wrong, "{at} {value}");
    }
}

#[test]
fn what_was_spent_is_still_counted() {
    let most = json!({ "amount": "999999999999999.00", "currency": "EUR" });
    let entry = json!({ "amount": most, "incurredAt": "2026-03-08T10:00:00Z" });
    assert_eq!(told("/budget/lines/0/entries", json!([entry])), [] as [&str; 0]);
    assert_eq!(told("/budget/lines/0/entries", json!([entry, entry])), ["/budget/lines/0/entries AMOUNT_TOO_LARGE"]);
}

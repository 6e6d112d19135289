//! The history of an application: corrected by another event, never changed (§21).

use serde_json::{Value, json};

use super::{Search, history};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(what_was_written_wrongly_is_corrected, what_never_happened_is_revoked, what_cannot_be_corrected);

const KIND: &str = "ApplicationEvent";

/// An application that moved twice and was closed: its search, itself, and its events in their order.
async fn told(who: &Actor) -> (Search, String, Vec<String>) {
    let search = Search::of(who).await;
    let id = search.apply(who, "2026-03-01T10:00:00Z").await;
    for (from, to, at) in [(0, 2, "2026-03-03T10:00:00Z"), (2, 3, "2026-03-07T10:00:00Z")] {
        let mut step = search.step(from, to);
        step["occurredAt"] = json!(at);
        who.act("Application", "move", Some(&id), step).await.done();
    }
    let closing = json!({ "outcome": "REJECTED", "occurredAt": "2026-03-09T10:00:00Z", "reason": "SQL." });
    who.act("Application", "close", Some(&id), closing).await.done();
    let events = events(who, &id).await;
    (search, id, events)
}

async fn events(who: &Actor, application: &str) -> Vec<String> {
    let mut all = who.list(KIND, &[("applicationId", application)]).await.items;
    all.sort_by_key(|event| event["number"].as_i64());
    all.iter().map(|event| event["id"].as_str().unwrap().to_owned()).collect()
}

async fn correct(who: &Actor, event: &str, right: Value) -> Value {
    who.act(KIND, "correct", Some(event), right).await.done()
}

async fn what_was_written_wrongly_is_corrected(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (search, id, events) = told(&ada).await;
    let right = json!({ "occurredAt": "2026-03-02T10:00:00Z", "reason": "A slip." });
    let by = correct(&ada, &events[1], right).await;
    assert_eq!([&by["correctsId"], &by["toStageId"]], [&json!(events[1]), &json!(search.stages[2])]);
    let right = json!({ "outcome": "NO_RESPONSE", "reason": "They never wrote." });
    correct(&ada, &events[3], right).await;
    assert_snapshot!(history(&ada, &id).await.join("\n"), @r"
    1 CREATED - > RESEARCH - 2026-03-01
    2 MOVED RESEARCH > APPLIED - 2026-03-03
    3 MOVED APPLIED > SCREENING - 2026-03-07
    4 CLOSED SCREENING > - REJECTED 2026-03-09
    5 MOVED RESEARCH > APPLIED - 2026-03-02 corrects
    6 CLOSED SCREENING > - NO_RESPONSE 2026-03-09 corrects
    ");
    let application = ada.see("Application", &id).await.done();
    assert_eq!(
        [&application["appliedAt"], &application["outcome"], &application["outcomeReason"], &application["stageKind"]],
        [&json!("2026-03-02T10:00:00.000000Z"), &json!("NO_RESPONSE"), &json!("SQL."), &json!("SCREENING")]
    );
    // What was corrected once is corrected through its correction.
    let again = json!({ "outcome": "WITHDRAWN", "reason": "x" });
    let refused = ada.act(KIND, "correct", Some(&events[3]), again.clone()).await;
    assert_snapshot!(refused.said(), @"EVENT_CORRECTED");
    let last = refused.details["by"].as_str().unwrap().to_owned();
    correct(&ada, &last, again).await;
    assert_eq!(ada.see("Application", &id).await.done()["outcome"], json!("WITHDRAWN"));
    let told = ada.list("Event", &[("subjectId", &id), ("type", "application.corrected")]).await.items;
    assert_eq!(told.len(), 3);
}

async fn what_never_happened_is_revoked(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (_, id, events) = told(&ada).await;
    let never = json!({ "revoke": true, "reason": "It was another company." });
    correct(&ada, &events[3], never.clone()).await;
    let open = ada.see("Application", &id).await.done();
    assert_eq!(
        [&open["outcome"], &open["outcomeReason"], &open["stageKind"]],
        [&json!(null), &json!(null), &json!("SCREENING")]
    );
    let by = correct(&ada, &events[2], never).await;
    assert_eq!([&by["kind"], &by["toStageId"]], [&json!("REVOKED"), &json!(null)]);
    assert_eq!(ada.see("Application", &id).await.done()["stageKind"], json!("APPLIED"));
    // It did happen after all, later.
    let right = json!({ "occurredAt": "2026-03-08T10:00:00Z", "reason": "It did." });
    correct(&ada, by["id"].as_str().unwrap(), right).await;
    let stands = ada.see("Application", &id).await.done();
    assert_eq!(
        [&stands["stageKind"], &stands["stageSince"]],
        [&json!("SCREENING"), &json!("2026-03-08T10:00:00.000000Z")]
    );
}

async fn what_cannot_be_corrected(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let (search, id, events) = told(&ada).await;
    let cases = [
        (0, json!({ "revoke": true })),
        (0, json!({ "occurredAt": "2026-03-04T10:00:00Z" })),
        (1, json!({ "occurredAt": "2026-02-04T10:00:00Z" })),
        (1, json!({ "occurredAt": "2999-02-04T10:00:00Z" })),
        (1, json!({ "outcome": "REJECTED" })),
        (3, json!({ "toStageId": search.stages[0] })),
        (1, json!({ "toStageId": Search::of(&ada).await.stages[0] })),
        (1, json!({})),
        (1, json!({ "revoke": true, "toStageId": search.stages[0] })),
    ];
    let mut said = Vec::new();
    for (event, mut right) in cases {
        right["reason"] = json!("x");
        said.push(ada.act(KIND, "correct", Some(&events[event]), right).await.said());
    }
    assert_snapshot!(said.join("\n"), @r"
    INVALID_TRANSITION
    OCCURRED_AT_INVALID /occurredAt
    OCCURRED_AT_INVALID /occurredAt
    OCCURRED_AT_INVALID /occurredAt
    VALIDATION_FAILED /outcome
    VALIDATION_FAILED /toStageId
    REFERENCE_UNKNOWN /toStageId
    VALIDATION_FAILED /revoke
    VALIDATION_FAILED /revoke
    ");
    assert_snapshot!(ada.act(KIND, "correct", Some(&events[1]), json!({ "revoke": true })).await.said(), @"BAD_INPUT /reason");
    // What goes on after an end would have nothing to go on from.
    ada.act("Application", "reopen", Some(&id), json!({ "reason": "They called." })).await.done();
    let never = json!({ "revoke": true, "reason": "x" });
    assert_snapshot!(ada.act(KIND, "correct", Some(&events[3]), never.clone()).await.said(), @"INVALID_TRANSITION");
    assert_eq!(history(&ada, &id).await.len(), 5);
    // Somebody who may only look corrects nothing.
    let kim = acme.coach("kim").await;
    ada.opens(&kim, &["jobs:read"]).await;
    assert_snapshot!(kim.act(KIND, "correct", Some(&events[1]), never).await.said(), @"FORBIDDEN");
}

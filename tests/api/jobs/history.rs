//! The history of an application: corrected by another event, never changed (§21).

use serde_json::{Value, json};

use super::{Search, history};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    what_was_written_wrongly_is_corrected,
    what_never_happened_is_revoked,
    what_goes_on_does_so_where_it_stood,
    what_ended_after_all,
    what_cannot_be_corrected
);

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
    let again = json!({ "revoke": true, "reason": "Once more." });
    let refused = ada.act(KIND, "correct", Some(by["id"].as_str().unwrap()), again).await;
    assert_snapshot!(refused.said(), @"VALIDATION_FAILED /revoke");
    // It did happen after all, later.
    let right = json!({ "occurredAt": "2026-03-08T10:00:00Z", "reason": "It did." });
    correct(&ada, by["id"].as_str().unwrap(), right).await;
    let stands = ada.see("Application", &id).await.done();
    assert_eq!(
        [&stands["stageKind"], &stands["stageSince"]],
        [&json!("SCREENING"), &json!("2026-03-08T10:00:00.000000Z")]
    );
}

async fn what_goes_on_does_so_where_it_stood(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (search, id, events) = told(&ada).await;
    ada.act(
        "Application",
        "reopen",
        Some(&id),
        json!({ "reason": "They called.", "occurredAt": "2026-03-12T10:00:00Z" }),
    )
    .await
    .done();
    let reached = async || {
        let told = ada.ask("funnel", json!({ "jobSearchId": search.id })).await.done();
        let stages = told["groups"][0]["stages"].as_array().unwrap().clone();
        stages.iter().map(|stage| stage["reached"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(reached().await, [1, 1, 1, 1, 0, 0]);
    // The last move was none: it stands where it stood before, now and in the funnel.
    let right = json!({ "toStageId": search.stages[1], "reason": "It was a mail." });
    correct(&ada, &events[2], right).await;
    let stands = ada.see("Application", &id).await.done();
    assert_eq!(
        [&stands["stageKind"], &stands["stageSince"], &stands["outcome"]],
        [&json!("OUTREACH"), &json!("2026-03-07T10:00:00.000000Z"), &json!(null)]
    );
    assert_eq!(reached().await, [1, 1, 1, 0, 0, 0]);
    // It stood in that stage on both sides of the end, and has not left it.
    let stays = ada.ask("timeInStage", json!({ "jobSearchId": search.id })).await.done();
    assert_eq!((&stays["stages"][1]["left"], &stays["stages"][2]["left"]), (&json!(0), &json!(1)));
    let mut step = search.step(1, 3);
    step["occurredAt"] = json!("2026-03-20T10:00:00Z");
    ada.act("Application", "move", Some(&id), step).await.done();
    let stays = ada.ask("timeInStage", json!({ "jobSearchId": search.id })).await.done();
    assert_eq!((&stays["stages"][1]["left"], &stays["stages"][1]["medianDays"]), (&json!(1), &json!(10)));
    // Where it went on may be corrected, too.
    let reopened = self::events(&ada, &id).await[4].clone();
    let by = correct(&ada, &reopened, json!({ "toStageId": search.stages[4], "reason": "For another team." })).await;
    assert_eq!((&by["kind"], &by["toKind"]), (&json!("REOPENED"), &json!("INTERVIEWING")));
    assert_eq!(reached().await, [1, 1, 1, 1, 1, 0]);
}

async fn what_ended_after_all(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (search, id, _) = told(&ada).await;
    ada.act("Application", "reopen", Some(&id), json!({ "reason": "They called." })).await.done();
    let noor = ada.create("Contact", json!({ "name": "Noor", "companyId": search.company })).await.id();
    let asks = json!({ "applicationId": id, "referrerContactId": noor });
    let referral = ada.act("Referral", "request", None, asks).await.id();
    let offer = ada.create("Offer", json!({ "applicationId": id })).await.id();
    let reopened = events(&ada, &id).await[4].clone();
    let done = correct(&ada, &reopened, json!({ "revoke": true, "reason": "It was another company." })).await;
    // As if it had been closed just now.
    assert_eq!(
        (&done["warnings"][0]["code"], &done["warnings"][0]["details"]["offerId"]),
        (&json!("OFFER_STILL_OPEN"), &json!(offer))
    );
    assert_eq!(ada.see("Application", &id).await.done()["outcome"], json!("REJECTED"));
    assert_eq!(ada.see("Referral", &referral).await.done()["state"], json!("WITHDRAWN"));
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
    assert_snapshot!(ada.act(KIND, "correct", Some(&events[1]), json!({ "revoke": true })).await.code(), @"BAD_INPUT");
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

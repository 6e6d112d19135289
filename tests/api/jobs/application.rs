//! Applications: where they begin, move, end and go on (§21).

use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Search, history};
use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    where_an_application_begins,
    an_application_moves,
    when_it_moved,
    what_came_of_it,
    it_has_names_elsewhere
);

const KIND: &str = "Application";

fn standing(application: &Value) -> String {
    let word = |name: &str| {
        application[name]
            .as_str()
            .unwrap_or("-")
            .get(..10.min(application[name].as_str().unwrap_or("-").len()))
            .unwrap()
            .to_owned()
    };
    format!("{} {} applied {} quiet {}", word("stageKind"), word("outcome"), word("appliedAt"), word("lastActivityAt"))
}

async fn where_an_application_begins(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let first = ada.create(KIND, search.applying(json!({}))).await.done();
    assert_eq!(
        [&first["stageId"], &first["channel"], &first["appliedAt"]],
        [&json!(search.stages[0]), &json!("DIRECT"), &json!(null)]
    );
    let applied = json!({ "appliedAt": "2026-03-02T10:00:00Z", "channel": "REFERRAL", "source": "Huntr" });
    let applied = ada.create(KIND, search.applying(applied)).await.done();
    assert_snapshot!(standing(&applied), @"APPLIED - applied 2026-03-02 quiet 2026-03-02");
    let named = json!({ "stageId": search.stages[4], "occurredAt": "2026-03-05T10:00:00Z", "appliedAt": "2026-03-02T10:00:00Z" });
    let named = ada.create(KIND, search.applying(named)).await.done();
    assert_snapshot!(standing(&named), @"INTERVIEWI - applied 2026-03-02 quiet 2026-03-05");
    assert_snapshot!(history(&ada, named["id"].as_str().unwrap()).await.join("; "), @"1 CREATED - > INTERVIEWING - 2026-03-05");
    let other = Search::of(&ada).await;
    assert_snapshot!(ada.create(KIND, search.applying(json!({ "stageId": other.stages[0] }))).await.said(), @"REFERENCE_UNKNOWN /stageId");
    assert_snapshot!(ada.create(KIND, search.applying(json!({ "appliedAt": "2999-01-01T00:00:00Z" }))).await.said(), @"OCCURRED_AT_INVALID /appliedAt");
    assert_snapshot!(ada.create(KIND, search.applying(json!({ "postingId": nothing("jpo") }))).await.said(), @"REFERENCE_UNKNOWN /postingId");
    assert_snapshot!(ada.create(KIND, search.applying(json!({ "jobSearchId": nothing("jsr") }))).await.said(), @"REFERENCE_UNKNOWN /jobSearchId");
}

async fn an_application_moves(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let id = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let mut to = search.step(0, 2);
    to["occurredAt"] = json!("2026-03-03T10:00:00Z");
    to["source"] = json!("Browser");
    let moved = ada.act(KIND, "move", Some(&id), to.clone()).await.done();
    assert_snapshot!(standing(&moved), @"APPLIED - applied 2026-03-03 quiet 2026-03-03");
    assert_eq!(moved["stageSince"], json!("2026-03-03T10:00:00.000000Z"));
    // A client that knows an older stage is told where it stands, and tries again.
    let refused = ada.act(KIND, "move", Some(&id), to).await;
    assert_snapshot!(refused.said(), @"STALE_STAGE /fromStageId");
    assert_eq!(refused.details["current"], json!(search.stages[2]));
    ada.act(KIND, "move", Some(&id), search.step(2, 4)).await.done();
    // Going back takes a reason; so does going back within a kind.
    assert_snapshot!(ada.act(KIND, "move", Some(&id), search.step(4, 3)).await.said(), @"REASON_REQUIRED /reason");
    let mut back = search.step(4, 3);
    back["reason"] = json!("They want another call first.");
    ada.act(KIND, "move", Some(&id), back).await.done();
    let second = json!({ "jobSearchId": search.id, "name": "Second call", "kind": "SCREENING" });
    let second = ada.create("Stage", second).await.id();
    let within = json!({ "fromStageId": search.stages[3], "toStageId": second });
    ada.act(KIND, "move", Some(&id), within).await.done();
    let within = json!({ "fromStageId": second, "toStageId": search.stages[3] });
    assert_snapshot!(ada.act(KIND, "move", Some(&id), within).await.said(), @"REASON_REQUIRED /reason");
    // Where it stands already, nothing happens.
    let stays = json!({ "fromStageId": second, "toStageId": second });
    let before = ada.see(KIND, &id).await.done();
    assert_eq!(ada.act(KIND, "move", Some(&id), stays).await.done()["version"], before["version"]);
    let nowhere = json!({ "fromStageId": second, "toStageId": Search::of(&ada).await.stages[5] });
    assert_snapshot!(ada.act(KIND, "move", Some(&id), nowhere).await.said(), @"REFERENCE_UNKNOWN /toStageId");
    let kinds: Vec<_> =
        history(&ada, &id).await.iter().map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect();
    assert_snapshot!(kinds.join("; "), @"1 CREATED - > RESEARCH -; 2 MOVED RESEARCH > APPLIED -; 3 MOVED APPLIED > INTERVIEWING -; 4 MOVED INTERVIEWING > SCREENING -; 5 MOVED SCREENING > SCREENING -");
    let told = ada.list("Event", &[("subjectId", &id), ("type", "application.moved"), ("sort", "seq")]).await.items;
    assert_eq!((told.len(), &told[0]["data"]["fromStageId"]), (4, &json!(search.stages[0])));
}

async fn when_it_moved(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let id = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let at = |at: &str| {
        let mut to = search.step(0, 1);
        to["occurredAt"] = json!(at);
        to
    };
    assert_snapshot!(ada.act(KIND, "move", Some(&id), at("2026-02-28T10:00:00Z")).await.said(), @"OCCURRED_AT_INVALID /occurredAt");
    let future = clock::rfc3339(clock::now() + TimeDelta::hours(1));
    assert_snapshot!(ada.act(KIND, "move", Some(&id), at(&future)).await.said(), @"OCCURRED_AT_INVALID /occurredAt");
    ada.act(KIND, "move", Some(&id), at("2026-03-01T10:00:00Z")).await.done();
    let closing = json!({ "outcome": "REJECTED", "occurredAt": "2026-02-28T10:00:00Z" });
    assert_snapshot!(ada.act(KIND, "close", Some(&id), closing).await.said(), @"OCCURRED_AT_INVALID /occurredAt");
    // Nothing of what was refused is in its history.
    assert_eq!(history(&ada, &id).await.len(), 2);
}

async fn what_came_of_it(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let id = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    ada.act(KIND, "move", Some(&id), search.step(0, 3)).await.done();
    let nothing = json!({ "reason": "x" });
    assert_snapshot!(ada.act(KIND, "reopen", Some(&id), nothing.clone()).await.said(), @"INVALID_TRANSITION");
    let rejected = json!({ "outcome": "REJECTED", "reason": "They took somebody with more SQL." });
    let closed = ada.act(KIND, "close", Some(&id), rejected.clone()).await.done();
    assert_eq!(
        [&closed["outcome"], &closed["outcomeStageId"], &closed["outcomeReason"]],
        [&json!("REJECTED"), &json!(search.stages[3]), &json!("They took somebody with more SQL.")]
    );
    assert!(closed["closedAt"].is_string());
    // Only what is open moves, and ends.
    let refused = ada.act(KIND, "move", Some(&id), search.step(3, 4)).await;
    assert_snapshot!(refused.said(), @"APPLICATION_CLOSED");
    assert_eq!(refused.details["outcome"], json!("REJECTED"));
    assert_snapshot!(ada.act(KIND, "close", Some(&id), rejected).await.said(), @"APPLICATION_CLOSED");
    assert_snapshot!(ada.act(KIND, "reopen", Some(&id), json!({})).await.code(), @"BAD_INPUT");
    let open = ada.act(KIND, "reopen", Some(&id), json!({ "reason": "They called." })).await.done();
    assert_eq!(
        [&open["outcome"], &open["closedAt"], &open["stageId"]],
        [&json!(null), &json!(null), &json!(search.stages[3])]
    );
    ada.act(KIND, "move", Some(&id), search.step(3, 4)).await.done();
    // What one gave up oneself is not reopened: it is corrected, or applied for again.
    for outcome in ["WITHDRAWN", "POSITION_CLOSED"] {
        let id = search.apply(&ada, "2026-03-01T10:00:00Z").await;
        ada.act(KIND, "close", Some(&id), json!({ "outcome": outcome })).await.done();
        assert_eq!(ada.act(KIND, "reopen", Some(&id), nothing.clone()).await.said(), "INVALID_TRANSITION", "{outcome}");
    }
    // What one answered to an offer comes to nothing, too.
    for outcome in ["NO_RESPONSE", "OFFER_ACCEPTED", "OFFER_DECLINED"] {
        let id = search.apply(&ada, "2026-03-01T10:00:00Z").await;
        ada.act(KIND, "close", Some(&id), json!({ "outcome": outcome })).await.done();
        ada.act(KIND, "reopen", Some(&id), nothing.clone()).await.done();
    }
}

async fn it_has_names_elsewhere(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let first = ada.upsert(KIND, "huntr", "a1", search.applying(json!({ "resumeVersion": "3" }))).await.done();
    let again = ada.upsert(KIND, "huntr", "a1", search.applying(json!({ "channel": "INBOUND" }))).await.done();
    assert_eq!(
        (&again["id"], &again["resumeVersion"], &again["channel"]),
        (&first["id"], &json!("3"), &json!("INBOUND"))
    );
    let posting = ada.create("JobPosting", json!({ "companyId": search.company, "title": "Other" })).await.id();
    let other = search.applying(json!({ "postingId": posting }));
    assert_snapshot!(ada.upsert(KIND, "huntr", "a1", other).await.said(), @"POSTING_IMMUTABLE /postingId");
    let elsewhere = Search::of(&ada).await;
    let other = search.applying(json!({ "jobSearchId": elsewhere.id }));
    assert_snapshot!(ada.upsert(KIND, "huntr", "a1", other).await.said(), @"JOB_SEARCH_IMMUTABLE /jobSearchId");
}

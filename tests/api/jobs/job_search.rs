//! Searches for a job: whose they are, and how they go on, rest and end (§21).

use entity::platform::client::Scope;
use serde_json::json;

use super::Search;
use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(a_search_is_its_owners, a_search_goes_on_rests_and_ends, what_is_in_a_search_goes_with_it);

const KIND: &str = "JobSearch";

async fn a_search_is_its_owners(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (analyst, machine) = (acme.analyst("ana").await, acme.omnipotent().await);
    let search = Search::of(&ada).await;
    let application = ada.create("Application", search.applying(json!({}))).await.id();
    let event = ada.list("ApplicationEvent", &[("applicationId", &application)]).await.ids().remove(0);
    let all = [
        (KIND, &search.id),
        ("Stage", &search.stages[0]),
        ("JobPosting", &search.posting),
        ("Application", &application),
        ("ApplicationEvent", &event),
    ];
    // No role opens it, the administrator's neither, nor does the organization's machine see it.
    for who in [&kim, &root, &analyst, &machine] {
        for (kind, id) in all {
            assert_eq!(who.see(kind, id).await.said(), "NOT_FOUND", "{kind} by {}", who.name);
            assert_eq!(who.list(kind, &[]).await.items.len(), 0, "{kind} by {}", who.name);
        }
    }
    let hers = json!({ "title": "For her", "ownerId": ada.id });
    assert_snapshot!(machine.create(KIND, json!({ "title": "x" })).await.said(), @"OWNER_REQUIRED /ownerId");
    assert_snapshot!(machine.create(KIND, hers.clone()).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.create(KIND, hers.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    // A grant for everything else opens nothing of it.
    ada.opens(&kim, &["learning:review", "projects:write", "community:write", "portfolio:write"]).await;
    for (kind, id) in all {
        assert_eq!(kim.see(kind, id).await.said(), "NOT_FOUND", "{kind}");
    }
    let grant = ada.opens(&kim, &["jobs:read"]).await;
    for (kind, id) in all {
        kim.see(kind, id).await.done();
    }
    assert_snapshot!(kim.update(KIND, &search.id, json!({ "title": "x" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.act("Application", "move", Some(&application), search.step(0, 1)).await.said(), @"FORBIDDEN");
    ada.tell("Grant", "revoke", &grant).await.done();
    assert_snapshot!(kim.see(KIND, &search.id).await.said(), @"NOT_FOUND");
    ada.opens(&kim, &["jobs:write"]).await;
    kim.act("Application", "move", Some(&application), search.step(0, 1)).await.done();
    assert_eq!(kim.create(KIND, hers).await.done()["ownerId"], json!(ada.id));
    let narrow = ada.limited_to(&acme, &[Scope::LearningWrite, Scope::CommunityRead]);
    assert_snapshot!(narrow.see(KIND, &search.id).await.said(), @"INSUFFICIENT_SCOPE");
}

async fn a_search_goes_on_rests_and_ends(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let search = Search::of(&ada).await;
    let shown = ada.see(KIND, &search.id).await.done();
    assert_eq!(
        [&shown["state"], &shown["closedAt"], &shown["targetRoles"]],
        [&json!("ACTIVE"), &json!(null), &json!([])]
    );
    assert_snapshot!(ada.tell(KIND, "resume", &search.id).await.said(), @"INVALID_TRANSITION");
    assert_eq!(ada.tell(KIND, "pause", &search.id).await.done()["state"], json!("PAUSED"));
    ada.tell(KIND, "resume", &search.id).await.done();
    let closed = ada.tell(KIND, "close", &search.id).await.done();
    assert_eq!((&closed["state"], closed["closedAt"].is_string()), (&json!("CLOSED"), true));
    assert_snapshot!(ada.tell(KIND, "pause", &search.id).await.said(), @"INVALID_TRANSITION");
    // Nothing is added to what is over.
    assert_snapshot!(ada.create("Application", search.applying(json!({}))).await.said(), @"JOB_SEARCH_CLOSED /jobSearchId");
    let stage = json!({ "jobSearchId": search.id, "name": "x", "kind": "OFFER" });
    assert_snapshot!(ada.create("Stage", stage).await.said(), @"JOB_SEARCH_CLOSED /jobSearchId");
    let open = ada.tell(KIND, "reopen", &search.id).await.done();
    assert_eq!([&open["state"], &open["closedAt"]], [&json!("ACTIVE"), &json!(null)]);
    ada.create("Application", search.applying(json!({}))).await.done();
    let kinds: Vec<String> = ada
        .list("Event", &[("subjectId", &search.id), ("sort", "seq")])
        .await
        .items
        .iter()
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect();
    assert_snapshot!(kinds.join(" "), @"job_search.created job_search.paused job_search.resumed job_search.closed job_search.reopened");
    assert_snapshot!(ada.update(KIND, &search.id, json!({ "ownerId": ben.id })).await.said(), @"OWNER_IMMUTABLE /ownerId");
    let first = ada.upsert(KIND, "huntr", "1", json!({ "title": "ML", "targetRoles": ["Engineer"] })).await.done();
    let again = ada.upsert(KIND, "huntr", "1", json!({ "title": "AI" })).await.done();
    assert_eq!(
        (&again["id"], &again["title"], &again["targetRoles"]),
        (&first["id"], &json!("AI"), &json!(["Engineer"]))
    );
    assert_eq!(ada.list(KIND, &[("q", "engineer")]).await.ids(), [first["id"].as_str().unwrap()]);
}

async fn what_is_in_a_search_goes_with_it(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = ada.create("Application", search.applying(json!({}))).await.id();
    ada.tell(KIND, "delete", &search.id).await.done();
    for (kind, id) in [("Stage", &search.stages[0]), ("Application", &application)] {
        assert_eq!(ada.see(kind, id).await.said(), "NOT_FOUND", "{kind}");
        assert_eq!(ada.list(kind, &[]).await.items.len(), 0, "{kind}");
    }
    assert_eq!(ada.list("ApplicationEvent", &[]).await.items.len(), 0);
    assert_snapshot!(ada.act("Application", "move", Some(&application), search.step(0, 1)).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.create("Application", search.applying(json!({}))).await.said(), @"REFERENCE_UNKNOWN /jobSearchId");
    ada.tell(KIND, "restore", &search.id).await.done();
    assert_eq!(ada.see("Application", &application).await.done()["stageKind"], json!("RESEARCH"));
}

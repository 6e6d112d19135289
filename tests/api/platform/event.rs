//! Events: the feed of what happened, in order, narrowed to what the caller may know.

use entity::platform::client::Scope;
use serde_json::json;

use crate::harness::{Actor, Api, Face, assert_snapshot, stories, stories_in_both_faces};

stories_in_both_faces!(everybody_reads_their_own_feed, nothing_is_recorded_of_what_changed_nothing);
stories!(a_reader_with_a_cursor_misses_nothing);

const KIND: &str = "Event";

async fn types(who: &Actor) -> String {
    let all = who.list(KIND, &[("sort", "seq"), ("first", "100")]).await;
    all.each("type").iter().map(|name| name.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
}

async fn everybody_reads_their_own_feed(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    let plan = ada.plan("Learn").await;
    ben.plan("Mine").await;
    ada.opens(&kim, &["learning:review"]).await;
    ada.tell("LearningPlan", "requestReview", &plan).await.done();
    kim.tell("LearningPlan", "startReview", &plan).await.done();
    root.framework("own").await;
    assert_snapshot!(types(&ada).await, @"organization.created learning_plan.created grant.created learning_plan.review_requested learning_plan.review_started");
    assert_snapshot!(types(&ben).await, @"organization.created learning_plan.created");
    // A grant opens what happens to the plans, not what their owner does with grants.
    assert_snapshot!(types(&kim).await, @"organization.created learning_plan.created learning_plan.review_requested learning_plan.review_started");
    // Administrators see what is nobody's own.
    assert_snapshot!(types(&root).await, @"organization.created competency_framework.created competency.created competency.created competency.created");
    // What every member sees, every member hears of.
    let role = kim.create("RoleProfile", json!({ "title": "Engineer" })).await.id();
    assert_eq!(ben.list(KIND, &[("subjectId", &role)]).await.each("type"), [json!("role_profile.created")]);
    // What somebody puts away is theirs alone, whoever reads the rest.
    let away = ada.create("InsightDismissal", json!({ "code": "CRAMMING", "subjectId": plan })).await.id();
    for (who, told) in [(&ada, 1), (&kim, 0), (&root, 0), (&moodle, 0)] {
        assert_eq!(who.list(KIND, &[("subjectId", &away)]).await.items.len(), told, "{}", who.name);
    }
    let all = moodle.list(KIND, &[("first", "100"), ("subjectId", &plan)]).await;
    let event = &all.items[1];
    assert_eq!(
        (&event["type"], &event["subjectKind"], &event["subjectVersion"]),
        (&json!("learning_plan.review_requested"), &json!("learning_plan"), &json!(2))
    );
    assert_eq!(
        (&event["actorKind"], &event["actorId"], &event["ownerId"]),
        (&json!("USER"), &json!(ada.id), &json!(ada.id))
    );
    assert_eq!(event["data"], json!({ "from": "DRAFT", "to": "WAITING_FOR_REVIEW" }));
    assert_snapshot!(ben.see(KIND, event["id"].as_str().unwrap()).await.said(), @"NOT_FOUND");
    assert_snapshot!(types(&api.organization("Beta").await.admin("eve").await).await, @"organization.created");
    // The feed shows of each area what the caller's token may read.
    let narrow = acme.client(&[Scope::EventsRead, Scope::IdentityRead]).await;
    assert_snapshot!(types(&narrow).await, @"organization.created");
    let deaf = acme.client(&[Scope::LearningRead]).await;
    assert_snapshot!(deaf.list(KIND, &[]).await.refused.unwrap(), @"INSUFFICIENT_SCOPE");
}

async fn nothing_is_recorded_of_what_changed_nothing(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let plan = ada.plan("Learn").await;
    let before = types(&ada).await;
    ada.update("LearningPlan", &plan, json!({ "title": "Learn" })).await.done();
    assert_snapshot!(ada.update("LearningPlan", &plan, json!({ "status": "ACTIVE" })).await.said(), @"USE_STATE_COMMAND /status");
    assert_snapshot!(ada.tell("LearningPlan", "approve", &plan).await.said(), @"FORBIDDEN");
    assert_eq!(types(&ada).await, before);
    assert_eq!(ada.see("LearningPlan", &plan).await.done()["version"], 1);
}

/// Reads the feed page by page while others write: what becomes visible later never has a lower number.
async fn a_reader_with_a_cursor_misses_nothing(api: Api) {
    let acme = api.organization("Acme").await;
    let (moodle, other) = (acme.moodle().await, api.another(&[]).await);
    let writers: Vec<_> = (0..4)
        .map(|n| {
            let who = if n % 2 == 0 { moodle.clone() } else { moodle.calling(&other) };
            tokio::spawn(async move {
                for m in 0..12 {
                    who.create("LearningResource", json!({ "kind": "OTHER", "title": format!("{n}-{m}") }))
                        .await
                        .done();
                }
            })
        })
        .collect();
    let (mut seen, mut after) = (Vec::new(), String::new());
    let reader = moodle.through(Face::Rest);
    let mut read = async |seen: &mut Vec<i64>| {
        let mut query = vec![("type", "learning_resource.created"), ("first", "5")];
        let cursor = after.clone();
        if !cursor.is_empty() {
            query.push(("after", &cursor));
        }
        let page = reader.list(KIND, &query).await;
        assert_eq!(page.refused, None);
        seen.extend(page.items.iter().map(|event| event["seq"].as_i64().unwrap()));
        if let Some(end) = page.info["endCursor"].as_str() {
            after = end.to_owned();
        }
        page.items.len()
    };
    while !writers.iter().all(tokio::task::JoinHandle::is_finished) {
        read(&mut seen).await;
    }
    while read(&mut seen).await > 0 {}
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(seen.len(), 48, "nothing missed, nothing twice");
    assert!(seen.is_sorted_by(|a, b| a < b), "{seen:?}");
}

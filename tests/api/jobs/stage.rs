//! Stages: named by their owner, in their order within what they are (§21).

use serde_json::json;

use super::Search;
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    a_search_begins_with_a_stage_of_each_kind,
    stages_are_put_in_order_within_their_kind,
    a_stage_in_use_stays,
    a_stage_has_names_elsewhere
);

const KIND: &str = "Stage";

async fn names(who: &Actor, search: &str) -> String {
    let stages = who.list(KIND, &[("jobSearchId", search)]).await.items;
    let each = stages.iter().map(|one| format!("{} {}", one["name"].as_str().unwrap(), one["position"]));
    each.collect::<Vec<_>>().join(", ")
}

async fn a_search_begins_with_a_stage_of_each_kind(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    assert_snapshot!(names(&ada, &search.id).await, @"Research 0, Outreach 1000, Applied 2000, Screening 3000, Interviewing 4000, Offer 5000");
    ada.update(KIND, &search.stages[4], json!({ "name": "First talk" })).await.done();
    for (name, kind) in [("Second talk", "INTERVIEWING"), ("Test", "SCREENING")] {
        let new = json!({ "jobSearchId": search.id, "name": name, "kind": kind });
        ada.create(KIND, new).await.done();
    }
    assert_snapshot!(names(&ada, &search.id).await, @"Research 0, Outreach 1000, Applied 2000, Screening 3000, Test 3001, First talk 4000, Second talk 4001, Offer 5000");
    let twice = json!({ "jobSearchId": search.id, "name": "Test", "kind": "OFFER" });
    assert_snapshot!(ada.create(KIND, twice).await.said(), @"ALREADY_EXISTS /name");
    // However it is written.
    assert_snapshot!(ada.update(KIND, &search.stages[0], json!({ "name": "TEST" })).await.said(), @"ALREADY_EXISTS /name");
    ada.update(KIND, &search.stages[0], json!({ "name": "research" })).await.done();
    // Nothing changes in a search that is over.
    ada.tell("JobSearch", "close", &search.id).await.done();
    assert_snapshot!(ada.update(KIND, &search.stages[0], json!({ "name": "Other" })).await.said(), @"JOB_SEARCH_CLOSED");
    assert_snapshot!(ada.tell(KIND, "delete", &search.stages[0]).await.said(), @"JOB_SEARCH_CLOSED");
}

async fn stages_are_put_in_order_within_their_kind(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let second = json!({ "jobSearchId": search.id, "name": "Second talk", "kind": "INTERVIEWING" });
    let second = ada.create(KIND, second).await.id();
    let mut order = search.stages.clone();
    order.insert(4, second);
    let asked = |order: &[String]| json!({ "jobSearchId": search.id, "stageIds": order });
    ada.act(KIND, "reorder", None, asked(&order)).await.done();
    assert_snapshot!(names(&ada, &search.id).await, @"Research 0, Outreach 1000, Applied 2000, Screening 3000, Second talk 4000, Interviewing 4001, Offer 5000");
    let mut across = order.clone();
    across.swap(0, 1);
    assert_snapshot!(ada.act(KIND, "reorder", None, asked(&across)).await.said(), @"STAGE_KIND_ORDER /stageIds");
    assert_snapshot!(ada.act(KIND, "reorder", None, asked(&order[1..])).await.said(), @"ORDER_INCOMPLETE /stageIds");
    let other = Search::of(&ada).await;
    order[0] = other.stages[0].clone();
    assert_snapshot!(ada.act(KIND, "reorder", None, asked(&order)).await.said(), @"ORDER_INCOMPLETE /stageIds");
}

async fn a_stage_in_use_stays(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = ada.create("Application", search.applying(json!({}))).await.id();
    assert_snapshot!(ada.tell(KIND, "delete", &search.stages[0]).await.said(), @"STAGE_IN_USE");
    ada.act("Application", "move", Some(&application), search.step(0, 2)).await.done();
    ada.tell(KIND, "delete", &search.stages[0]).await.done();
    // What happened there did so all the same, and nothing moves to what is gone.
    let back = json!({ "fromStageId": search.stages[2], "toStageId": search.stages[0], "reason": "Why not?" });
    assert_snapshot!(ada.act("Application", "move", Some(&application), back).await.said(), @"REFERENCE_UNKNOWN /toStageId");
    assert_eq!(super::history(&ada, &application).await.len(), 2);
    ada.tell(KIND, "restore", &search.stages[0]).await.done();
    assert_snapshot!(names(&ada, &search.id).await, @"Research 0, Outreach 1000, Applied 2000, Screening 3000, Interviewing 4000, Offer 5000");
}

async fn a_stage_has_names_elsewhere(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let new = |kind: &str, name: &str| json!({ "jobSearchId": search.id, "name": name, "kind": kind });
    let first = ada.upsert(KIND, "greenhouse", "s7", new("SCREENING", "Call")).await.done();
    let again = ada.upsert(KIND, "greenhouse", "s7", new("SCREENING", "Phone call")).await.done();
    assert_eq!((&again["id"], &again["name"]), (&first["id"], &json!("Phone call")));
    assert_snapshot!(ada.upsert(KIND, "greenhouse", "s7", new("OFFER", "Call")).await.said(), @"STAGE_KIND_IMMUTABLE /kind");
    let mut elsewhere = new("SCREENING", "Call");
    elsewhere["jobSearchId"] = json!(Search::of(&ada).await.id);
    assert_snapshot!(ada.upsert(KIND, "greenhouse", "s7", elsewhere).await.said(), @"JOB_SEARCH_IMMUTABLE /jobSearchId");
}

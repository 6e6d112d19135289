//! Snapshots of completed plans: what somebody could when they completed one, whatever comes later (§7).

use serde_json::{Value, json};

use super::evidence::rate;
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(completing_keeps_where_one_stood, who_sees_a_snapshot);

const KIND: &str = "PlanStanding";

/// The snapshot of a plan in a line: target, level, proficient.
async fn lines(who: &Actor, plan: &str, deleted: &str) -> String {
    let kept = who.list(KIND, &[("planId", plan), ("deleted", deleted), ("sort", "createdAt")]).await;
    let mut lines: Vec<String> = kept
        .items
        .iter()
        .map(|one| format!("{}: {} {}", one["targetLevel"], one["level"], one["proficient"]))
        .collect();
    lines.sort();
    lines.join("; ")
}

async fn completing_keeps_where_one_stood(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [top, a, b]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    for (competency, level) in [(&a, 2), (&a, 3), (&b, 1)] {
        let item = json!({ "planId": plan, "competencyId": competency, "targetLevel": level });
        ada.create("PlanItem", item).await.done();
    }
    let gone = ada.create("PlanItem", json!({ "planId": plan, "competencyId": top })).await.id();
    ada.tell("PlanItem", "delete", &gone).await.done();
    rate(&kim, &ada, &a, 2).await;
    rate(&kim, &ada, &top, 3).await;
    kim.tell("LearningPlan", "approve", &plan).await.done();
    assert_snapshot!(lines(&ada, &plan, "false").await, @"");
    // A competency once, with the most that was asked for; nothing is known of the other.
    ada.tell("LearningPlan", "complete", &plan).await.done();
    assert_snapshot!(lines(&ada, &plan, "false").await, @"1: null null; 3: 2 true");
    // Whatever comes later leaves it as it was.
    rate(&kim, &ada, &a, 1).await;
    rate(&kim, &ada, &b, 3).await;
    assert_snapshot!(lines(&ada, &plan, "false").await, @"1: null null; 3: 2 true");
    let query = "query($id: ID!) { learningPlan(id: $id) { standings { totalCount nodes { level competency { code } owner { name } plan { title } } } } }";
    let told = ada.graphql(query, json!({ "id": plan })).await.fine();
    let standings = &told["data"]["learningPlan"]["standings"];
    assert_eq!(standings["totalCount"], 2);
    let known = standings["nodes"].as_array().unwrap().iter().find(|one| one["level"] == 2).unwrap();
    assert_eq!(
        known,
        &json!({ "level": 2, "competency": { "code": "leaf-a" }, "owner": { "name": "ada" }, "plan": { "title": "Learn" } })
    );

    // Going on sets it aside, and the next completion keeps another.
    ada.tell("LearningPlan", "reopen", &plan).await.done();
    assert_snapshot!(lines(&ada, &plan, "false").await, @"");
    assert_snapshot!(lines(&ada, &plan, "true").await, @"1: null null; 3: 2 true");
    ada.tell("LearningPlan", "complete", &plan).await.done();
    assert_snapshot!(lines(&ada, &plan, "false").await, @"1: 3 true; 3: 1 false");
    assert_snapshot!(lines(&ada, &plan, "true").await, @"1: null null; 3: 2 true");
    // A plan of nothing keeps nothing.
    let empty = ada.plan("Empty").await;
    for verb in ["approve", "complete"] {
        kim.tell("LearningPlan", verb, &empty).await.done();
    }
    assert_snapshot!(lines(&ada, &empty, "false").await, @"");
}

async fn who_sees_a_snapshot(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf })).await.done();
    for verb in ["approve", "complete"] {
        ada.tell("LearningPlan", verb, &plan).await.done();
    }
    let id = ada.list(KIND, &[]).await.ids().remove(0);
    for who in [&ben, &kim, &root] {
        assert_eq!(who.see(KIND, &id).await.said(), "NOT_FOUND");
    }
    ada.opens(&kim, &["learning:review"]).await;
    for who in [&ada, &kim, &moodle] {
        assert_eq!(who.see(KIND, &id).await.done()["level"], Value::Null);
    }
    // It is kept, not written.
    for who in [&ada, &moodle] {
        assert_eq!(who.post("/plan-standings", json!({})).await.problem(), "405 METHOD_NOT_ALLOWED");
        assert_eq!(who.patch(&format!("/plan-standings/{id}"), json!({})).await.problem(), "405 METHOD_NOT_ALLOWED");
    }
}

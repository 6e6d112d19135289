//! Reviewing a plan: the state machine, grants, and who may move what (§7, §37, story 3).

use chrono::TimeDelta;
use entity::platform::client::Scope;
use serde_json::{Value, json};

use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    a_coach_reviews_a_plan,
    without_a_grant_there_is_no_plan,
    a_grant_ends_at_once,
    only_the_coach_who_began_ends_it,
    only_a_coach_reviews,
    owners_approve_where_the_organization_lets_them,
    every_command_in_every_state,
);

const KIND: &str = "LearningPlan";

async fn a_coach_reviews_a_plan(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let (lee, root) = (acme.coach("lee").await, acme.admin("root").await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let plan = ada.plan("Become an ML engineer").await;
    let item = ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf })).await.id();
    ada.opens(&kim, &["learning:review"]).await;
    let asked = ada.tell(KIND, "requestReview", &plan).await.done();
    assert!(asked["reviewRequestedAt"].is_string());
    // It waits for the coach whom she asked, and for no other: they do not know of it.
    assert_eq!(kim.list("reviewQueue", &[]).await.ids(), std::slice::from_ref(&plan));
    assert_snapshot!(lee.list("reviewQueue", &[]).await.items.len(), @"0");
    assert_snapshot!(lee.tell(KIND, "startReview", &plan).await.said(), @"NOT_FOUND");
    assert_snapshot!(lee.tell(KIND, "approve", &plan).await.said(), @"NOT_FOUND");

    let started = kim.tell(KIND, "startReview", &plan).await.done();
    assert_eq!((&started["status"], &started["reviewerId"]), (&json!("IN_REVIEW"), &json!(kim.id)));
    assert_eq!(started["reviewRequestedAt"], asked["reviewRequestedAt"]);
    // A second coach, who was asked too, comes too late.
    ada.opens(&lee, &["learning:review"]).await;
    assert_snapshot!(lee.tell(KIND, "startReview", &plan).await.said(), @"INVALID_TRANSITION");
    assert_snapshot!(lee.list("reviewQueue", &[]).await.items.len(), @"0");
    assert_eq!(kim.list("reviewQueue", &[]).await.ids(), std::slice::from_ref(&plan));
    // She says something about an item, and the learner answers.
    let says = |text: &str| json!({ "itemId": item, "text": text });
    kim.create("PlanItemComment", says("Which project is this for?")).await.done();
    ada.create("PlanItemComment", says("For none yet.")).await.done();
    let said = kim.list("PlanItemComment", &[("itemId", &item)]).await;
    assert_eq!(said.each("authorId"), [json!(kim.id), json!(ada.id)]);
    assert_snapshot!(kim.act(KIND, "requestChanges", Some(&plan), json!({})).await.code(), @"BAD_INPUT");
    let asked = kim.act(KIND, "requestChanges", Some(&plan), json!({ "comment": "Add a project." })).await.done();
    assert_eq!(
        (&asked["status"], &asked["reviewerId"], &asked["reviewComment"]),
        (&json!("DRAFT"), &Value::Null, &json!("Add a project."))
    );
    // She reviews it, she does not write it.
    assert_snapshot!(kim.update(KIND, &plan, json!({ "title": "Kim's" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.update("PlanItem", &item, json!({ "weight": 2 })).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.list("reviewQueue", &[]).await.items.len(), @"0");

    ada.update("PlanItem", &item, json!({ "note": "With a project." })).await.done();
    ada.update(KIND, &plan, json!({ "description": "With a project" })).await.done();
    ada.tell(KIND, "requestReview", &plan).await.done();
    assert_eq!(kim.list("reviewQueue", &[]).await.ids(), std::slice::from_ref(&plan));
    kim.tell(KIND, "startReview", &plan).await.done();
    let approved = kim.tell(KIND, "approve", &plan).await.done();
    assert_eq!(
        (&approved["status"], &approved["reviewerId"], &approved["reviewComment"]),
        (&json!("ACTIVE"), &json!(kim.id), &Value::Null)
    );
    assert!(approved["approvedAt"].is_string() && approved["reviewRequestedAt"].is_null());
    assert_snapshot!(kim.tell(KIND, "complete", &plan).await.done()["status"].as_str().unwrap(), @"COMPLETE");
    assert_snapshot!(ada.tell(KIND, "reopen", &plan).await.done()["status"].as_str().unwrap(), @"ACTIVE");
    assert_snapshot!(kim.tell(KIND, "unapprove", &plan).await.done()["status"].as_str().unwrap(), @"DRAFT");

    let events = ada.list("Event", &[("subjectId", &plan), ("sort", "seq")]).await;
    let types: Vec<_> =
        events.items.iter().map(|event| event["type"].as_str().unwrap().trim_start_matches("learning_plan.")).collect();
    assert_snapshot!(types.join(" "), @"created review_requested review_started changes_requested updated review_requested review_started approved completed reopened unapproved");
}

async fn without_a_grant_there_is_no_plan(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, lee) = (acme.learner("ada").await, acme.coach("kim").await, acme.coach("lee").await);
    let plan = ada.plan("Learn").await;
    ada.opens(&kim, &["learning:review"]).await;
    ada.tell(KIND, "requestReview", &plan).await.done();
    for verb in ["startReview", "approve", "requestReview", "complete", "delete"] {
        assert_eq!(lee.tell(KIND, verb, &plan).await.said(), "NOT_FOUND");
    }
    assert_snapshot!(lee.see(KIND, &plan).await.said(), @"NOT_FOUND");
    assert_snapshot!(lee.list(KIND, &[]).await.items.len(), @"0");
    assert_snapshot!(lee.list("Event", &[("subjectId", &plan)]).await.items.len(), @"0");
    // A grant to read lets see, and no more; a learner with a grant is no coach.
    ada.opens(&lee, &["learning:read"]).await;
    lee.see(KIND, &plan).await.done();
    assert_snapshot!(lee.tell(KIND, "startReview", &plan).await.said(), @"FORBIDDEN");
    let ben = acme.learner("ben").await;
    ada.opens(&ben, &["learning:review"]).await;
    ben.see(KIND, &plan).await.done();
    assert_snapshot!(ben.tell(KIND, "startReview", &plan).await.said(), @"INSUFFICIENT_SCOPE");
    // What was opened in one organization is not open in another.
    let beta = api.organization("Beta").await;
    let there = beta.join("kim", kim.user(), &[entity::platform::membership::Role::Coach]).await;
    assert_snapshot!(there.see(KIND, &plan).await.said(), @"NOT_FOUND");
}

async fn a_grant_ends_at_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let plan = ada.plan("Learn").await;
    let grant = ada.opens(&kim, &["learning:review"]).await;
    ada.tell(KIND, "requestReview", &plan).await.done();
    kim.tell(KIND, "startReview", &plan).await.done();
    ada.tell("Grant", "revoke", &grant).await.done();
    assert_snapshot!(kim.see(KIND, &plan).await.said(), @"NOT_FOUND");
    assert_snapshot!(kim.tell(KIND, "approve", &plan).await.said(), @"NOT_FOUND");
    assert_snapshot!(kim.list("Event", &[("ownerId", &ada.id), ("subjectKind", "learning_plan")]).await.items.len(), @"0");

    let expiring = ada
        .create(
            "Grant",
            json!({ "granteeId": kim.id, "scopes": ["learning:review"], "expiresAt": "2999-01-01T00:00:00Z" }),
        )
        .await
        .id();
    kim.see(KIND, &plan).await.done();
    let past = cairn::domain::clock::now() - TimeDelta::seconds(1);
    api.execute("UPDATE \"grant\" SET expires_at = $1 WHERE revoked_at IS NULL", vec![past.into()]).await;
    assert_snapshot!(kim.see(KIND, &plan).await.said(), @"NOT_FOUND");
    assert_snapshot!(kim.list(KIND, &[]).await.items.len(), @"0");
    ada.update("Grant", &expiring, json!({ "expiresAt": null })).await.done();
    kim.see(KIND, &plan).await.done();
    ada.update("Grant", &expiring, json!({ "scopes": ["jobs:read"] })).await.done();
    assert_snapshot!(kim.see(KIND, &plan).await.said(), @"NOT_FOUND");
}

async fn only_the_coach_who_began_ends_it(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, lee) = (acme.learner("ada").await, acme.coach("kim").await, acme.coach("lee").await);
    let plan = ada.plan("Learn").await;
    ada.opens(&kim, &["learning:review"]).await;
    let asked = ada.opens(&lee, &["learning:review"]).await;
    ada.tell(KIND, "requestReview", &plan).await.done();
    kim.tell(KIND, "startReview", &plan).await.done();
    let refused = lee.tell(KIND, "startReview", &plan).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":["stopReview","requestChanges","approve"],"command":"startReview","from":"IN_REVIEW"}"#);
    assert_snapshot!(lee.tell(KIND, "stopReview", &plan).await.said(), @"FORBIDDEN");
    assert_snapshot!(lee.act(KIND, "requestChanges", Some(&plan), json!({ "comment": "No." })).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.tell(KIND, "stopReview", &plan).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(ada.tell(KIND, "cancelReviewRequest", &plan).await.said(), @"INVALID_TRANSITION");
    let stopped = kim.tell(KIND, "stopReview", &plan).await.done();
    assert_eq!((&stopped["status"], &stopped["reviewerId"]), (&json!("DRAFT"), &Value::Null));
    ada.tell(KIND, "requestReview", &plan).await.done();
    lee.tell(KIND, "startReview", &plan).await.done();
    // Nor with one whom its owner does not ask any more: another one takes their place.
    assert_snapshot!(kim.tell(KIND, "stopReview", &plan).await.said(), @"FORBIDDEN");
    ada.tell("Grant", "revoke", &asked).await.done();
    kim.tell(KIND, "stopReview", &plan).await.done();
    ada.opens(&lee, &["learning:review"]).await;
    ada.tell(KIND, "requestReview", &plan).await.done();
    lee.tell(KIND, "startReview", &plan).await.done();
    // And no plan gets stuck with a coach who is away: any coach whom its owner asked may approve.
    let approved = kim.tell(KIND, "approve", &plan).await.done();
    assert_eq!((&approved["status"], &approved["reviewerId"]), (&json!("ACTIVE"), &json!(kim.id)));
}

async fn only_a_coach_reviews(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let plan = ada.plan("Learn").await;
    ada.opens(&ben, &["learning:review"]).await;
    assert_snapshot!(ben.tell(KIND, "approve", &plan).await.said(), @"FORBIDDEN");
    assert_snapshot!(ben.tell(KIND, "startReview", &plan).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(ben.see(KIND, &plan).await.said(), @"fine");
}

async fn owners_approve_where_the_organization_lets_them(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let plan = ada.plan("Learn").await;
    assert_snapshot!(ada.tell(KIND, "approve", &plan).await.said(), @"FORBIDDEN");
    acme.decide(&root, json!({ "selfApproval": true })).await;
    assert_snapshot!(root.tell(KIND, "approve", &plan).await.said(), @"NOT_FOUND");
    let approved = ada.tell(KIND, "approve", &plan).await.done();
    assert_eq!(approved["status"], "ACTIVE");
    // Taking it back is a coach's.
    assert_snapshot!(ada.tell(KIND, "unapprove", &plan).await.said(), @"INSUFFICIENT_SCOPE");
    let kim = acme.coach("kim").await;
    ada.opens(&kim, &["learning:review"]).await;
    kim.tell(KIND, "unapprove", &plan).await.done();
    acme.decide(&root, json!({ "selfApproval": false })).await;
    assert_snapshot!(ada.tell(KIND, "approve", &plan).await.said(), @"FORBIDDEN");
    let narrow = kim.limited_to(&acme, &[Scope::LearningRead, Scope::LearningReview]);
    assert_snapshot!(narrow.tell(KIND, "approve", &plan).await.said(), @"INSUFFICIENT_SCOPE");
}

/// Walks the plan into every state, and asks there for everything; the table is that of §7.
async fn every_command_in_every_state(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    ada.opens(&kim, &["learning:review"]).await;
    let commands = [
        "requestReview",
        "cancelReviewRequest",
        "startReview",
        "stopReview",
        "requestChanges",
        "approve",
        "unapprove",
        "complete",
        "reopen",
    ];
    let ways: [(&str, &[&str]); 5] = [
        ("DRAFT", &[]),
        ("WAITING_FOR_REVIEW", &["requestReview"]),
        ("IN_REVIEW", &["requestReview", "startReview"]),
        ("ACTIVE", &["approve"]),
        ("COMPLETE", &["approve", "complete"]),
    ];
    let of = |command: &str| if ["requestReview", "cancelReviewRequest"].contains(&command) { &ada } else { &kim };
    let input = |command: &str| if command == "requestChanges" { json!({ "comment": "More." }) } else { json!({}) };
    let mut table = String::new();
    for (state, way) in ways {
        for command in commands {
            let plan = ada.plan(state).await;
            for step in way {
                of(step).act(KIND, step, Some(&plan), input(step)).await.done();
            }
            let outcome = of(command).act(KIND, command, Some(&plan), input(command)).await;
            let after =
                outcome.refused.clone().unwrap_or_else(|| outcome.object["status"].as_str().unwrap().to_owned());
            if after != "INVALID_TRANSITION" {
                table += &format!("{state} {command} {after}\n");
            }
        }
    }
    assert_snapshot!(table, @r"
    DRAFT requestReview WAITING_FOR_REVIEW
    DRAFT approve ACTIVE
    WAITING_FOR_REVIEW cancelReviewRequest DRAFT
    WAITING_FOR_REVIEW startReview IN_REVIEW
    WAITING_FOR_REVIEW approve ACTIVE
    IN_REVIEW stopReview DRAFT
    IN_REVIEW requestChanges DRAFT
    IN_REVIEW approve ACTIVE
    ACTIVE unapprove DRAFT
    ACTIVE complete COMPLETE
    COMPLETE reopen ACTIVE
    ");
}

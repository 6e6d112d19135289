//! Plans as documents.

use serde_json::{Value, json};

use super::{KIND, import, outcome};
use crate::harness::{Actor, Api, Face, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_plan_goes_and_comes,
    a_plan_goes_to_another_organization,
    what_is_wrong_in_a_plan,
    whose_plans
);

async fn document(who: &Actor, plan: &str) -> Value {
    let told = who.ask("learningPlanExport", json!({ "planId": plan })).await.done();
    if told.get("document").is_some() { told["document"].clone() } else { told }
}

fn input(document: &Value) -> Value {
    json!({ "kind": "LEARNING_PLAN", "document": document })
}

/// A plan with two items, one of them with resources.
async fn plan(who: &Actor, machine: &Actor, competencies: &[String]) -> String {
    let course =
        json!({ "kind": "COURSE", "title": "ML", "externalRefs": [{ "source": "moodle", "externalId": "c1" }] });
    let course = machine.create("LearningResource", course).await.id();
    let book = who
        .create("LearningResource", json!({ "kind": "BOOK", "title": "Book", "url": "https://books.example.org/1" }))
        .await
        .id();
    let plan = json!({ "title": "Learn", "description": "All", "dueOn": "2999-01-01", "externalRefs": [{ "source": "hr", "externalId": "p1" }] });
    let plan = who.create("LearningPlan", plan).await.id();
    let first = json!({ "planId": plan, "competencyId": competencies[0], "targetLevel": 3, "weight": 5, "note": "Soon", "resourceIds": [course, book] });
    let first = who.create("PlanItem", first).await.id();
    who.create("PlanItem", json!({ "planId": plan, "competencyId": competencies[1], "motivation": "CURIOSITY" }))
        .await
        .done();
    let third = who.create("PlanItem", json!({ "planId": plan, "competencyId": competencies[0] })).await.id();
    who.update("PlanItem", &first, json!({ "status": "DONE" })).await.done();
    who.update("PlanItem", &third, json!({ "status": "DROPPED" })).await.done();
    plan
}

async fn a_plan_goes_and_comes(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, ada, moodle) = (acme.admin("root").await, acme.learner("ada").await, acme.moodle().await);
    let (_, [_, a, b]) = root.framework("own").await;
    let plan = plan(&ada, &moodle, &[a.clone(), b]).await;
    let out = document(&ada, &plan).await;
    assert_snapshot!(
        format!("{} {} {} {}", out["format"], out["version"], out["plan"]["title"], out["items"].as_array().unwrap().len()),
        @r#""cairn/learning-plan" 1 "Learn" 3"#
    );
    assert_snapshot!(out["items"][0]["competency"]["framework"], @r#""own""#);
    let job = import(&ada, input(&out)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 2 0 0 0 warnings: /plan/externalRefs EXTERNAL_REF_TAKEN, /items/0 PROGRESS_NOT_TAKEN, /items/2 ITEM_LEFT_OUT");
    let copy = ada.see("LearningPlan", job["planId"].as_str().unwrap()).await.done();
    assert_ne!(copy["id"], json!(plan));
    assert_eq!(
        (&copy["status"], &copy["title"], &copy["dueOn"]),
        (&json!("DRAFT"), &json!("Learn"), &json!("2999-01-01"))
    );
    let again = document(&ada, copy["id"].as_str().unwrap()).await;
    let mut expected = out.clone();
    expected["plan"]["externalRefs"] = json!([]);
    expected["items"].as_array_mut().unwrap().pop();
    expected["items"][0]["status"] = json!("TODO");
    assert_eq!(again, expected, "the resources are the same, and so is all the rest");
}

async fn a_plan_goes_to_another_organization(api: Api) {
    let (acme, beta) = (api.organization("Acme").await, api.organization("Beta").await);
    let (root, ada, moodle) = (acme.admin("root").await, acme.learner("ada").await, acme.moodle().await);
    let (eve, ben) = (beta.admin("eve").await, beta.learner("ben").await);
    let (_, [_, a, b]) = root.framework("own").await;
    let plan = plan(&ada, &moodle, &[a, b]).await;
    let out = document(&ada, &plan).await;
    // Where the framework is not, its competencies are not.
    let job = import(&ben, input(&out)).await;
    assert_snapshot!(outcome(&job), @"FAILED 0 0 0 0 errors: /items/0/competency REFERENCE_UNKNOWN, /items/1/competency REFERENCE_UNKNOWN");
    assert_eq!(ben.list("LearningPlan", &[]).await.items.len(), 0, "nothing is half done");
    assert_eq!(ben.list("LearningResource", &[]).await.items.len(), 0);
    eve.framework("own").await;
    let job = import(&ben, input(&out)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 2 0 0 0 warnings: /items/0 PROGRESS_NOT_TAKEN, /items/2 ITEM_LEFT_OUT");
    let copy = ben.see("LearningPlan", job["planId"].as_str().unwrap()).await.done();
    assert_eq!(copy["externalRefs"], json!([{ "source": "hr", "externalId": "p1" }]));
    let there = document(&ben, copy["id"].as_str().unwrap()).await;
    assert_eq!(there["items"][0]["resources"].as_array().unwrap().len(), 2);
    assert_ne!(there["items"][0]["resources"][0]["id"], out["items"][0]["resources"][0]["id"]);
}

async fn what_is_wrong_in_a_plan(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, ada) = (acme.admin("root").await, acme.learner("ada").await);
    let (_, [_, a, _]) = root.framework("own").await;
    let fine = json!({
        "format": "cairn/learning-plan", "version": 1, "plan": { "title": "P" },
        "items": [{ "competency": { "id": a } }, { "competency": { "framework": "own", "code": "leaf-b" } }],
    });
    assert_snapshot!(outcome(&import(&ada, input(&fine)).await), @"SUCCEEDED 2 0 0 0");
    let with = async |change: fn(&mut Value)| {
        let mut document = fine.clone();
        change(&mut document);
        outcome(&import(&ada, input(&document)).await)
    };
    assert_snapshot!(with(|d| *d = json!("x")).await, @"FAILED 0 0 0 0 errors: /format BAD_INPUT, /version BAD_INPUT,  BAD_INPUT");
    assert_snapshot!(with(|d| d["version"] = json!(2)).await, @"FAILED 0 0 0 0 errors: /version BAD_INPUT");
    assert_snapshot!(with(|d| d["items"][0]["colour"] = json!("red")).await, @"FAILED 0 0 0 0 errors: /items/0/colour BAD_INPUT");
    assert_snapshot!(with(|d| {
        d["plan"]["title"] = json!("");
        d["items"][0]["weight"] = json!(1000);
    }).await, @"FAILED 0 0 0 0 errors: /plan/title VALIDATION_FAILED, /items/0/weight VALIDATION_FAILED");
    assert_snapshot!(with(|d| {
        d["items"][0]["targetLevel"] = json!(9);
        d["items"][1]["competency"]["code"] = json!("none");
    }).await, @"FAILED 0 0 0 0 errors: /items/0/targetLevel LEVEL_NOT_IN_SCALE, /items/1/competency REFERENCE_UNKNOWN");
    // A day that has passed is no reason to refuse a plan.
    assert_snapshot!(with(|d| d["plan"]["dueOn"] = json!("2020-01-01")).await, @"SUCCEEDED 2 0 0 0 warnings: /plan/dueOn DUE_DATE_PAST");
}

async fn whose_plans(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim, root) =
        (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await, acme.admin("root").await);
    let moodle = acme.moodle().await;
    let plan = ada.plan("Hers").await;
    let out = document(&ada, &plan).await;
    for who in [&ben, &kim, &root] {
        assert_snapshot!(who.ask("learningPlanExport", json!({ "planId": plan })).await.said(), @"NOT_FOUND");
    }
    let mut for_ada = input(&out);
    for_ada["ownerId"] = json!(ada.id);
    assert_snapshot!(ben.create(KIND, for_ada.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    assert_snapshot!(moodle.create(KIND, input(&out)).await.said(), @"OWNER_REQUIRED /ownerId");
    let mut nobody = input(&out);
    nobody["ownerId"] = json!(nothing("usr"));
    assert_snapshot!(moodle.create(KIND, nobody).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    // Who may plan for somebody takes plans in for them, until they may no more.
    let grant = ada.opens(&kim, &["learning:write"]).await;
    let job = import(&kim, for_ada.clone()).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 0 0 0 0");
    ada.see("LearningPlan", job["planId"].as_str().unwrap()).await.done();
    let waiting = kim.create(KIND, for_ada.clone()).await.id();
    ada.tell("Grant", "revoke", &grant).await.done();
    super::work(&api).await;
    assert_snapshot!(outcome(&kim.see(KIND, &waiting).await.done()), @"FAILED 0 0 0 0 errors: /ownerId REFERENCE_UNKNOWN");
    assert_snapshot!(outcome(&import(&moodle, for_ada).await), @"SUCCEEDED 0 0 0 0");
    // Whose import it is sees it; a role does not open it.
    for who in [&ada, &ben, &root] {
        assert_snapshot!(who.see(KIND, &waiting).await.said(), @"NOT_FOUND");
    }
    assert_eq!(kim.through(Face::Rest).list(KIND, &[("kind", "LEARNING_PLAN")]).await.items.len(), 2);
}

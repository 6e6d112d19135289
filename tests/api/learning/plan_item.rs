//! Items of plans: what is learnt, how well, from what, and how it is done (§6, §7).

use serde_json::{Value, json};

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    an_item_fits_its_scale_and_its_plan,
    doing_it_by_hand,
    a_completed_plan_is_read_only,
    resources_of_an_item
);

const KIND: &str = "PlanItem";

async fn an_item_fits_its_scale_and_its_plan(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let (_, [_, leaf, other]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let new = json!({ "planId": plan, "competencyId": leaf });
    let item = ada.create(KIND, new.clone()).await.done();
    assert_eq!((&item["targetLevel"], &item["weight"], &item["motivation"]), (&json!(2), &json!(1), &json!("GOAL")));
    let mut high = json!({ "planId": plan, "competencyId": other, "targetLevel": 9 });
    let refused = ada.create(KIND, high.clone()).await;
    assert_snapshot!(refused.said(), @"LEVEL_NOT_IN_SCALE /targetLevel");
    assert_snapshot!(refused.details, @r#"{"levels":[1,2,3]}"#);
    high["targetLevel"] = json!(3);
    let second = ada.create(KIND, high).await.done();
    assert_eq!(second["sortOrder"].as_i64(), item["sortOrder"].as_i64().map(|place| place + 1));
    let id = second["id"].as_str().unwrap();
    assert_snapshot!(ada.update(KIND, id, json!({ "targetLevel": 4 })).await.said(), @"LEVEL_NOT_IN_SCALE /targetLevel");
    let unknown = json!({ "planId": nothing("pln"), "competencyId": nothing("cmp") });
    assert_snapshot!(ada.create(KIND, unknown).await.said(), @"REFERENCE_UNKNOWN /planId");
    assert_snapshot!(ben.create(KIND, new).await.said(), @"REFERENCE_UNKNOWN /planId");
    assert_snapshot!(ben.see(KIND, id).await.said(), @"NOT_FOUND");
    assert_snapshot!(ben.update(KIND, id, json!({ "note": "hi" })).await.said(), @"NOT_FOUND");
    let wrong = json!({ "planId": plan, "competencyId": other, "weight": 0, "sortOrder": -1, "note": "" });
    assert_snapshot!(ada.create(KIND, wrong).await.said(), @"VALIDATION_FAILED /weight /sortOrder /note");
}

async fn doing_it_by_hand(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let item = ada.create(KIND, json!({ "planId": plan, "competencyId": leaf, "note": "soon" })).await.id();
    let done = ada.update(KIND, &item, json!({ "status": "DONE" })).await.done();
    assert_eq!(
        (&done["status"], &done["completionSource"], &done["note"]),
        (&json!("DONE"), &json!("MANUAL"), &json!("soon"))
    );
    assert!(done["completedAt"].is_string());
    let back = ada.update(KIND, &item, json!({ "status": "DOING", "note": null })).await.done();
    assert_eq!(
        (&back["completedAt"], &back["completionSource"], &back["note"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let events = ada.list("Event", &[("type", "learning_plan.item_completed")]).await;
    assert_eq!(events.each("subjectId"), [json!(plan)]);
}

async fn a_completed_plan_is_read_only(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, leaf, other]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let item = ada.create(KIND, json!({ "planId": plan, "competencyId": leaf })).await.id();
    let gone = ada.create(KIND, json!({ "planId": plan, "competencyId": other })).await.id();
    ada.tell(KIND, "delete", &gone).await.done();
    ada.tell("LearningPlan", "approve", &plan).await.done();
    ada.tell("LearningPlan", "complete", &plan).await.done();

    assert_snapshot!(ada.update("LearningPlan", &plan, json!({ "title": "x" })).await.said(), @"PLAN_COMPLETED");
    assert_snapshot!(ada.update(KIND, &item, json!({ "note": "x" })).await.said(), @"PLAN_COMPLETED");
    assert_snapshot!(ada.tell(KIND, "delete", &item).await.said(), @"PLAN_COMPLETED");
    assert_snapshot!(ada.tell(KIND, "restore", &gone).await.said(), @"PLAN_COMPLETED");
    let new = json!({ "planId": plan, "competencyId": other });
    assert_snapshot!(ada.create(KIND, new).await.said(), @"PLAN_COMPLETED");

    ada.tell("LearningPlan", "reopen", &plan).await.done();
    ada.update(KIND, &item, json!({ "note": "x" })).await.done();
    ada.tell(KIND, "restore", &gone).await.done();
}

async fn resources_of_an_item(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let book = ada.create("LearningResource", json!({ "kind": "BOOK", "title": "A book" })).await.id();
    let plan = ada.plan("Learn").await;
    let item =
        ada.create(KIND, json!({ "planId": plan, "competencyId": leaf, "resourceIds": [book, book] })).await.id();
    let linked = async || {
        let answer = ada.get(&format!("/plan-items/{item}?expand=resources")).await;
        answer["resources"]["items"].as_array().unwrap().len()
    };
    assert_snapshot!(linked().await, @"1");
    assert_snapshot!(ada.tell("LearningResource", "delete", &book).await.said(), @"IN_USE");
    let unknown = json!({ "resourceIds": [nothing("res")] });
    assert_snapshot!(ada.update(KIND, &item, unknown).await.said(), @"REFERENCE_UNKNOWN /resourceIds/0");
    ada.update(KIND, &item, json!({ "resourceIds": [] })).await.done();
    assert_snapshot!(linked().await, @"0");
    ada.tell("LearningResource", "delete", &book).await.done();
}

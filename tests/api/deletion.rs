//! Deleting is soft and can be undone; tombstones let a client keep a copy in step.

use serde_json::{Value, json};

use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(gone_and_back, a_copy_in_step, a_name_that_was_taken_meanwhile, what_belongs_to_what_is_gone);

async fn gone_and_back(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let plan = ada.plan("Learn").await;
    let gone = ada.tell("LearningPlan", "delete", &plan).await.done();
    assert!(gone["deletedAt"].is_string() && gone["version"] == 2, "{gone}");
    assert_snapshot!(ada.see("LearningPlan", &plan).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.update("LearningPlan", &plan, json!({ "title": "x" })).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.tell("LearningPlan", "delete", &plan).await.said(), @"NOT_FOUND");
    assert_eq!(ada.list("LearningPlan", &[]).await.items.len(), 0);
    let back = ada.tell("LearningPlan", "restore", &plan).await.done();
    assert_eq!((&back["deletedAt"], &back["version"], &back["title"]), (&Value::Null, &json!(3), &json!("Learn")));
    assert_snapshot!(ada.tell("LearningPlan", "restore", &plan).await.said(), @"NOT_FOUND");
}

async fn a_copy_in_step(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (kept, gone, bens) = (ada.plan("Kept").await, ada.plan("Gone").await, ben.plan("Ben's").await);
    let since = ada.see("LearningPlan", &gone).await.done()["updatedAt"].as_str().unwrap().to_owned();
    ada.update("LearningPlan", &kept, json!({ "title": "Changed" })).await.done();
    ada.tell("LearningPlan", "delete", &gone).await.done();
    ben.tell("LearningPlan", "delete", &bens).await.done();
    let changed = ada.list("LearningPlan", &[("updatedAt.gt", &since)]).await;
    assert_eq!(changed.ids(), [kept]);
    let tombstones = ada.list("LearningPlan", &[("updatedAt.gt", &since), ("deleted", "true")]).await;
    assert_eq!(tombstones.ids(), [gone], "one's own, and no other's");
    assert!(tombstones.items[0]["deletedAt"].is_string());
    let later = tombstones.items[0]["updatedAt"].as_str().unwrap();
    assert_eq!(ada.list("LearningPlan", &[("updatedAt.gt", later), ("deleted", "true")]).await.items.len(), 0);
}

async fn a_name_that_was_taken_meanwhile(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let (framework, [_, leaf, _]) = root.framework("own").await;
    root.tell("Competency", "delete", &leaf).await.done();
    let heir = json!({ "frameworkId": framework, "code": "leaf-a", "name": "Heir" });
    let heir = root.create("Competency", heir).await.id();
    assert_snapshot!(root.tell("Competency", "restore", &leaf).await.said(), @"ALREADY_EXISTS");
    root.tell("Competency", "delete", &heir).await.done();
    root.tell("Competency", "restore", &leaf).await.done();
    root.tell("CompetencyFramework", "delete", &framework).await.done();
    root.framework("own").await;
    assert_snapshot!(root.tell("CompetencyFramework", "restore", &framework).await.said(), @"ALREADY_EXISTS");
}

async fn what_belongs_to_what_is_gone(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (framework, [_, leaf, other]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let item = ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf })).await.id();
    ada.tell("LearningPlan", "delete", &plan).await.done();
    assert_snapshot!(ada.update("PlanItem", &item, json!({ "note": "x" })).await.said(), @"NOT_FOUND");
    let new = json!({ "planId": plan, "competencyId": other });
    assert_snapshot!(ada.create("PlanItem", new).await.said(), @"REFERENCE_UNKNOWN /planId");
    ada.tell("LearningPlan", "restore", &plan).await.done();
    ada.update("PlanItem", &item, json!({ "note": "x" })).await.done();
    ada.tell("PlanItem", "delete", &item).await.done();
    // A competency of a framework that is gone is gone with it.
    root.tell("Competency", "delete", &other).await.done();
    assert_snapshot!(ada.create("PlanItem", json!({ "planId": plan, "competencyId": other })).await.said(), @"REFERENCE_UNKNOWN /competencyId");
    assert_snapshot!(root.tell("CompetencyFramework", "delete", &framework).await.said(), @"FRAMEWORK_IN_USE");
}

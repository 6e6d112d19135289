//! Comments on items of plans: who says what about one, and who reads it (story 3).

use serde_json::json;

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(who_comments_and_who_reads_it, ones_own_words_alone, what_is_over_is_not_commented);

const KIND: &str = "PlanItemComment";

async fn who_comments_and_who_reads_it(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, lee) = (acme.learner("ada").await, acme.coach("kim").await, acme.coach("lee").await);
    let (_, [_, leaf, _]) = acme.admin("root").await.framework("own").await;
    let plan = ada.plan("Learn").await;
    let item = ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf })).await.id();
    let says = |text: &str| json!({ "itemId": item, "text": text });
    let own = ada.create(KIND, says("Is this enough?")).await.done();
    assert_eq!((&own["authorId"], &own["ownerId"], &own["itemId"]), (&json!(ada.id), &json!(ada.id), &json!(item)));
    // Without a grant there is nothing to comment on, and nothing to read.
    assert_snapshot!(kim.create(KIND, says("Hm.")).await.said(), @"REFERENCE_UNKNOWN /itemId");
    assert_snapshot!(kim.see(KIND, own["id"].as_str().unwrap()).await.said(), @"NOT_FOUND");
    assert_snapshot!(kim.list(KIND, &[]).await.items.len(), @"0");
    // Who may read reads the comments too, and writes none.
    let grant = ada.opens(&kim, &["learning:read"]).await;
    assert_snapshot!(kim.create(KIND, says("Hm.")).await.said(), @"FORBIDDEN");
    assert_eq!(kim.list(KIND, &[("itemId", &item)]).await.each("text"), [json!("Is this enough?")]);
    for scope in ["learning:review", "learning:write"] {
        ada.update("Grant", &grant, json!({ "scopes": [scope] })).await.done();
        kim.create(KIND, says(scope)).await.done();
    }
    let said = ada.get(&format!("/plan-items/{item}?expand=comments.author")).await.fine();
    let said = said["comments"]["items"].as_array().unwrap();
    let names: Vec<_> = said.iter().map(|one| one["author"]["name"].as_str().unwrap()).collect();
    assert_snapshot!(names.join(" "), @"ada kim kim");
    assert_snapshot!(lee.create(KIND, says("Me too.")).await.said(), @"REFERENCE_UNKNOWN /itemId");
    assert_snapshot!(acme.admin("boss").await.create(KIND, says("And me.")).await.said(), @"REFERENCE_UNKNOWN /itemId");
    // A machine reads, and has nothing to say.
    let moodle = acme.moodle().await;
    assert_snapshot!(moodle.list(KIND, &[("authorId", &kim.id)]).await.items.len(), @"2");
    assert_snapshot!(moodle.create(KIND, says("Beep.")).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.create(KIND, json!({ "itemId": nothing("itm"), "text": "?" })).await.said(), @"REFERENCE_UNKNOWN /itemId");
    assert_snapshot!(ada.create(KIND, says(" ")).await.said(), @"VALIDATION_FAILED /text");
    // What she owns is hers to follow, whoever wrote it; the text stays where its rights are.
    let events = ada.list("Event", &[("subjectKind", "plan_item_comment"), ("sort", "seq")]).await;
    assert_eq!(
        events.each("type"),
        [json!("plan_item_comment.created"), json!("plan_item_comment.created"), json!("plan_item_comment.created")]
    );
    assert_eq!(events.items[1]["data"], json!({ "planItemId": item, "authorId": kim.id }));
    assert_snapshot!(lee.list("Event", &[("subjectKind", "plan_item_comment")]).await.items.len(), @"0");
}

async fn ones_own_words_alone(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let (_, [_, leaf, _]) = acme.admin("root").await.framework("own").await;
    let plan = ada.plan("Learn").await;
    let item = ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf })).await.id();
    let grant = ada.opens(&kim, &["learning:review"]).await;
    let comment = kim.create(KIND, json!({ "itemId": item, "text": "Add a projekt." })).await.id();
    let better = kim.update(KIND, &comment, json!({ "text": "Add a project." })).await.done();
    assert_eq!((&better["text"], &better["version"]), (&json!("Add a project."), &json!(2)));
    // Nobody puts words into the mouth of another, nor takes them out: not even whose plan it is.
    assert_snapshot!(ada.update(KIND, &comment, json!({ "text": "All is well." })).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.tell(KIND, "delete", &comment).await.said(), @"FORBIDDEN");
    assert_snapshot!(acme.moodle().await.tell(KIND, "delete", &comment).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.knowing(1).tell(KIND, "delete", &comment).await.said(), @"VERSION_MISMATCH");
    kim.tell(KIND, "delete", &comment).await.done();
    assert_snapshot!(ada.list(KIND, &[]).await.items.len(), @"0");
    assert_eq!(ada.list(KIND, &[("deleted", "true")]).await.ids(), std::slice::from_ref(&comment));
    kim.tell(KIND, "restore", &comment).await.done();
    assert_eq!(ada.list(KIND, &[]).await.ids(), std::slice::from_ref(&comment));
    // Who no longer sees the item no longer sees what they said.
    ada.tell("Grant", "revoke", &grant).await.done();
    assert_snapshot!(kim.update(KIND, &comment, json!({ "text": "Wait!" })).await.said(), @"NOT_FOUND");
    assert_snapshot!(kim.tell(KIND, "delete", &comment).await.said(), @"NOT_FOUND");
    ada.see(KIND, &comment).await.done();
}

async fn what_is_over_is_not_commented(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let item = ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf })).await.id();
    let says = json!({ "itemId": item, "text": "Done soon." });
    let comment = ada.create(KIND, says.clone()).await.id();
    ada.tell("LearningPlan", "approve", &plan).await.done();
    ada.tell("LearningPlan", "complete", &plan).await.done();
    // A complete plan is read-only, with all that was said about it.
    assert_snapshot!(ada.create(KIND, says.clone()).await.said(), @"PLAN_COMPLETED");
    assert_snapshot!(ada.update(KIND, &comment, json!({ "text": "Done." })).await.said(), @"PLAN_COMPLETED");
    assert_snapshot!(ada.tell(KIND, "delete", &comment).await.said(), @"PLAN_COMPLETED");
    ada.see(KIND, &comment).await.done();
    ada.tell("LearningPlan", "reopen", &plan).await.done();
    ada.update(KIND, &comment, json!({ "text": "Not yet." })).await.done();
    // What is gone is not commented; with the item its comments go, and come back.
    ada.tell("PlanItem", "delete", &item).await.done();
    assert_snapshot!(ada.create(KIND, says.clone()).await.said(), @"REFERENCE_UNKNOWN /itemId");
    assert_snapshot!(ada.see(KIND, &comment).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.update(KIND, &comment, json!({ "text": "Still here?" })).await.said(), @"NOT_FOUND");
    ada.tell("PlanItem", "restore", &item).await.done();
    ada.see(KIND, &comment).await.done();
    ada.tell("LearningPlan", "delete", &plan).await.done();
    assert_snapshot!(ada.create(KIND, says).await.said(), @"REFERENCE_UNKNOWN /itemId");
}

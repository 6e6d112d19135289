//! Plans that follow a template: what is the template's, what is the learner's, and what happens when the template
//! changes (§7).

use serde_json::{Value, json};

use super::{ITEM, KIND, PLAN, people, template};
use crate::harness::{Actor, Api, assert_snapshot, face::id, stories, stories_in_both_faces};

stories_in_both_faces!(
    what_is_the_templates_and_what_the_learners,
    a_plan_that_is_unlinked_is_free,
    plans_follow_what_changes,
    what_is_done_is_kept,
    needs_open_again,
    complete_plans_catch_up,
    deleted_plans_catch_up,
    a_template_that_plans_follow_stays,
    advice_fits_plans_that_follow,
);
stories!(many_plans_follow);

async fn assigned(moodle: &Actor, template: &str, who: &Actor) -> String {
    id(&moodle.act(PLAN, "assign", None, people(template, &[who])).await.done()["items"][0])
}

async fn items(who: &Actor, plan: &str) -> Vec<Value> {
    who.list("PlanItem", &[("planId", plan), ("sort", "sortOrder")]).await.items
}

async fn what_is_the_templates_and_what_the_learners(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let moodle = acme.moodle().await;
    let (template, _, competencies) = template(&kim, &root, "Onboarding").await;
    let course = kim.create("LearningResource", json!({ "kind": "COURSE", "title": "ML" })).await.id();
    let plan = assigned(&moodle, &template, &ada).await;
    let item = id(&items(&ada, &plan).await[0]);
    let new = json!({ "planId": plan, "competencyId": competencies[0] });
    let refused = ada.create("PlanItem", new).await;
    assert_snapshot!(refused.said(), @"PLAN_TEMPLATE_BOUND /planId");
    assert_eq!(refused.details, json!({ "templateId": template }));
    let all = json!({
        "targetLevel": 3, "status": "DROPPED", "motivation": "CURIOSITY", "weight": 9, "sortOrder": 9, "note": "Mine.",
        "resourceIds": [course],
    });
    let refused = ada.update("PlanItem", &item, all).await;
    assert_snapshot!(refused.said(), @"PLAN_TEMPLATE_BOUND /targetLevel /status /motivation /weight /sortOrder /note /resourceIds");
    assert_snapshot!(ada.tell("PlanItem", "delete", &item).await.said(), @"PLAN_TEMPLATE_BOUND");
    assert_snapshot!(moodle.update("PlanItem", &item, json!({ "weight": 9 })).await.said(), @"PLAN_TEMPLATE_BOUND /weight");
    // What is said again is no change; what has been done is the learner's, and so is what the plan is called.
    let same = json!({ "targetLevel": 2, "weight": 1, "note": null, "resourceIds": [], "status": "DOING" });
    assert_eq!(ada.update("PlanItem", &item, same).await.done()["status"], "DOING");
    let done = ada.update("PlanItem", &item, json!({ "status": "DONE" })).await.done();
    assert_eq!((&done["status"], &done["completionSource"]), (&json!("DONE"), &json!("MANUAL")));
    assert_eq!(ada.see(PLAN, &plan).await.done()["progress"], 33);
    let mine = json!({ "title": "My first weeks", "dueOn": null, "description": null });
    assert_eq!(ada.update(PLAN, &plan, mine).await.done()["title"], "My first weeks");
    // A need finds its item in the plan, or none.
    let raise = async |competency: &str| {
        ada.act("LearningNeed", "raise", None, json!({ "competencyId": competency, "source": "CURIOSITY" })).await.id()
    };
    let there = raise(&competencies[1]).await;
    ada.act("LearningNeed", "plan", None, json!({ "planId": plan, "needIds": [there] })).await.done();
    let (_, [_, elsewhere, _]) = root.framework("other").await;
    let missing = raise(&elsewhere).await;
    let refused = ada.act("LearningNeed", "plan", None, json!({ "planId": plan, "needIds": [missing] })).await;
    assert_snapshot!(refused.said(), @"PLAN_TEMPLATE_BOUND /planId");
}

async fn a_plan_that_is_unlinked_is_free(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (kim, root, moodle) = (acme.coach("kim").await, acme.admin("root").await, acme.moodle().await);
    let (template, given, competencies) = template(&kim, &root, "Onboarding").await;
    let plan = assigned(&moodle, &template, &ada).await;
    let verb = "unlinkFromTemplate";
    assert_snapshot!(ben.tell(PLAN, verb, &plan).await.said(), @"NOT_FOUND");
    let grant = ada.opens(&kim, &["learning:review"]).await;
    assert_snapshot!(kim.tell(PLAN, verb, &plan).await.said(), @"FORBIDDEN");
    ada.update("Grant", &grant, json!({ "scopes": ["learning:write"] })).await.done();
    let free = kim.tell(PLAN, verb, &plan).await.done();
    assert_eq!((&free["templateId"], &free["originTemplateId"]), (&Value::Null, &json!(template)));
    assert_snapshot!(ada.tell(PLAN, verb, &plan).await.said(), @"PLAN_NOT_BOUND");
    let events = ada.list("Event", &[("subjectId", &plan), ("sort", "seq")]).await;
    assert_eq!(events.items[1]["type"], "learning_plan.unlinked_from_template");
    assert_eq!(events.items[1]["data"], json!({ "templateId": template }));
    // What it was given stays, and is the owner's now; the template no longer reaches it.
    let before = items(&ada, &plan).await;
    assert_eq!(before.len(), 2);
    kim.update(ITEM, &given[0], json!({ "weight": 50 })).await.done();
    kim.tell(ITEM, "delete", &given[1]).await.done();
    assert_eq!(items(&ada, &plan).await, before);
    let item = id(&before[0]);
    let changed = ada.update("PlanItem", &item, json!({ "weight": 7, "status": "DROPPED" })).await.done();
    assert_eq!((&changed["weight"], &changed["status"]), (&json!(7), &json!("DROPPED")));
    ada.tell("PlanItem", "delete", &item).await.done();
    ada.tell("PlanItem", "restore", &item).await.done();
    ada.create("PlanItem", json!({ "planId": plan, "competencyId": competencies[0] })).await.done();
    // Who is free of a template can be given it again.
    let again = assigned(&moodle, &template, &ada).await;
    assert_ne!(again, plan);
    assert_eq!(items(&ada, &again).await.len(), 1);
    // What is complete stays as it is.
    acme.decide(&root, json!({ "selfApproval": true })).await;
    ada.tell(PLAN, "approve", &again).await.done();
    ada.tell(PLAN, "complete", &again).await.done();
    assert_snapshot!(ada.tell(PLAN, verb, &again).await.said(), @"PLAN_COMPLETED");
}

async fn plans_follow_what_changes(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (kim, root, moodle) = (acme.coach("kim").await, acme.admin("root").await, acme.moodle().await);
    let (template, given, _) = template(&kim, &root, "Onboarding").await;
    let course = kim.create("LearningResource", json!({ "kind": "COURSE", "title": "ML" })).await.id();
    let (plan, other) = (assigned(&moodle, &template, &ada).await, assigned(&moodle, &template, &ben).await);
    let first = id(&items(&ada, &plan).await[0]);
    ada.update("PlanItem", &first, json!({ "status": "DOING" })).await.done();
    let told = async |who: &Actor, plan: &str| {
        let events = who.list("Event", &[("subjectId", plan), ("last", "1"), ("sort", "seq")]).await;
        (events.items[0]["type"].clone(), events.items[0]["data"].clone())
    };
    // Changed: the content follows, what has been done stays.
    let says = json!({ "targetLevel": 3, "weight": 5, "sortOrder": 9, "note": "Go deep.", "resourceIds": [course] });
    kim.update(ITEM, &given[0], says).await.done();
    for (who, plan, status) in [(&ada, &plan, "DOING"), (&ben, &other, "TODO")] {
        let item = items(who, plan).await.pop().unwrap();
        let shown = [&item["targetLevel"], &item["weight"], &item["sortOrder"], &item["note"], &item["status"]];
        assert_eq!(shown, [&json!(3), &json!(5), &json!(9), &json!("Go deep."), &json!(status)]);
        let from = who.get(&format!("/plan-items/{}?expand=resources", id(&item))).await.fine();
        assert_eq!(from["resources"]["items"][0]["id"], json!(course));
        let (what, data) = told(who, plan).await;
        assert_eq!(what, "learning_plan.template_followed");
        let changed =
            json!({ "templateId": template, "added": [], "changed": [item["id"]], "removed": [], "kept": [] });
        assert_eq!(data, changed);
    }
    assert_eq!(items(&ada, &plan).await[1]["version"], 3);
    let events = ada.list("Event", &[("subjectId", &first), ("sort", "seq")]).await;
    assert_eq!(events.each("subjectVersion"), [json!(1), json!(2), json!(3)]);
    assert_eq!(events.each("type").pop(), Some(json!("plan_item.updated")));
    // What says the same changes nothing.
    kim.update(ITEM, &given[0], json!({ "weight": 5 })).await.done();
    assert_eq!(items(&ada, &plan).await[1]["version"], 3);
    // Added.
    let (_, [_, more, _]) = root.framework("more").await;
    let added = json!({ "templateId": template, "competencyId": more, "resourceIds": [course], "sortOrder": 20 });
    let added = kim.create(ITEM, added).await.id();
    let item = items(&ben, &other).await.pop().unwrap();
    assert_eq!(
        (&item["templateItemId"], &item["status"], &item["ownerId"]),
        (&json!(added), &json!("TODO"), &json!(ben.id))
    );
    assert_eq!(told(&ben, &other).await.1["added"], json!([item["id"]]));
    // Removed, and restored: the very item comes back, as the template has it by now.
    kim.tell(ITEM, "delete", &given[0]).await.done();
    assert_eq!(items(&ada, &plan).await.len(), 2);
    assert_snapshot!(ada.see("PlanItem", &first).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.tell("PlanItem", "restore", &first).await.said(), @"PLAN_TEMPLATE_BOUND");
    assert_eq!(told(&ada, &plan).await.1["removed"], json!([first]));
    kim.tell(ITEM, "restore", &given[0]).await.done();
    let back = ada.see("PlanItem", &first).await.done();
    assert_eq!((&back["status"], &back["weight"]), (&json!("DOING"), &json!(5)));
    let events = ada.list("Event", &[("subjectId", &first), ("sort", "seq"), ("last", "2")]).await;
    assert_eq!(events.each("type"), [json!("plan_item.deleted"), json!("plan_item.restored")]);
    // What the template is called, and when its plans are due, is for those to come.
    kim.update(KIND, &template, json!({ "title": "Other", "dueInDays": 1 })).await.done();
    assert_eq!(ada.see(PLAN, &plan).await.done()["title"], "Onboarding");
}

async fn what_is_done_is_kept(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (kim, root, moodle) = (acme.coach("kim").await, acme.admin("root").await, acme.moodle().await);
    let (template, given, _) = template(&kim, &root, "Onboarding").await;
    let (plan, other) = (assigned(&moodle, &template, &ada).await, assigned(&moodle, &template, &ben).await);
    let (done, open) = (id(&items(&ada, &plan).await[0]), id(&items(&ben, &other).await[0]));
    ada.update("PlanItem", &done, json!({ "status": "DONE" })).await.done();
    kim.tell(ITEM, "delete", &given[0]).await.done();
    assert_eq!(ada.see("PlanItem", &done).await.done()["status"], "DONE");
    assert_snapshot!(ben.see("PlanItem", &open).await.said(), @"NOT_FOUND");
    // Nothing happened to the plan that keeps it; the other was told.
    let last = async |who: &Actor, plan: &str| {
        who.list("Event", &[("subjectId", plan), ("last", "1"), ("sort", "seq")]).await.items[0]["type"].clone()
    };
    assert_eq!(last(&ada, &plan).await, "learning_plan.item_completed");
    assert_eq!(last(&ben, &other).await, "learning_plan.template_followed");
    // It stays what it was: the template that no longer has it cannot change it, and comes back to it.
    assert_snapshot!(ada.update("PlanItem", &done, json!({ "weight": 3 })).await.said(), @"PLAN_TEMPLATE_BOUND /weight");
    kim.tell(ITEM, "restore", &given[0]).await.done();
    kim.update(ITEM, &given[0], json!({ "weight": 8 })).await.done();
    let item = ada.see("PlanItem", &done).await.done();
    assert_eq!((&item["status"], &item["weight"]), (&json!("DONE"), &json!(8)));
    assert_eq!(items(&ada, &plan).await.len(), 2);
}

async fn needs_open_again(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (kim, root, moodle) = (acme.coach("kim").await, acme.admin("root").await, acme.moodle().await);
    let (template, given, competencies) = template(&kim, &root, "Onboarding").await;
    let mut needs = Vec::new();
    for who in [&ada, &ben] {
        let plan = assigned(&moodle, &template, who).await;
        for competency in &competencies {
            let raised = json!({ "competencyId": competency, "source": "CURIOSITY" });
            let need = who.act("LearningNeed", "raise", None, raised).await.id();
            who.act("LearningNeed", "plan", None, json!({ "planId": plan, "needIds": [need] })).await.done();
            needs.push((who, need));
        }
    }
    kim.tell(ITEM, "delete", &given[0]).await.done();
    for (place, (who, need)) in needs.iter().enumerate() {
        let need = who.see("LearningNeed", need).await.done();
        let expected = if place % 2 == 0 { ("OPEN", 3) } else { ("PLANNED", 2) };
        assert_eq!((&need["state"], &need["version"]), (&json!(expected.0), &json!(expected.1)));
        assert_eq!(need["planItemId"].is_null(), expected.0 == "OPEN");
        let events = who.list("Event", &[("subjectId", &id(&need)), ("last", "1"), ("sort", "seq")]).await;
        assert_eq!(events.items[0]["type"] == "learning_need.unplanned", expected.0 == "OPEN");
        assert_eq!(events.items[0]["subjectVersion"], need["version"]);
    }
}

async fn complete_plans_catch_up(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (template, given, competencies) = template(&kim, &root, "Onboarding").await;
    let plan = assigned(&acme.moodle().await, &template, &ada).await;
    ada.tell(PLAN, "approve", &plan).await.done();
    ada.tell(PLAN, "complete", &plan).await.done();
    let before = items(&ada, &plan).await;
    kim.update(ITEM, &given[0], json!({ "weight": 4 })).await.done();
    kim.tell(ITEM, "delete", &given[1]).await.done();
    let more = json!({ "templateId": template, "competencyId": competencies[1], "targetLevel": 1 });
    let more = kim.create(ITEM, more).await.id();
    // What was completed stays what it was.
    assert_eq!(items(&ada, &plan).await, before);
    let back = ada.tell(PLAN, "reopen", &plan).await.done();
    assert_eq!(back["templateId"], json!(template));
    let after = items(&ada, &plan).await;
    assert_eq!(after.iter().map(|item| &item["templateItemId"]).collect::<Vec<_>>(), [&json!(given[0]), &json!(more)]);
    assert_eq!((&after[0]["id"], &after[0]["weight"]), (&before[0]["id"], &json!(4)));
    let events = ada.list("Event", &[("subjectId", &plan), ("last", "2"), ("sort", "seq")]).await;
    assert_eq!(events.each("type"), [json!("learning_plan.reopened"), json!("learning_plan.template_followed")]);
    let followed = json!({
        "templateId": template, "added": [after[1]["id"]], "changed": [before[0]["id"]], "removed": [before[1]["id"]], "kept": [],
    });
    assert_eq!(events.items[1]["data"], followed);
    // With nothing to catch up with, nothing is told.
    ada.tell(PLAN, "complete", &plan).await.done();
    ada.tell(PLAN, "reopen", &plan).await.done();
    let events = ada.list("Event", &[("subjectId", &plan), ("last", "1"), ("sort", "seq")]).await;
    assert_eq!(events.each("type"), [json!("learning_plan.reopened")]);
}

async fn deleted_plans_catch_up(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let moodle = acme.moodle().await;
    let (template, given, _) = template(&kim, &root, "Onboarding").await;
    let plan = assigned(&moodle, &template, &ada).await;
    ada.tell(PLAN, "delete", &plan).await.done();
    kim.tell(ITEM, "delete", &given[0]).await.done();
    ada.tell(PLAN, "restore", &plan).await.done();
    assert_eq!(items(&ada, &plan).await.len(), 1);
    // One that another system brings back catches up too.
    let name = json!({ "externalRefs": [{ "source": "moodle", "externalId": "p-1" }] });
    moodle.update(PLAN, &plan, name).await.done();
    moodle.tell(PLAN, "delete", &plan).await.done();
    kim.tell(ITEM, "restore", &given[0]).await.done();
    moodle.upsert(PLAN, "moodle", "p-1", json!({ "title": "Back", "ownerId": ada.id })).await.done();
    assert_eq!(items(&ada, &plan).await.len(), 2);
}

async fn a_template_that_plans_follow_stays(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, cyd) = (acme.learner("ada").await, acme.learner("ben").await, acme.learner("cyd").await);
    let (kim, root, moodle) = (acme.coach("kim").await, acme.admin("root").await, acme.moodle().await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (template, given, _) = template(&kim, &root, "Onboarding").await;
    let unlinked = assigned(&moodle, &template, &ada).await;
    let (complete, deleted) = (assigned(&moodle, &template, &ben).await, assigned(&moodle, &template, &cyd).await);
    ben.tell(PLAN, "approve", &complete).await.done();
    ben.tell(PLAN, "complete", &complete).await.done();
    let refused = kim.tell(KIND, "delete", &template).await;
    assert_snapshot!(refused.said(), @"TEMPLATE_IN_USE");
    assert_snapshot!(refused.details, @r#"{"plans":3}"#);
    ada.tell(PLAN, "unlinkFromTemplate", &unlinked).await.done();
    cyd.tell(PLAN, "delete", &deleted).await.done();
    // A complete one may be reopened.
    assert_snapshot!(kim.tell(KIND, "delete", &template).await.details, @r#"{"plans":1}"#);
    ben.tell(PLAN, "reopen", &complete).await.done();
    ben.tell(PLAN, "unlinkFromTemplate", &complete).await.done();
    kim.tell(KIND, "delete", &template).await.done();
    assert_eq!(ada.see(PLAN, &unlinked).await.done()["originTemplateId"], json!(template));
    // What comes back to a template that is gone is told that it follows none any more.
    let back = cyd.tell(PLAN, "restore", &deleted).await.done();
    assert_eq!((&back["templateId"], &back["originTemplateId"]), (&Value::Null, &json!(template)));
    assert_eq!(back["warnings"][0]["code"], "TEMPLATE_GONE");
    let events = cyd.list("Event", &[("subjectId", &deleted), ("last", "1"), ("sort", "seq")]).await;
    assert_eq!(events.each("type"), [json!("learning_plan.unlinked_from_template")]);
    // It comes back without plans, and goes on.
    kim.tell(KIND, "restore", &template).await.done();
    kim.update(ITEM, &given[0], json!({ "weight": 2 })).await.done();
    assert_eq!(items(&cyd, &deleted).await[0]["weight"], 1);
    assert_eq!(items(&ada, &assigned(&moodle, &template, &ada).await).await[0]["weight"], 2);
}

async fn advice_fits_plans_that_follow(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (template, ..) = template(&kim, &root, "Onboarding").await;
    let plan = assigned(&acme.moodle().await, &template, &ada).await;
    let (_, [_, elsewhere, _]) = root.framework("other").await;
    let raised = json!({ "competencyId": elsewhere, "source": "CURIOSITY" });
    ada.act("LearningNeed", "raise", None, raised).await.done();
    let then = cairn::domain::clock::now() - chrono::TimeDelta::days(60);
    api.execute("UPDATE learning_need SET opened_at = $1", vec![then.into()]).await;
    let suggested = async || {
        let told = ada.ask("personInsights", json!({})).await.done();
        let all = told["items"].as_array().unwrap().clone();
        let waits = all.into_iter().find(|one| one["code"] == "NEED_UNPLANNED").expect("a need that waits");
        waits["suggestedCommand"]["name"].clone()
    };
    // Nothing can be put into a plan that follows a template.
    assert_eq!(suggested().await, "createLearningPlan");
    ada.tell(PLAN, "unlinkFromTemplate", &plan).await.done();
    assert_eq!(suggested().await, "planNeeds");
}

/// More plans than one statement holds: each follows, once.
async fn many_plans_follow(api: Api) {
    let acme = api.another(&[("CAIRN_RATE_LIMIT", "0")]).await.organization("Acme").await;
    let (kim, root, moodle) = (acme.coach("kim").await, acme.admin("root").await, acme.moodle().await);
    let (template, given, _) = template(&kim, &root, "Onboarding").await;
    let mut cohort = Vec::new();
    for place in 0..510 {
        cohort.push(acme.learner(&format!("p{place}")).await.id);
    }
    for some in cohort.chunks(200) {
        moodle.act(PLAN, "assign", None, json!({ "templateId": template, "userIds": some })).await.done();
    }
    kim.update(ITEM, &given[0], json!({ "weight": 9, "note": "All of you." })).await.done();
    let count = async |kind: &str, query: &[(&str, &str)]| {
        let query: Vec<_> = query.iter().copied().chain([("count", "true"), ("first", "1")]).collect();
        moodle.list(kind, &query).await.total
    };
    assert_eq!(count("PlanItem", &[("templateItemId", &given[0])]).await, 510);
    assert_eq!(count("Event", &[("type", "plan_item.updated")]).await, 510);
    assert_eq!(count("Event", &[("type", "learning_plan.template_followed")]).await, 510);
    let one = moodle.list("PlanItem", &[("templateItemId", &given[0]), ("last", "1")]).await.items.remove(0);
    assert_eq!((&one["weight"], &one["note"], &one["version"]), (&json!(9), &json!("All of you."), &json!(2)));
    kim.tell(ITEM, "delete", &given[0]).await.done();
    assert_eq!(count("PlanItem", &[("templateItemId", &given[0])]).await, 0);
    assert_eq!(count("PlanItem", &[("templateItemId", &given[0]), ("deleted", "true")]).await, 510);
}

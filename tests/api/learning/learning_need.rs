//! The loop: what shows a need, how it is planned, and how it ends (§29).

use serde_json::{Value, json};

use crate::{
    harness::{Actor, Api, Outcome, assert_snapshot, stories, stories_in_both_faces, world::nothing},
    insight::rows::{goal, no_standing, standing},
};

stories_in_both_faces!(
    needs_merge_and_keep_their_sources,
    who_may_say_what,
    needs_are_planned,
    an_item_that_goes_leaves_its_need,
    what_is_reached_is_met,
    needs_come_from_goals,
);
stories!(two_plans_at_once_wait_for_nobody);

const KIND: &str = "LearningNeed";

async fn raise(who: &Actor, competency: &str, source: &str, more: Value) -> Outcome {
    let mut input = json!({ "competencyId": competency, "source": source });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.act(KIND, "raise", None, input).await
}

async fn state(who: &Actor, need: &str) -> String {
    who.see(KIND, need).await.done()["state"].as_str().unwrap().to_owned()
}

/// What happened to a need, in order.
async fn events(who: &Actor, need: &str) -> String {
    let events = who.list("Event", &[("subjectId", need), ("sort", "seq")]).await;
    let types: Vec<_> = events
        .items
        .iter()
        .map(|event| event["type"].as_str().unwrap().trim_start_matches("learning_need.").to_owned())
        .collect();
    types.join(" ")
}

async fn needs_merge_and_keep_their_sources(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, machine) = (acme.learner("ada").await, acme.admin("root").await, acme.moodle().await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let need = raise(&ada, &leaf, "CURIOSITY", json!({ "strength": 30, "note": "Sounds good" })).await.done();
    assert_eq!((&need["state"], &need["strength"], &need["version"]), (&json!("OPEN"), &json!(30), &json!(1)));
    let id = need["id"].as_str().unwrap();
    // The same source again changes nothing.
    let same = raise(&ada, &leaf, "CURIOSITY", json!({ "strength": 90 })).await.done();
    assert_eq!((&same["id"], &same["version"], &same["strength"]), (&json!(id), &json!(1), &json!(30)));
    let obstacle = json!({ "userId": ada.id, "sourceId": "obs_1", "strength": 50 });
    let merged = raise(&machine, &leaf, "PROJECT_OBSTACLE", obstacle.clone()).await.done();
    assert_eq!((&merged["id"], &merged["strength"]), (&json!(id), &json!(80)));
    raise(&machine, &leaf, "PROJECT_OBSTACLE", obstacle).await.done();
    let other = json!({ "userId": ada.id, "sourceId": "obs_2", "strength": 50 });
    assert_eq!(raise(&machine, &leaf, "PROJECT_OBSTACLE", other).await.done()["strength"], 100);
    let sources = ada.list("LearningNeedSource", &[("needId", id)]).await;
    let told: Vec<String> =
        sources.items.iter().map(|one| format!("{} {} {}", one["source"], one["sourceId"], one["strength"])).collect();
    assert_snapshot!(told.join("\n"), @r#"
    "CURIOSITY" null 30
    "PROJECT_OBSTACLE" "obs_1" 50
    "PROJECT_OBSTACLE" "obs_2" 50
    "#);
    assert_snapshot!(events(&ada, id).await, @"raised raised raised");

    // Put away, it stays so until something new shows it.
    ada.tell(KIND, "dismiss", id).await.done();
    raise(&ada, &leaf, "CURIOSITY", json!({})).await.done();
    assert_snapshot!(state(&ada, id).await, @"DISMISSED");
    let refused = ada.tell(KIND, "dismiss", id).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":["reopen"],"command":"dismiss","from":"DISMISSED"}"#);
    raise(&ada, &leaf, "GOAL_GAP", json!({})).await.done();
    assert_snapshot!(state(&ada, id).await, @"OPEN");
    assert_snapshot!(ada.tell(KIND, "reopen", id).await.said(), @"INVALID_TRANSITION");
    ada.tell(KIND, "dismiss", id).await.done();
    ada.tell(KIND, "reopen", id).await.done();
    assert_snapshot!(state(&ada, id).await, @"OPEN");
}

async fn who_may_say_what(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, machine) = (acme.admin("root").await, acme.moodle().await);
    let (_, [_, leaf, other]) = root.framework("own").await;
    assert_snapshot!(raise(&ada, &leaf, "REVIEWER", json!({})).await.said(), @"NEED_SOURCE_FORBIDDEN /source");
    assert_snapshot!(raise(&ada, &leaf, "PROJECT_OBSTACLE", json!({})).await.said(), @"NEED_SOURCE_FORBIDDEN /source");
    let hers = json!({ "userId": ada.id });
    assert_snapshot!(raise(&kim, &leaf, "REVIEWER", hers.clone()).await.said(), @"REFERENCE_UNKNOWN /userId");
    assert_snapshot!(raise(&ben, &leaf, "CURIOSITY", json!({ "userId": kim.id })).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["learning:review"]).await;
    assert_snapshot!(raise(&kim, &leaf, "CURIOSITY", hers.clone()).await.said(), @"NEED_SOURCE_FORBIDDEN /source");
    let need = raise(&kim, &leaf, "REVIEWER", hers.clone()).await.id();
    assert_eq!(ada.see(KIND, &need).await.done()["userId"], ada.id);
    let source = ada.list("LearningNeedSource", &[("needId", &need)]).await.items.remove(0);
    assert_eq!((&source["raisedBy"], &source["raisedByKind"]), (&json!(kim.id), &json!("USER")));
    // She says what is needed; what becomes of it is the learner's to decide.
    assert_snapshot!(kim.tell(KIND, "dismiss", &need).await.said(), @"FORBIDDEN");
    assert_snapshot!(ben.see(KIND, &need).await.said(), @"NOT_FOUND");
    assert_snapshot!(ben.list("LearningNeedSource", &[]).await.items.len(), @"0");
    assert_snapshot!(raise(&machine, &leaf, "INTERVIEW_RESULT", json!({})).await.said(), @"OWNER_REQUIRED /userId");
    raise(&machine, &other, "INTERVIEW_RESULT", hers).await.done();
    assert_snapshot!(raise(&ada, &nothing("cmp"), "CURIOSITY", json!({})).await.said(), @"REFERENCE_UNKNOWN /competencyId");
    assert_snapshot!(raise(&ada, &leaf, "CURIOSITY", json!({ "strength": 101 })).await.said(), @"VALIDATION_FAILED /strength");
}

async fn needs_are_planned(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (root, machine) = (acme.admin("root").await, acme.moodle().await);
    let (_, [top, leaf, other]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let known = ada.create("PlanItem", json!({ "planId": plan, "competencyId": other })).await.id();
    let curious = raise(&ada, &leaf, "CURIOSITY", json!({})).await.id();
    let blocked = raise(&machine, &top, "PROJECT_OBSTACLE", json!({ "userId": ada.id })).await.id();
    let there = raise(&ada, &other, "GOAL_GAP", json!({})).await.id();
    let input = json!({ "planId": plan, "needIds": [curious, blocked, there, curious] });
    let done = ada.act(KIND, "plan", None, input.clone()).await.done();
    let planned = done["items"].as_array().unwrap();
    assert_eq!(planned.len(), 3);
    assert!(planned.iter().all(|need| need["state"] == "PLANNED"));
    assert_eq!(planned[2]["planItemId"], known, "what is there already is not doubled");
    let items = ada.list("PlanItem", &[("planId", &plan), ("sort", "sortOrder")]).await;
    assert_eq!(items.each("motivation"), [json!("GOAL"), json!("CURIOSITY"), json!("OBSTACLE")]);
    // The same again changes nothing.
    ada.act(KIND, "plan", None, input).await.done();
    assert_eq!(ada.list("PlanItem", &[("planId", &plan)]).await.items.len(), 3);
    assert_snapshot!(events(&ada, &curious).await, @"raised planned");

    let plan_into = async |who: &Actor, plan: &str, need: &str| {
        who.act(KIND, "plan", None, json!({ "planId": plan, "needIds": [need] })).await.said()
    };
    assert_snapshot!(plan_into(&ada, &plan, &nothing("ned")).await, @"REFERENCE_UNKNOWN /needIds/0");
    assert_snapshot!(plan_into(&ada, &nothing("pln"), &there).await, @"REFERENCE_UNKNOWN /planId");
    assert_snapshot!(plan_into(&ben, &ben.plan("Ben's").await, &there).await, @"REFERENCE_UNKNOWN /needIds/0");
    assert_snapshot!(plan_into(&machine, &ben.plan("Ben's").await, &there).await, @"NEED_OF_ANOTHER /needIds/0");
    ada.tell(KIND, "dismiss", &there).await.done();
    assert_snapshot!(plan_into(&ada, &plan, &there).await, @"INVALID_TRANSITION");
    let none = json!({ "planId": plan, "needIds": [] });
    assert_snapshot!(ada.act(KIND, "plan", None, none).await.said(), @"VALIDATION_FAILED /needIds");
    acme.decide(&root, json!({ "selfApproval": true })).await;
    ada.tell("LearningPlan", "approve", &plan).await.done();
    ada.tell("LearningPlan", "complete", &plan).await.done();
    assert_snapshot!(plan_into(&ada, &plan, &curious).await, @"PLAN_COMPLETED");
}

async fn an_item_that_goes_leaves_its_need(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let need = raise(&ada, &leaf, "CURIOSITY", json!({})).await.id();
    let planned = async |plan: &str| {
        let done = ada.act(KIND, "plan", None, json!({ "planId": plan, "needIds": [need] })).await.done();
        done["items"][0]["planItemId"].as_str().unwrap().to_owned()
    };
    let plan = ada.plan("Learn").await;
    let item = planned(&plan).await;
    ada.tell("PlanItem", "delete", &item).await.done();
    let open = ada.see(KIND, &need).await.done();
    assert_eq!((&open["state"], &open["planItemId"]), (&json!("OPEN"), &Value::Null));
    let item = planned(&plan).await;
    ada.update("PlanItem", &item, json!({ "status": "DROPPED" })).await.done();
    assert_snapshot!(state(&ada, &need).await, @"OPEN");
    let again = planned(&plan).await;
    assert_ne!(again, item, "what was dropped stands for nothing");
    ada.tell("LearningPlan", "delete", &plan).await.done();
    assert_snapshot!(state(&ada, &need).await, @"OPEN");
    assert_snapshot!(events(&ada, &need).await, @"raised planned unplanned planned unplanned planned unplanned");
}

async fn what_is_reached_is_met(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, machine) = (acme.learner("ada").await, acme.admin("root").await, acme.moodle().await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    standing(&api, &acme, &ada, &leaf, 2, true).await;
    let told = raise(&machine, &leaf, "INFO_INTERVIEW", json!({ "userId": ada.id, "sourceId": "int_1" })).await.done();
    assert_eq!((&told["state"], &told["warnings"][0]["code"]), (&json!("MET"), &json!("ALREADY_PROFICIENT")));
    assert!(told["metAt"].is_string());
    let need = told["id"].as_str().unwrap();
    let met = ada.list("Event", &[("type", "learning_need.met")]).await.items;
    let sources = json!([{ "source": "INFO_INTERVIEW", "sourceId": "int_1" }]);
    let data =
        met[0]["data"].as_str().map_or_else(|| met[0]["data"].clone(), |text| serde_json::from_str(text).unwrap());
    assert_eq!(data, json!({ "competencyId": leaf, "sources": sources }));
    assert!(ada.list("LearningNeedSource", &[]).await.items[0]["notifiedAt"].is_string());
    // Another source of what is met is told at once too.
    let again = raise(&ada, &leaf, "CURIOSITY", json!({})).await.done();
    assert_eq!((&again["state"], &again["warnings"][0]["code"]), (&json!("MET"), &json!("ALREADY_PROFICIENT")));
    assert!(ada.list("LearningNeedSource", &[]).await.items.iter().all(|source| source["notifiedAt"].is_string()));
    assert_snapshot!(ada.tell(KIND, "dismiss", need).await.said(), @"INVALID_TRANSITION");
    // Proficiency can go: then the same source opens the need again.
    raise(&ada, &leaf, "CURIOSITY", json!({})).await.done();
    assert_snapshot!(state(&ada, need).await, @"MET");
    no_standing(&api).await;
    let open = raise(&ada, &leaf, "CURIOSITY", json!({})).await.done();
    assert_eq!((&open["state"], &open["metAt"]), (&json!("OPEN"), &Value::Null));
    assert_snapshot!(events(&ada, need).await, @"raised met raised met reopened");
}

async fn needs_come_from_goals(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let (framework, [top, leaf, other]) = root.framework("own").await;
    standing(&api, &acme, &ada, &top, 2, true).await;
    standing(&api, &acme, &ada, &leaf, 1, false).await;
    // Of what nothing is known, one stands at the default level of the scale, as the skill gap says.
    let aware = json!({ "frameworkId": framework, "code": "aware", "name": "Aware" });
    let aware = root.create("Competency", aware).await.id();
    let asked = [(&*top, 2, None), (&*leaf, 2, None), (&*other, 3, None), (&*aware, 1, None)];
    let (goal, _) = goal(&api, &acme, &ada, &asked).await;
    let input = json!({ "goalId": goal });
    let done = ada.act(KIND, "raiseFromGoal", None, input.clone()).await.done();
    let mut told: Vec<_> = done["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|need| (need["competencyId"].clone(), need["strength"].clone(), need["state"].clone()))
        .collect();
    // Requirements that were made at once come in any order.
    told.sort_by_key(|(_, strength, _)| strength.as_i64());
    assert_eq!(told, [(json!(leaf), json!(50), json!("OPEN")), (json!(other), json!(100), json!("OPEN"))]);
    let source = ada.list("LearningNeedSource", &[]).await.items.remove(0);
    assert_eq!((&source["source"], &source["sourceId"]), (&json!("GOAL_GAP"), &json!(goal)));
    ada.act(KIND, "raiseFromGoal", None, input.clone()).await.done();
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 2, "nothing is raised twice");
    assert_snapshot!(ben.act(KIND, "raiseFromGoal", None, input).await.said(), @"REFERENCE_UNKNOWN /goalId");
    let unknown = json!({ "goalId": nothing("gol") });
    assert_snapshot!(ada.act(KIND, "raiseFromGoal", None, unknown.clone()).await.said(), @"REFERENCE_UNKNOWN /goalId");
    // Who may not know of the goal is not told that there is one.
    let kim = acme.coach("kim").await;
    let from_goal = async |who: &Actor| who.act(KIND, "raiseFromGoal", None, json!({ "goalId": goal })).await.said();
    for who in [&root, &kim] {
        assert_eq!(from_goal(who).await, who.act(KIND, "raiseFromGoal", None, unknown.clone()).await.said());
    }
    // What a person's goals ask for is theirs to say, as elsewhere.
    let grant = ada.opens(&kim, &["learning:read"]).await;
    assert_snapshot!(from_goal(&kim).await, @"FORBIDDEN");
    ada.tell("Grant", "revoke", &grant).await.done();
    ada.opens(&kim, &["learning:review"]).await;
    assert_snapshot!(from_goal(&kim).await, @"NEED_SOURCE_FORBIDDEN /goalId");
    assert_snapshot!(from_goal(&acme.moodle().await).await, @"fine");
}

async fn two_plans_at_once_wait_for_nobody(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, other) = (acme.learner("ada").await, api.another(&[]).await);
    let (_, all) = ada.foundations().await;
    let mut needs = Vec::new();
    for one in all.iter().filter(|one| one["code"].as_str().unwrap().starts_with("ml.")).take(6) {
        needs.push(raise(&ada, one["id"].as_str().unwrap(), "CURIOSITY", json!({})).await.id());
    }
    let (left, right) = (ada.plan("Left").await, ada.plan("Right").await);
    let mut tasks = Vec::new();
    for (place, plan) in [left, right].into_iter().cycle().take(8).enumerate() {
        let who = if place % 2 == 0 { ada.clone() } else { ada.calling(&other) };
        if place % 2 == 1 {
            needs.reverse();
        }
        let input = json!({ "planId": plan, "needIds": needs });
        let named: Vec<Value> = needs.iter().map(|need| json!(need)).collect();
        tasks.push(tokio::spawn(async move {
            let done = who.act(KIND, "plan", None, input).await.done();
            let told: Vec<Value> = done["items"].as_array().unwrap().iter().map(|need| need["id"].clone()).collect();
            assert_eq!(told, named, "told as they were named");
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

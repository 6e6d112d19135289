//! A search with many applications: what needs attention is found among them, and each stands where something is (§21).

use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Search;
use crate::{
    harness::{Actor, Api, assert_snapshot, stories_in_both_faces},
    learning::exchange::{import, outcome},
};

stories_in_both_faces!(
    what_needs_attention_is_found_among_many,
    what_is_over_is_not_asked_for,
    an_application_stands_where_something_is,
    a_posting_that_is_used_stays,
    where_it_stands_is_changed_by_commands,
    open_ones_are_asked_for,
    a_plan_says_from_where
);

const MANY: usize = 2050;

fn days(count: i64) -> String {
    clock::rfc3339(clock::now() + TimeDelta::days(count))
}

fn day(count: i64) -> String {
    days(count)[..10].to_owned()
}

async fn what_needs_attention_is_found_among_many(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let mut csv = "externalId,company,title,status,saved at,applied at,next action,next action at\n".to_owned();
    csv += &format!("Q,Windy Grid,Quiet,Applied,,{},,\n", day(-40));
    for one in 0..MANY {
        // Each was seen lately, or long ago: nobody knows of it yet.
        csv += &format!("R{one},Company {},Role {one},Saved,{},,,\n", one % 40, day(if one < 600 { -300 } else { -1 }));
    }
    csv += &format!("D,Sunny,Due,Saved,{},,Call Noor.,{}\n", day(-3), day(-2));
    let made = import(&ada, json!({ "kind": "JOB_TRACKER_CSV", "csv": csv })).await;
    assert_eq!(outcome(&made), format!("SUCCEEDED {} 0 0 0", MANY + 2));
    let next = ada.ask("nextActions", json!({})).await.done();
    let told: Vec<_> = next["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["reason"].as_str().unwrap(), one["title"].as_str().unwrap()))
        .collect();
    assert_eq!(told, ["QUIET Quiet", "PLANNED Due"]);
    // Moments have six digits, as everywhere.
    assert_eq!(next["items"][0]["dueAt"].as_str().unwrap().len(), "2026-03-02T00:00:00.000000Z".len());
    let stale = ada.ask("staleApplications", json!({})).await.done()["items"].clone();
    assert_eq!((stale.as_array().unwrap().len(), &stale[0]["title"]), (1, &json!("Quiet")));
    assert_eq!(stale[0]["lastActivityAt"].as_str().unwrap().len(), "2026-03-02T00:00:00.000000Z".len());
    // Advice finds it, too, and so do next steps.
    let quiet = stale[0]["applicationId"].as_str().unwrap();
    let advice = ada.ask("insights", json!({ "subjectId": quiet })).await.done();
    assert_eq!(advice["items"][0]["code"], json!("FOLLOW_UP_DUE"));
    let advice = ada.ask("personInsights", json!({})).await.done().to_string();
    assert!(advice.contains(quiet), "{advice}");
    let steps = ada.ask("nextSteps", json!({ "limit": 20 })).await.done()["items"].clone();
    let due = steps.as_array().unwrap().iter().find(|one| one["code"] == "DO_NEXT_ACTION").unwrap();
    assert_eq!(due["action"], json!("Call Noor (Due)."));
}

async fn what_is_over_is_not_asked_for(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    // In the far east it is the next day already.
    ada.update("User", &ada.id, json!({ "timeZone": "Pacific/Kiritimati" })).await.done();
    let one = ada.create("Application", search.applying(json!({ "nextActionAt": "2026-03-02T20:00:00Z" }))).await.id();
    let steps = async |who: &Actor| who.ask("nextSteps", json!({ "limit": 20 })).await.done()["items"].clone();
    let of = |steps: &Value| steps.as_array().unwrap().iter().find(|one| one["code"] == "DO_NEXT_ACTION").cloned();
    let due = of(&steps(&ada).await).unwrap();
    assert_eq!([&due["subjectId"], &due["why"]], [&json!(one), &json!("You meant to do it by 2026-03-03.")]);
    ada.tell("JobSearch", "close", &search.id).await.done();
    assert!(of(&steps(&ada).await).is_none());
}

async fn an_application_stands_where_something_is(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let one = ada.create("Application", search.applying(json!({ "stageId": search.stages[3] }))).await.id();
    ada.tell("Application", "delete", &one).await.done();
    ada.tell("Stage", "delete", &search.stages[3]).await.done();
    assert_snapshot!(ada.tell("Application", "restore", &one).await.said(), @"STAGE_DELETED");
    ada.tell("Stage", "restore", &search.stages[3]).await.done();
    ada.tell("JobPosting", "delete", &search.posting).await.done();
    assert_snapshot!(ada.tell("Application", "restore", &one).await.said(), @"POSTING_DELETED");
    ada.tell("JobPosting", "restore", &search.posting).await.done();
    ada.tell("Application", "restore", &one).await.done();
    // What leads back into a stage that is gone is not revoked, either.
    ada.act("Application", "move", Some(&one), search.step(3, 4)).await.done();
    ada.tell("Stage", "delete", &search.stages[3]).await.done();
    let moved = ada.list("ApplicationEvent", &[("applicationId", &one), ("sort", "-number")]).await.ids().remove(0);
    let revoke = json!({ "revoke": true, "reason": "It was not so." });
    assert_snapshot!(ada.act("ApplicationEvent", "correct", Some(&moved), revoke.clone()).await.said(), @"STAGE_DELETED");
    ada.tell("Stage", "restore", &search.stages[3]).await.done();
    ada.act("ApplicationEvent", "correct", Some(&moved), revoke).await.done();
    assert_eq!(ada.see("Application", &one).await.done()["stageId"], json!(search.stages[3]));
}

async fn a_posting_that_is_used_stays(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let one = ada.create("Application", search.applying(json!({}))).await.id();
    assert_snapshot!(ada.tell("JobPosting", "delete", &search.posting).await.said(), @"POSTING_IN_USE");
    ada.tell("Application", "delete", &one).await.done();
    ada.tell("JobPosting", "delete", &search.posting).await.done();
}

async fn where_it_stands_is_changed_by_commands(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let new = search
        .applying(json!({ "stageId": search.stages[0], "occurredAt": "2026-03-02T10:00:00Z", "source": "board" }));
    let put = |input: Value| {
        let ada = ada.clone();
        async move { ada.upsert("Application", "ats", "a1", input).await }
    };
    let one = put(new.clone()).await.id();
    // The same again is the same.
    let again = put(new.clone()).await.done();
    assert_eq!((&again["id"], &again["version"], &again["warnings"]), (&json!(one), &json!(1), &json!([])));
    let with = |name: &str, value: Value| {
        let mut input = new.clone();
        input[name] = value;
        input
    };
    assert_snapshot!(put(with("stageId", json!(search.stages[2]))).await.said(), @"USE_STATE_COMMAND /stageId");
    assert_snapshot!(put(with("occurredAt", json!("2026-03-03T10:00:00Z"))).await.said(), @"USE_STATE_COMMAND /occurredAt");
    let warned = put(with("source", json!("elsewhere"))).await.done();
    assert_eq!(warned["warnings"][0]["code"], json!("SOURCE_LEFT_OUT"));
    for (changes, wanted) in [
        (json!({ "stageId": search.stages[2] }), "USE_STATE_COMMAND /stageId"),
        (json!({ "outcome": "REJECTED" }), "USE_STATE_COMMAND /outcome"),
    ] {
        assert_eq!(ada.update("Application", &one, changes).await.said(), wanted);
    }
    ada.update("Application", &one, json!({ "stageId": search.stages[0] })).await.done();
    // Whoever goes on where one has applied has applied then.
    ada.act("Application", "close", Some(&one), json!({ "outcome": "REJECTED" })).await.done();
    assert_eq!(ada.see("Application", &one).await.done()["appliedAt"], Value::Null);
}

async fn open_ones_are_asked_for(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let mut made = Vec::new();
    for (applied, next) in [("2026-03-02T10:00:00Z", Some("2026-03-20T10:00:00Z")), ("2026-03-01T10:00:00Z", None)] {
        let new = search.applying(json!({ "appliedAt": applied, "nextActionAt": next }));
        made.push(ada.create("Application", new).await.id());
    }
    let ended = ada.create("Application", search.applying(json!({ "appliedAt": "2026-02-01T10:00:00Z" }))).await.id();
    ada.act("Application", "close", Some(&ended), json!({ "outcome": "NO_RESPONSE" })).await.done();
    let ids = async |query: &[(&str, &str)]| ada.list("Application", query).await.ids();
    assert_eq!(ids(&[("open", "true"), ("sort", "appliedAt")]).await, [made[1].clone(), made[0].clone()]);
    assert_eq!(ids(&[("open", "false")]).await, std::slice::from_ref(&ended));
    assert_eq!(ids(&[("sort", "nextActionAt")]).await[0], made[0]);
    assert_eq!(ids(&[("sort", "-lastActivityAt")]).await[0], ended);
    assert_eq!(ids(&[("sort", "stageSince")]).await[0], ended);
    assert_eq!(ada.see("Application", &ended).await.done()["open"], json!(false));
}

async fn a_plan_says_from_where(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ..) = super::analyst(&acme).await;
    let plan = json!({
        "fromRole": "Data analyst", "fromIndustry": "Technology", "toRole": "ML engineer", "toIndustry": "Technology",
    });
    let plan = ada.create("TransitionPlan", plan).await.id();
    let codes = async |search: Value| {
        let search = ada.create("JobSearch", search).await.id();
        let company =
            ada.create("Company", json!({ "name": format!("Firm of {search}"), "industry": "Software" })).await.id();
        let posting = ada.create("JobPosting", json!({ "companyId": company, "title": "ML engineer" })).await.id();
        let one = ada.create("Application", json!({ "jobSearchId": search, "postingId": posting })).await.id();
        let told = ada.ask("insights", json!({ "subjectId": one })).await.done().to_string();
        told.contains("DOUBLE_SWITCH_DIRECT")
    };
    // From where she is, both would change; from where the plan begins, the role alone.
    assert!(codes(json!({ "title": "Into ML" })).await);
    assert!(!codes(json!({ "title": "By plan", "transitionPlanId": plan })).await);
}

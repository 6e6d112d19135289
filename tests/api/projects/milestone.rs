//! Milestones: promised, put in order, looked at, and done (§9, §11).

use cairn::domain::clock;
use chrono::Days;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    where_milestones_stand,
    milestones_are_put_in_order,
    milestones_on_a_line_of_time,
    a_milestone_is_done_when_its_targets_are_met,
    how_a_milestone_looks,
    what_goes_with_a_milestone,
    who_changes_milestones,
    a_milestone_has_names_elsewhere,
    what_has_ended_stays_as_it_is,
);

const KIND: &str = "Milestone";

/// A day so many days from today, or before it.
pub fn day(from_today: i64) -> String {
    let today = clock::now().date_naive();
    let days = Days::new(from_today.unsigned_abs());
    (if from_today < 0 { today - days } else { today + days }).to_string()
}

/// A moment so many days ago.
pub fn ago(days: i64) -> String {
    clock::rfc3339(clock::now() - chrono::TimeDelta::days(days))
}

/// A project with a milestone that is due in so many days: their ids.
pub async fn promised(who: &Actor, due_in: i64) -> (String, String) {
    let project = who.create("Project", json!({ "title": "Wind" })).await.id();
    let milestone = promise(who, &project, "Forecast", due_in).await;
    (project, milestone)
}

async fn promise(who: &Actor, project: &str, title: &str, due_in: i64) -> String {
    who.create(KIND, json!({ "projectId": project, "title": title, "targetDate": day(due_in) })).await.id()
}

/// A metric that is to rise from 0 to 10.
pub async fn metric(who: &Actor, milestone: &str, kind: &str, name: &str) -> String {
    let new = json!({
        "milestoneId": milestone, "kind": kind, "name": name, "direction": "UP", "baseline": "0", "target": "10",
    });
    who.create("Metric", new).await.id()
}

/// Notes what a metric was so many days ago.
pub async fn saw(who: &Actor, metric: &str, value: &str, days_ago: i64) -> String {
    let new = json!({ "metricId": metric, "value": value, "observedAt": ago(days_ago) });
    who.act("MetricObservation", "record", None, new).await.id()
}

async fn stand(who: &Actor, project: &str) -> String {
    let page = who.list(KIND, &[("projectId", project)]).await;
    let each = page
        .items
        .iter()
        .map(|one| format!("{} {} {}", one["title"].as_str().unwrap(), one["status"].as_str().unwrap(), one["risk"]));
    each.collect::<Vec<_>>().join(", ")
}

async fn where_milestones_stand(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let first = promise(&ada, &project, "A", 40).await;
    let second = promise(&ada, &project, "B", 60).await;
    let third = ada.create(KIND, json!({ "projectId": project, "title": "C", "targetDate": day(80) })).await.done();
    assert_eq!([&third["sortOrder"], &third["health"], &third["completedAt"]], [&json!(2), &Value::Null, &Value::Null]);
    assert_snapshot!(stand(&ada, &project).await, @r#"A NEXT "ON_TRACK", B UNSTARTED "ON_TRACK", C UNSTARTED "ON_TRACK""#);
    ada.tell(KIND, "complete", &first).await.done();
    assert_snapshot!(stand(&ada, &project).await, @r#"A DONE null, B NEXT "ON_TRACK", C UNSTARTED "ON_TRACK""#);
    ada.update(KIND, &second, json!({ "targetDate": day(-2) })).await.done();
    assert_snapshot!(stand(&ada, &project).await, @r#"A DONE null, B OVERDUE "OFF_TRACK", C UNSTARTED "ON_TRACK""#);
    ada.tell(KIND, "delete", &second).await.done();
    assert_snapshot!(stand(&ada, &project).await, @r#"A DONE null, C NEXT "ON_TRACK""#);
    let nowhere = json!({ "projectId": nothing("prj"), "title": "x", "targetDate": day(1) });
    assert_snapshot!(ada.create(KIND, nowhere).await.said(), @"REFERENCE_UNKNOWN /projectId");
}

async fn milestones_are_put_in_order(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let mut ids = Vec::new();
    for title in ["A", "B", "C"] {
        ids.push(promise(&ada, &project, title, 30).await);
    }
    let [a, b, c] = [&ids[0], &ids[1], &ids[2]];
    let order =
        async |ids: Value| ada.act(KIND, "reorder", None, json!({ "projectId": project, "milestoneIds": ids })).await;
    let done = order(json!([c, a, b])).await.done();
    let versions: Vec<_> = done["items"].as_array().unwrap().iter().map(|one| one["version"].clone()).collect();
    assert_eq!(versions, [2, 2, 2]);
    assert_eq!(ada.list(KIND, &[("projectId", &project)]).await.each("title"), ["C", "A", "B"]);
    // What stays where it is does not change.
    let done = order(json!([c, b, a])).await.done();
    let versions: Vec<_> = done["items"].as_array().unwrap().iter().map(|one| one["version"].clone()).collect();
    assert_eq!(versions, [2, 3, 3]);
    assert_eq!(ada.list(KIND, &[("sort", "-sortOrder")]).await.each("title"), ["A", "B", "C"]);

    let other = promised(&ada, 30).await.1;
    let refused = order(json!([a, b])).await;
    assert_snapshot!(refused.said(), @"ORDER_INCOMPLETE /milestoneIds");
    assert_eq!(refused.details, json!({ "missing": [c], "unknown": [], "repeated": [] }));
    assert_eq!(
        order(json!([a, b, c, other])).await.details,
        json!({ "missing": [], "unknown": [other], "repeated": [] })
    );
    assert_eq!(order(json!([a, b, c, b])).await.details, json!({ "missing": [], "unknown": [], "repeated": [b] }));
    ada.tell(KIND, "delete", b).await.done();
    assert_eq!(order(json!([a, b, c])).await.details["unknown"], json!([b]));
    order(json!([a, c])).await.done();
}

async fn milestones_on_a_line_of_time(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let first = promise(&ada, &project, "=A", -20).await;
    promise(&ada, &project, "B", -2).await;
    promise(&ada, &project, "C", 60).await;
    ada.tell(KIND, "complete", &first).await.done();
    let asked = json!({ "projectId": project });
    let told = ada.ask("milestoneTimeline", asked.clone()).await.done();
    assert_eq!([&told["title"], &told["done"]], [&json!("Wind"), &json!(1)]);
    let each = told["milestones"].as_array().unwrap().iter().map(|one| one["status"].as_str().unwrap());
    assert_eq!(each.collect::<Vec<_>>(), ["DONE", "OVERDUE", "UNSTARTED"]);
    assert_eq!(
        told["milestones"][0]["doneOn"].as_str().unwrap(),
        &told["milestones"][0]["completedAt"].as_str().unwrap()[..10]
    );
    let csv = ada.ask_for("csv", "milestoneTimeline", asked.clone()).await;
    assert_eq!(csv.lines().next(), Some("title,targetDate,doneOn,status,health"));
    assert!(csv.lines().nth(1).unwrap().starts_with("'=A,"), "{csv}");
    let svg = ada.ask_for("svg", "milestoneTimeline", asked.clone()).await;
    assert_eq!(roxmltree::Document::parse(&svg).unwrap().root_element().attribute("role"), Some("img"));
    assert_snapshot!(ben.ask("milestoneTimeline", asked).await.said(), @"NOT_FOUND");
}

async fn a_milestone_is_done_when_its_targets_are_met(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (_, milestone) = promised(&ada, 30).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let revenue = metric(&ada, &milestone, "BUSINESS", "Revenue").await;
    saw(&ada, &recall, "10", 3).await;
    let refused = ada.tell(KIND, "complete", &milestone).await;
    assert_snapshot!(refused.said(), @"MILESTONE_TARGETS_UNMET /overrideReason");
    let unmet = json!([{ "metricId": revenue, "name": "Revenue", "target": "10", "latestValue": null }]);
    assert_eq!(refused.details["unmet"], unmet);
    saw(&ada, &revenue, "9.999999", 2).await;
    assert_eq!(ada.tell(KIND, "complete", &milestone).await.details["unmet"][0]["latestValue"], "9.999999");

    let reason = json!({ "overrideReason": "The season is over." });
    let done = ada.act(KIND, "complete", Some(&milestone), reason.clone()).await.done();
    assert_eq!([&done["status"], &done["overrideReason"]], [&json!("DONE"), &json!("The season is over.")]);
    let refused = ada.act(KIND, "complete", Some(&milestone), reason.clone()).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_eq!(refused.details, json!({ "from": "DONE", "command": "complete", "allowed": ["reopen"] }));
    let open = ada.tell(KIND, "reopen", &milestone).await.done();
    assert_eq!(
        [&open["status"], &open["overrideReason"], &open["completedAt"]],
        [&json!("NEXT"), &Value::Null, &Value::Null]
    );
    let refused = ada.tell(KIND, "reopen", &milestone).await;
    assert_eq!(refused.details, json!({ "from": "NEXT", "command": "reopen", "allowed": ["complete"] }));
    // Once the target is met nothing needs a reason, and none is kept.
    saw(&ada, &revenue, "10", 1).await;
    assert_eq!(ada.act(KIND, "complete", Some(&milestone), reason).await.done()["overrideReason"], Value::Null);
}

async fn how_a_milestone_looks(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.omnipotent().await);
    let (_, milestone) = promised(&ada, 30).await;
    let said = json!({ "health": "AT_RISK", "note": "The data comes late." });
    let one = ada.act(KIND, "updateHealth", Some(&milestone), said).await.done();
    assert_eq!([&one["health"], &one["healthNote"]], [&json!("AT_RISK"), &json!("The data comes late.")]);
    assert!(one["healthUpdatedAt"].is_string());
    let again = ada.act(KIND, "updateHealth", Some(&milestone), json!({ "health": "ON_TRACK" })).await.done();
    assert_eq!([&again["health"], &again["healthNote"]], [&json!("ON_TRACK"), &Value::Null]);
    let rest = machine.through(crate::harness::Face::Rest);
    let events = rest.list("Event", &[("subjectId", &milestone), ("sort", "seq")]).await;
    assert_eq!(events.each("type").last(), Some(&json!("milestone.health_updated")));
    assert_eq!(events.items[1]["data"]["note"], "The data comes late.");
    assert_snapshot!(ada.act(KIND, "updateHealth", Some(&milestone), json!({ "health": "FINE" })).await.code(), @"BAD_INPUT");

    // What is said and what is observed stand side by side.
    let risk = async || ada.see(KIND, &milestone).await.done()["risk"].clone();
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    assert_eq!(risk().await, "ON_TRACK", "there is time to look");
    ada.update(KIND, &milestone, json!({ "targetDate": day(14) })).await.done();
    assert_eq!(risk().await, "AT_RISK", "nobody has looked");
    saw(&ada, &recall, "1", 2).await;
    saw(&ada, &recall, "1.1", 1).await;
    assert_eq!(risk().await, "AT_RISK", "it rises too slowly");
    ada.update(KIND, &milestone, json!({ "targetDate": day(7) })).await.done();
    assert_eq!(risk().await, "OFF_TRACK", "it rises too slowly, and a week is left");
    let hopeful = saw(&ada, &recall, "9", 0).await;
    assert_eq!(risk().await, "ON_TRACK", "it will be there");
    ada.tell("MetricObservation", "delete", &hopeful).await.done();
    assert_eq!(risk().await, "OFF_TRACK");
    ada.tell("Metric", "delete", &recall).await.done();
    assert_eq!(risk().await, "ON_TRACK", "nothing is measured");
}

async fn what_goes_with_a_milestone(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, milestone) = promised(&ada, 30).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let seen = saw(&ada, &recall, "1", 1).await;
    ada.tell(KIND, "delete", &milestone).await.done();
    for (name, id) in [("Metric", &recall), ("MetricObservation", &seen)] {
        assert_eq!(ada.see(name, id).await.said(), "NOT_FOUND", "{name}");
        assert_eq!(ada.tell(name, "delete", id).await.said(), "NOT_FOUND", "{name}");
        assert!(ada.list(name, &[]).await.items.is_empty());
    }
    let more = json!({ "metricId": recall, "value": "2", "observedAt": ago(0) });
    let refused = ada.act("MetricObservation", "record", None, more).await;
    assert_snapshot!(refused.said(), @"REFERENCE_UNKNOWN /metricId");
    ada.tell(KIND, "restore", &milestone).await.done();
    ada.see("MetricObservation", &seen).await.done();
    ada.tell("Project", "delete", &project).await.done();
    assert_eq!(ada.see(KIND, &milestone).await.said(), "NOT_FOUND");
}

async fn who_changes_milestones(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim, lee) =
        (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await, acme.learner("lee").await);
    let (project, milestone) = promised(&ada, 30).await;
    let takes = |who: &Actor, role: &str| json!({ "projectId": project, "userId": who.id, "role": role });
    let change = || json!({ "title": "Better forecast" });
    for who in [&ben, &kim, &lee, &acme.admin("root").await] {
        assert_eq!(who.see(KIND, &milestone).await.said(), "NOT_FOUND");
        assert_eq!(who.update(KIND, &milestone, change()).await.said(), "NOT_FOUND");
    }
    ada.create("ProjectMember", takes(&ben, "CONTRIBUTOR")).await.done();
    ada.create("ProjectMember", takes(&lee, "OBSERVER")).await.done();
    ada.opens(&kim, &["projects:read"]).await;
    ben.update(KIND, &milestone, change()).await.done();
    let recall = metric(&ben, &milestone, "ML", "Recall").await;
    saw(&ben, &recall, "1", 1).await;
    for who in [&kim, &lee] {
        assert_eq!(who.see("Metric", &recall).await.done()["latestValue"], "1");
        assert_eq!(who.list("MetricObservation", &[("metricId", &recall)]).await.items.len(), 1);
        let promise = json!({ "projectId": project, "title": "x", "targetDate": day(1) });
        assert_eq!(who.create(KIND, promise).await.said(), "FORBIDDEN");
        assert_eq!(who.update(KIND, &milestone, change()).await.said(), "FORBIDDEN");
        let new = json!({ "metricId": recall, "value": "2", "observedAt": ago(0) });
        assert_eq!(who.act("MetricObservation", "record", None, new).await.said(), "FORBIDDEN");
        assert_eq!(who.tell("Metric", "delete", &recall).await.said(), "FORBIDDEN");
    }
}

async fn a_milestone_has_names_elsewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.omnipotent().await);
    let (project, _) = promised(&ada, 30).await;
    let new = json!({ "projectId": project, "title": "Ship", "targetDate": "2999-03-01" });
    let made = machine.upsert(KIND, "jira", "WIND-7", new).await.done();
    let again = json!({ "projectId": project, "title": "Ship it", "targetDate": "2999-04-01" });
    let after = machine.upsert(KIND, "jira", "WIND-7", again).await.done();
    assert_eq!([&after["id"], &after["title"], &after["sortOrder"]], [&made["id"], &json!("Ship it"), &json!(1)]);
    let other = promised(&ada, 30).await.0;
    let moved = json!({ "projectId": other, "title": "Ship it", "targetDate": "2999-04-01" });
    assert_snapshot!(machine.upsert(KIND, "jira", "WIND-7", moved).await.said(), @"PROJECT_IMMUTABLE /projectId");
    let milestone = after["id"].as_str().unwrap();
    let new = |target: &str| json!({ "milestoneId": milestone, "kind": "ML", "name": "Recall", "direction": "UP", "target": target });
    let metric = machine.upsert("Metric", "mlflow", "recall", new("0.9")).await.done();
    let again = machine.upsert("Metric", "mlflow", "recall", new("0.95")).await.done();
    assert_eq!([&again["id"], &again["target"], &again["version"]], [&metric["id"], &json!("0.95"), &json!(2)]);
}

async fn what_has_ended_stays_as_it_is(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, milestone) = promised(&ada, 30).await;
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let named = json!({ "metricId": recall, "value": "1", "observedAt": ago(1), "externalRef": "run-1" });
    ada.act("MetricObservation", "record", None, named.clone()).await.done();
    let id: entity::id::ProjectId = project.parse().unwrap();
    api.execute("UPDATE project SET status = 'CANCELLED' WHERE id = $1", vec![id.into()]).await;
    let promise = json!({ "projectId": project, "title": "x", "targetDate": day(1) });
    let refused = ada.create(KIND, promise).await;
    assert_snapshot!(refused.said(), @"PROJECT_CLOSED");
    assert_eq!(refused.details["status"], "CANCELLED");
    for (name, verb, id, input) in [
        (KIND, "update", &milestone, json!({ "title": "x" })),
        (KIND, "updateHealth", &milestone, json!({ "health": "AT_RISK" })),
        (KIND, "complete", &milestone, json!({ "overrideReason": "x" })),
        (KIND, "delete", &milestone, json!({})),
        ("Metric", "update", &recall, json!({ "name": "x" })),
        ("Metric", "delete", &recall, json!({})),
    ] {
        assert_eq!(ada.act(name, verb, Some(id), input).await.said(), "PROJECT_CLOSED", "{name} {verb}");
    }
    let more = json!({ "metricId": recall, "value": "2", "observedAt": ago(0) });
    assert_snapshot!(ada.act("MetricObservation", "record", None, more).await.said(), @"PROJECT_CLOSED");
    // What was known before is still the same answer.
    ada.act("MetricObservation", "record", None, named).await.done();
}

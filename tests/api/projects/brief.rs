//! The brief of a project, as it is sent to somebody.

use serde_json::{Value, json};

use super::exchange::rich;
use crate::harness::{Api, Face, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(a_brief_tells_what_is_so, who_is_told, what_people_write_is_text);

async fn a_brief_tells_what_is_so(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, ada, ben) = (acme.admin("root").await, acme.learner("ada").await, acme.learner("ben").await);
    let (_, [_, competency, _]) = root.framework("own").await;
    let project = rich(&ada, &ben, &competency).await;
    let told = ada.ask("projectBrief", json!({ "projectId": project })).await.done();
    assert_eq!(
        [&told["title"], &told["status"], &told["owner"], &told["revision"]],
        [&json!("Wind and sun"), &json!("SCOPING"), &json!("ada"), &json!(2)]
    );
    assert_eq!(told["consultations"][1]["expert"], "Noor");
    assert_eq!(told["returns"][0]["learning"], "The masts are too far apart.");
    let mut summary = ada.ask("budgetSummary", json!({ "projectId": project })).await.done();
    summary.as_object_mut().unwrap().retain(|name, _| !["projectId", "budgetId"].contains(&name.as_str()));
    assert_eq!(told["budget"], summary);
    // What it tells of milestones and metrics is what they tell themselves.
    for one in told["milestones"].as_array().unwrap() {
        let milestone = ada.see("Milestone", one["milestoneId"].as_str().unwrap()).await.done();
        for name in ["status", "risk", "health", "targetDate"] {
            assert_eq!(one[name], milestone[name], "{name}");
        }
        for one in one["metrics"].as_array().unwrap() {
            let metric = ada.see("Metric", one["metricId"].as_str().unwrap()).await.done();
            for (name, of) in [
                ("latest", "latestValue"),
                ("targetMet", "targetMet"),
                ("attainment", "attainment"),
                ("trend", "trend"),
                ("projectedAtTargetDate", "projectedAtTargetDate"),
            ] {
                assert_eq!(one[name], metric[of], "{name}");
            }
        }
    }
    let insights = ada.ask("insights", json!({ "subjectId": project })).await.done();
    let codes = |of: &Value| of.as_array().unwrap().iter().map(|one| one["code"].clone()).collect::<Vec<_>>();
    assert_eq!(codes(&told["risks"]), codes(&insights["items"]));
    let text = ada.ask_for("markdown", "projectBrief", json!({ "projectId": project })).await;
    for line in
        ["# Wind and sun\n", "## Budget\n", "| Data | JPY | 120000 | 0 | 120000 | 120000 |  |", "\\\nwill there be?"]
    {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

async fn who_is_told(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let project = super::begun(&ada, "Wind").await.0;
    let asks =
        async |who: &crate::harness::Actor| who.ask("projectBrief", json!({ "projectId": project })).await.said();
    assert_snapshot!(asks(&ada).await, @"fine");
    assert_snapshot!(asks(&ben).await, @"NOT_FOUND");
    assert_snapshot!(asks(&api.organization("Beta").await.omnipotent().await).await, @"NOT_FOUND");
    assert_snapshot!(ada.ask("projectBrief", json!({ "projectId": nothing("prj") })).await.said(), @"NOT_FOUND");
    let limited = ada.limited_to(&acme, &[entity::platform::client::Scope::LearningRead]);
    assert_snapshot!(asks(&limited).await, @"INSUFFICIENT_SCOPE");
    ada.opens(&ben, &["projects:read"]).await;
    let told = ben.ask("projectBrief", json!({ "projectId": project })).await.done();
    assert_eq!((&told["title"], &told["problem"]), (&json!("Wind"), &Value::Null));
}

async fn what_people_write_is_text(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let title = "# [Wind](javascript:alert) <b>| x";
    let project = super::begun(&ada, title).await.0;
    let text = ada.ask_for("markdown", "projectBrief", json!({ "projectId": project })).await;
    assert_snapshot!(text.lines().next().unwrap(), @r"# \# \[Wind\](javascript:alert) \<b\>\| x");
    let rest = ada.through(Face::Rest).with("accept", "text/markdown");
    let answer = rest.get(&format!("/project-brief?projectId={project}")).await;
    assert_eq!(answer.header("content-type"), "text/markdown; charset=utf-8");
}

//! Two projects that tell a story, and what is shown of them.

use serde_json::{Value, json};

use super::{Demo, told};
use crate::harness::Backend;

fn codes(of: &Value) -> Vec<&str> {
    of.as_array().into_iter().flatten().filter_map(|one| one["code"].as_str()).collect()
}

#[tokio::test]
async fn two_projects_tell_a_story() {
    told(Backend::Sqlite, two_projects).await;
}

#[tokio::test]
async fn two_projects_tell_a_story_on_postgres() {
    told(Backend::Postgres, two_projects).await;
}

async fn project(demo: &Demo, word: &str) -> Value {
    demo.get(&format!("projects?q={word}")).await["items"][0].clone()
}

async fn two_projects(demo: &Demo) {
    let wind = project(demo, "wind").await;
    let id = wind["id"].as_str().expect("an id").to_owned();
    assert_eq!((&wind["status"], &wind["currentStep"]), (&json!("IN_PROGRESS"), &Value::Null));
    let brief = demo.get(&format!("project-brief?projectId={id}")).await;
    let back = &brief["returns"][0];
    assert_eq!(
        (&back["reason"], &back["toStep"], &brief["revision"]),
        (&json!("INFEASIBLE"), &json!("SOLUTION_BRAINSTORM"), &json!(2))
    );
    assert!(codes(&brief["risks"]).contains(&"MODEL_GOOD_BUSINESS_FLAT"), "{}", brief["risks"]);
    let first = &brief["milestones"][0]["metrics"];
    assert_eq!((&first[0]["kind"], &first[0]["targetMet"]), (&json!("ML"), &json!(true)));
    assert_eq!((&first[1]["kind"], &first[1]["targetMet"]), (&json!("BUSINESS"), &json!(false)));
    let text = demo.text(&format!("project-brief?projectId={id}"), "text/markdown").await;
    assert!(text.starts_with("# Wind and sun, a day ahead\n") && text.contains("satellite images"), "{text}");
    // History, revisions and events are real.
    let before = demo.get(&format!("scope-at-revision?projectId={id}&revision=1")).await;
    let lines = before["document"]["budgetLines"].to_string();
    assert!(!lines.contains("Satellite"), "{lines}");
    let events = demo.get("events?type=metric_observation.recorded&count=true&first=1").await;
    assert_eq!(events["page"]["totalCount"], 15);
    let library = project(demo, "library").await;
    assert_eq!(library["status"], "CLOSED_NO_AI_SOLUTION");
    assert!(library["endNote"].as_str().is_some_and(|note| note.contains("right hours")));
    portfolio(demo).await;
}

async fn portfolio(demo: &Demo) {
    // What she shows goes further each time, and its last step stands on evidence.
    let shown = demo.get("portfolio-progression").await;
    let stages: Vec<_> = shown["entries"].as_array().into_iter().flatten().map(|one| one["stage"].clone()).collect();
    assert_eq!(stages, ["CLASS_PROJECT", "PERSONAL_PROJECT", "VALUE_CREATION"], "{shown}");
    // Who works with it said so themself, by the link that anybody gets.
    assert_eq!(shown["entries"][2]["valueEvidence"], 2, "{shown}");
    let asked = demo.get("stakeholder-confirmations").await["items"][0].clone();
    assert_eq!((&asked["status"], &asked["quotable"]), (&json!("CONFIRMED"), &json!(true)), "{asked}");
}

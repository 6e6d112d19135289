//! The worked examples of the demo, as the program itself makes them and as somebody who tries it finds them.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
    sync::{Arc, Mutex},
};

use reqwest::Client;
use serde_json::{Value, json};

use crate::durability::program::cairn;

/// A demo that runs.
struct Demo {
    child: Child,
    url: String,
    token: String,
    http: Client,
    /// What it logged.
    log: Arc<Mutex<Vec<String>>>,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Demo {
    fn start(database: &str) -> Self {
        let mut command = cairn(database, &["demo", "--json"]);
        // It says itself where it listens.
        command.env_remove("CAIRN_PUBLIC_URL").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let log = Arc::<Mutex<Vec<String>>>::default();
        let (errors, kept) = (BufReader::new(child.stderr.take().expect("its log")), Arc::clone(&log));
        std::thread::spawn(move || {
            errors.lines().map_while(Result::ok).for_each(|line| kept.lock().expect("the log").push(line));
        });
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let card = lines.find(|line| line.starts_with('{')).expect("its card");
        std::thread::spawn(move || lines.for_each(drop));
        let card: Value = serde_json::from_str(&card).expect("JSON");
        let token = card["accounts"][0]["token"].as_str().expect("a token").to_owned();
        Self { child, url: card["url"].as_str().expect("an address").to_owned(), token, http: Client::new(), log }
    }

    async fn text(&self, path: &str, accept: &str) -> String {
        // The card comes a moment before the door opens.
        for _ in 0..100 {
            let asks = self.http.get(format!("{}/api/v1/{path}", self.url)).bearer_auth(&self.token);
            if let Ok(answer) = asks.header("accept", accept).send().await {
                assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap_or_default());
                return answer.text().await.expect("the body");
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("nobody listens at {}", self.url);
    }

    async fn get(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path, "application/json").await).expect("JSON")
    }

    async fn project(&self, word: &str) -> Value {
        self.get(&format!("projects?q={word}")).await["items"][0].clone()
    }
}

fn codes(of: &Value) -> Vec<&str> {
    of.as_array().into_iter().flatten().filter_map(|one| one["code"].as_str()).collect()
}

#[tokio::test]
async fn two_projects_tell_a_story() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = Demo::start(&format!("sqlite://{}", folder.path().join("demo.db").display()));
    let wind = demo.project("wind").await;
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
    let library = demo.project("library").await;
    assert_eq!(library["status"], "CLOSED_NO_AI_SOLUTION");
    assert!(library["endNote"].as_str().is_some_and(|note| note.contains("right hours")));
    // What she shows goes further each time, and its last step stands on evidence.
    let shown = demo.get("portfolio-progression").await;
    let stages: Vec<_> = shown["entries"].as_array().into_iter().flatten().map(|one| one["stage"].clone()).collect();
    assert_eq!(stages, ["CLASS_PROJECT", "PERSONAL_PROJECT", "VALUE_CREATION"], "{shown}");
    // Who works with it said so themself, by the link that anybody gets.
    assert_eq!(shown["entries"][2]["valueEvidence"], 2, "{shown}");
    let asked = demo.get("stakeholder-confirmations").await["items"][0].clone();
    assert_eq!((&asked["status"], &asked["quotable"]), (&json!("CONFIRMED"), &json!(true)), "{asked}");
    // A whole story is told without a fault.
    let log = demo.log.lock().expect("the log");
    let faults: Vec<_> = log.iter().filter(|line| line.contains("ERROR")).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

//! The stories of the demo, as the program itself makes them and as somebody who tries it finds them.

mod projects;
mod search;

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
    sync::{Arc, Mutex},
};

use reqwest::Client;
use serde_json::{Value, json};

use crate::{
    durability::program::cairn,
    harness::{Backend, database::Fresh},
};

/// A demo that runs.
struct Demo {
    child: Child,
    url: String,
    /// Of the learner, the coach, the analyst and the administrator.
    tokens: Vec<String>,
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

/// Tells a story of the demo, on a database of its own.
async fn told(backend: Backend, story: impl AsyncFn(&Demo)) {
    let fresh = Fresh::empty(backend).await;
    let demo = Demo::start(&fresh.url);
    story(&demo).await;
    // A whole story is told without a fault.
    let log = demo.log.lock().expect("the log").clone();
    let faults: Vec<_> = log.iter().filter(|line| line.contains("ERROR")).collect();
    assert!(faults.is_empty(), "{faults:?}");
    drop(demo);
    fresh.end().await;
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
        let accounts = card["accounts"].as_array().expect("the accounts");
        let tokens = accounts.iter().map(|one| one["token"].as_str().expect("a token").to_owned()).collect();
        Self { child, url: card["url"].as_str().expect("an address").to_owned(), tokens, http: Client::new(), log }
    }

    async fn text(&self, path: &str, accept: &str) -> String {
        self.text_for(0, path, accept).await
    }

    /// What one of the accounts reads.
    async fn text_for(&self, account: usize, path: &str, accept: &str) -> String {
        // The card comes a moment before the door opens.
        for _ in 0..100 {
            let asks = self.http.get(format!("{}/api/v1/{path}", self.url)).bearer_auth(&self.tokens[account]);
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

    /// All of a list.
    async fn list(&self, path: &str) -> Vec<Value> {
        let more = if path.contains('?') { '&' } else { '?' };
        self.get(&format!("{path}{more}first=100")).await["items"].as_array().expect("a list").clone()
    }

    /// What the learner asks of the other face.
    async fn graphql(&self, query: &str, variables: Value) -> Value {
        let asks = self.http.post(format!("{}/graphql", self.url)).bearer_auth(&self.tokens[0]);
        let answer = asks.json(&json!({ "query": query, "variables": variables })).send().await.expect("an answer");
        let answer: Value = answer.json().await.expect("JSON");
        assert!(answer["errors"].is_null(), "{answer}");
        answer["data"].clone()
    }
}

//! An import whose server is killed: nothing of it is there, and another server carries it out, once.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use reqwest::Client;
use sea_orm::{ConnectionTrait as _, Database, Statement};
use serde_json::{Value, json};

use super::program::{Program, said};
use crate::{
    harness::{Backend, cluster::Cluster, database::Fresh},
    learning::exchange::package::package,
};

/// Somebody who asks, whichever server answers.
struct Asker {
    http: Client,
    token: String,
}

impl Asker {
    fn new(database: &str) -> Self {
        let scopes = ["learning:read", "learning:write", "events:read"].map(|scope| ["--scope", scope]).concat();
        let client =
            said(database, &[&["client", "add", "--org", "Acme", "--name", "Loader"], scopes.as_slice()].concat());
        let id = client.split_whitespace().find(|word| word.starts_with("cli_")).expect("a client id").to_owned();
        let token = said(database, &["token", "--client", &id, "--ttl", "2h"]).trim().to_owned();
        Self { http: Client::builder().no_proxy().timeout(Duration::from_mins(1)).build().expect("a client"), token }
    }

    async fn get(&self, program: &Program, path: &str) -> Value {
        let request = self.http.get(format!("{}/api/v1{path}", program.url)).bearer_auth(&self.token);
        request.send().await.expect("an answer").json().await.expect("JSON")
    }

    async fn ask(&self, program: &Program, body: &str) -> (u16, Value) {
        let request = self.http.post(format!("{}/api/v1/import-jobs", program.url)).bearer_auth(&self.token);
        let request = request.header("content-type", "application/json").header("idempotency-key", "import-once");
        let answer = request.body(body.to_owned()).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    async fn count(&self, program: &Program, of: &str) -> i64 {
        self.get(program, &format!("/{of}&first=1&count=true")).await["page"]["totalCount"].as_i64().expect("a count")
    }

    /// Looks at an import until it is in a state.
    async fn until(&self, program: &Program, job: &str, states: &[&str]) -> Value {
        let since = Instant::now();
        loop {
            let seen = self.get(program, &format!("/import-jobs/{job}")).await;
            if states.contains(&seen["state"].as_str().unwrap_or_default()) {
                return seen;
            }
            assert!(since.elapsed() < Duration::from_mins(2), "the import does not get on: {seen}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// What only time does: the lease of whoever was killed ends.
async fn lease_ends(database: &str) {
    let db = Database::connect(database).await.expect("the database");
    let past: DateTime<Utc> = "2020-01-01T00:00:00Z".parse().expect("a time");
    let sql = "UPDATE import_job SET lease_until = $1 WHERE state = 'RUNNING'";
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, [past.into()]))
        .await
        .expect("an update");
    db.close().await.expect("the end");
}

async fn killed(database: &str) {
    let who = Asker::new(database);
    let package = package([8, 8, 8, 4]);
    let count = i64::try_from(package["CFItems"].as_array().unwrap().len()).unwrap();
    let body = json!({ "kind": "CASE", "document": package, "shortName": "data" }).to_string();
    let program = Program::start(database).listening();
    let (status, job) = who.ask(&program, &body).await;
    assert_eq!(status, 202, "{job}");
    let id = job["id"].as_str().unwrap().to_owned();
    let seen = who.until(&program, &id, &["RUNNING", "SUCCEEDED"]).await;
    assert_eq!(seen["state"], "RUNNING", "it is over before anybody could be killed");
    program.kill();

    let (one, other) = (Program::start(database).listening(), Program::start(database).listening());
    assert_eq!(who.get(&one, &format!("/import-jobs/{id}")).await["state"], "RUNNING");
    assert_eq!(who.count(&one, "competency-frameworks?shortName=data").await, 0, "nothing is half done");
    lease_ends(database).await;
    let done = who.until(&other, &id, &["SUCCEEDED", "FAILED"]).await;
    assert_eq!((&done["state"], &done["added"], &done["total"]), (&json!("SUCCEEDED"), &json!(count), &json!(count)));
    let framework = done["frameworkId"].as_str().unwrap();
    assert_eq!(who.count(&one, &format!("competencies?frameworkId={framework}")).await, count);
    for (kind, times) in [("competency.created", count), ("import_job.created", 1), ("import_job.succeeded", 1)] {
        assert_eq!(who.count(&one, &format!("events?type={kind}")).await, times, "{kind}");
    }
    // Who asks again under the same key is told of the same import.
    let (status, again) = who.ask(&other, &body).await;
    assert_eq!((status, &again["id"], &again["state"]), (202, &json!(id), &json!("SUCCEEDED")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_outlives_its_server_on_sqlite() {
    let fresh = Fresh::empty(Backend::Sqlite).await;
    killed(&fresh.url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_outlives_its_server_on_postgres() {
    let cluster = Cluster::own("import");
    killed(&cluster.url("postgres")).await;
}

/// The same documents at the operator's own shell.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_takes_in_and_writes_out() {
    let fresh = Fresh::empty(Backend::Sqlite).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.display().to_string()
    };
    said(&fresh.url, &["user", "add", "--org", "Acme", "--email", "ada@example.org"]);
    let whole = package([2, 2, 1, 0]);
    let case = file("case.json", &whole.to_string());
    let told = said(&fresh.url, &["import", "case", &case, "--org", "Acme", "--short-name", "data"]);
    assert!(told.contains("10 added, 0 changed, 0 unchanged, 0 removed"), "{told}");
    let out = said(&fresh.url, &["export", "framework", "data", "--org", "Acme"]);
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), whole);
    let table = said(&fresh.url, &["export", "framework", "data", "--org", "Acme", "--format", "csv"]);
    let table = file("table.csv", &table);
    let told = said(&fresh.url, &["import", "framework-csv", &table, "--org", "Acme", "--short-name", "data"]);
    assert!(told.contains("0 added, 0 changed, 10 unchanged, 0 removed"), "{told}");

    let plan = json!({ "format": "cairn/learning-plan", "version": 1, "plan": { "title": "P" }, "items": [
        { "competency": { "framework": "data", "code": "DL1" } },
    ] });
    let plan = file("plan.json", &plan.to_string());
    let told = said(&fresh.url, &["import", "plan", &plan, "--org", "Acme", "--email", "ada@example.org"]);
    let id = told.split_whitespace().find(|word| word.starts_with("pln_")).expect("a plan");
    let out = said(&fresh.url, &["export", "plan", id, "--org", "Acme"]);
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["items"][0]["competency"]["code"], "DL1");

    // What is wrong is told line by line, and the command fails.
    let wrong = file("wrong.csv", "code,name\na,A\na,B\n");
    let output =
        super::program::cairn(&fresh.url, &["import", "framework-csv", &wrong, "--org", "Acme", "--short-name", "x"])
            .output();
    let output = output.expect("the program");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(
        said.contains("cairn: line 2 /code ALREADY_EXISTS") && said.contains("1 errors; nothing was taken in"),
        "{said}"
    );
    let nowhere = super::program::cairn(&fresh.url, &["import", "case", &case, "--org", "Nowhere"])
        .output()
        .expect("the program");
    assert!(!nowhere.status.success());
}

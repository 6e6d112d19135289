//! Killing, stopping and cutting off, with writers at work.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use reqwest::Client;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::program::{Program, cairn, said};
use crate::harness::{Backend, cluster::Cluster, database::Fresh};

/// How often each database is cut off: three times in the suite, `CAIRN_KILL_ROUNDS` asks for more.
fn rounds() -> usize {
    std::env::var("CAIRN_KILL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3)
}

/// A machine's token, from the operator's shell.
fn token(database: &str) -> String {
    let client = said(
        database,
        &["client", "add", "--org", "Acme", "--name", "Load", "--scope", "learning:read", "--scope", "learning:write"],
    );
    let id = client.split_whitespace().find(|word| word.starts_with("cli_")).expect("a client id").to_owned();
    let token = said(database, &["token", "--client", &id, "--ttl", "2h"]);
    token.split_whitespace().find(|word| word.starts_with("ey")).expect("a token").to_owned()
}

/// Writers who post with idempotency keys, and what was acknowledged: the title, and the id that came back.
struct Writers {
    http: Client,
    token: String,
    number: AtomicU64,
    acknowledged: Mutex<BTreeMap<String, String>>,
    /// What was sent and never answered: it may have happened or not.
    unknown: Mutex<Vec<String>>,
}

impl Writers {
    fn new(token: String) -> Arc<Self> {
        let http = Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().expect("a client");
        Arc::new(Self {
            http,
            token,
            number: AtomicU64::new(0),
            acknowledged: Mutex::default(),
            unknown: Mutex::default(),
        })
    }

    async fn post(&self, url: &str, title: &str) -> Option<(u16, Value, bool)> {
        let request = self
            .http
            .post(format!("{url}/api/v1/learning-resources"))
            .bearer_auth(&self.token)
            .header("idempotency-key", title);
        let answer = request.json(&json!({ "kind": "OTHER", "title": title })).send().await.ok()?;
        let (status, replayed) = (answer.status().as_u16(), answer.headers().contains_key("idempotency-replayed"));
        Some((status, answer.json().await.ok()?, replayed))
    }

    /// Writes until told to stop, or nobody answers.
    async fn write(self: Arc<Self>, url: String, stop: Arc<AtomicBool>) {
        while !stop.load(SeqCst) {
            let title = format!("write-{}", self.number.fetch_add(1, SeqCst));
            match self.post(&url, &title).await {
                Some((201, body, _)) => {
                    let id = body["id"].as_str().unwrap().to_owned();
                    self.acknowledged.lock().unwrap().insert(title, id);
                }
                Some((status, body, _)) => panic!("{status} {body}"),
                None => {
                    self.unknown.lock().unwrap().push(title);
                    return;
                }
            }
        }
    }

    /// Every title that there is, with how often it is there.
    async fn stored(&self, url: &str) -> BTreeMap<String, Vec<String>> {
        let (mut all, mut after): (BTreeMap<String, Vec<String>>, String) = (BTreeMap::new(), String::new());
        loop {
            let page = format!("{url}/api/v1/learning-resources?first=100{after}");
            let body: Value = self.http.get(page).bearer_auth(&self.token).send().await.unwrap().json().await.unwrap();
            for item in body["items"].as_array().unwrap_or_else(|| panic!("{body}")) {
                all.entry(item["title"].as_str().unwrap().to_owned())
                    .or_default()
                    .push(item["id"].as_str().unwrap().to_owned());
            }
            if body["page"]["hasNextPage"] != true {
                return all;
            }
            after = format!("&after={}", body["page"]["endCursor"].as_str().unwrap());
        }
    }

    /// Everything acknowledged is there once; what was not answered is there once at most, and exactly once when it is
    /// sent again.
    async fn check(&self, url: &str) {
        let stored = self.stored(url).await;
        let acknowledged = self.acknowledged.lock().unwrap().clone();
        for (title, id) in &acknowledged {
            assert_eq!(stored.get(title), Some(&vec![id.clone()]), "{title} was acknowledged");
        }
        let unknown = std::mem::take(&mut *self.unknown.lock().unwrap());
        for title in unknown {
            let before = stored.get(&title).cloned().unwrap_or_default();
            let (status, body, replayed) = self.post(url, &title).await.unwrap();
            let id = body["id"].as_str().unwrap().to_owned();
            assert_eq!((status, replayed), (201, !before.is_empty()), "{title}");
            assert!(before.is_empty() || before == [id.clone()], "{title}: {before:?}, then {id}");
            self.acknowledged.lock().unwrap().insert(title, id);
        }
        let (count, known) = (self.stored(url).await.len(), self.acknowledged.lock().unwrap().len());
        assert_eq!(count, known, "nothing is there that nobody sent");
    }
}

async fn cut_off(database: &str) {
    let writers = Writers::new(token(database));
    for round in 0..rounds() {
        let program = Program::start(database).listening();
        writers.check(&program.url).await;
        let (stop, before) = (Arc::new(AtomicBool::new(false)), writers.acknowledged.lock().unwrap().len());
        let tasks: Vec<_> =
            (0..12).map(|_| tokio::spawn(Arc::clone(&writers).write(program.url.clone(), Arc::clone(&stop)))).collect();
        // Not after a time, but after some writes: a slow machine must not make it easy.
        let (since, enough) = (Instant::now(), before + 40 + 17 * round);
        while writers.acknowledged.lock().unwrap().len() < enough {
            assert!(since.elapsed() < Duration::from_secs(59), "the writers do not get on");
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        program.kill();
        for task in tasks {
            task.await.unwrap();
        }
    }
    let program = Program::start(database).listening();
    writers.check(&program.url).await;
    assert!(writers.acknowledged.lock().unwrap().len() >= 40 * rounds());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_sqlite() {
    let fresh = Fresh::empty(Backend::Sqlite).await;
    cut_off(&fresh.url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_on_postgres() {
    let cluster = Cluster::own("kill");
    cut_off(&cluster.url("postgres")).await;
}

/// Until readiness is red or nobody listens any more: a signal takes a moment to arrive.
async fn turned_red(url: &str) {
    let http = Client::builder().no_proxy().build().unwrap();
    let since = Instant::now();
    while matches!(http.get(format!("{url}/readyz")).send().await.map(|answer| answer.status().as_u16()), Ok(200)) {
        assert!(since.elapsed() < Duration::from_secs(10), "readiness stays green");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// SIGTERM: readiness goes red, what is in flight is finished, then it ends with 0.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_finishes_what_is_in_flight() {
    let fresh = Fresh::empty(Backend::Sqlite).await;
    let token = token(&fresh.url);
    let mut program = Program::start(&fresh.url).listening();
    let address = program.url.trim_start_matches("http://").to_owned();
    let body = json!({ "kind": "OTHER", "title": "in flight" }).to_string();
    let mut slow = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/v1/learning-resources HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len(),
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    slow.write_all(&body.as_bytes()[..10]).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    program.terminate();
    turned_red(&program.url).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    slow.write_all(&body.as_bytes()[10..]).await.unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(program.ended(Duration::from_secs(26)), Some(0));
    let again = Program::start(&fresh.url).listening();
    assert!(Writers::new(token).stored(&again.url).await.contains_key("in flight"));
}

/// Ten instances on an empty PostgreSQL: one migrates, one makes the key, and all of them serve.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_instances_start_together() {
    let cluster = Cluster::own("ten");
    let url = cluster.url("postgres");
    let programs: Vec<Program> = (0..10).map(|_| Program::start(&url)).collect();
    let programs: Vec<Program> =
        tokio::task::spawn_blocking(|| programs.into_iter().map(Program::listening).collect()).await.unwrap();
    let http = Client::builder().no_proxy().build().unwrap();
    let mut keys = Vec::new();
    for program in &programs {
        let ready = http.get(format!("{}/readyz", program.url)).send().await.unwrap();
        assert_eq!(ready.status(), 200);
        let set: Value =
            http.get(format!("{}/.well-known/jwks.json", program.url)).send().await.unwrap().json().await.unwrap();
        keys.push(set["keys"].clone());
    }
    assert!(keys.iter().all(|set| *set == keys[0] && set.as_array().is_some_and(|keys| keys.len() == 1)), "{keys:?}");
    assert!(!said(&url, &["migrate", "--status"]).contains("pending"));
    let doctor = cairn(&url, &["doctor"]).output().unwrap();
    assert!(
        doctor.status.success(),
        "{}{}",
        String::from_utf8_lossy(&doctor.stdout),
        String::from_utf8_lossy(&doctor.stderr)
    );
    // What is built in is there once.
    let token = token(&url);
    let list =
        http.get(format!("{}/api/v1/competency-frameworks", programs[9].url)).bearer_auth(&token).send().await.unwrap();
    let list: Value = list.json().await.unwrap();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2), "{list}");
}

/// The database goes away and comes back: 503 with `Retry-After` in between, in both faces, never 500 and never a hang.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_goes_away_and_comes_back() {
    let cluster = Cluster::own("away");
    let url = cluster.url("postgres");
    let token = token(&url);
    let program = Program::start(&url).listening();
    let http = Client::builder().no_proxy().timeout(Duration::from_secs(15)).build().unwrap();
    let calls = async || {
        let at = |path: &str| format!("{}{path}", program.url);
        let read = http.get(at("/api/v1/learning-resources")).bearer_auth(&token);
        let write = http
            .post(at("/api/v1/learning-resources"))
            .bearer_auth(&token)
            .json(&json!({ "kind": "OTHER", "title": "x" }));
        let query = http
            .post(at("/graphql"))
            .bearer_auth(&token)
            .json(&json!({ "query": "{ learningResources { nodes { id } } }" }));
        let log_in =
            http.post(at("/auth/login")).json(&json!({ "email": "a@example.org", "password": "a long password" }));
        let mut out = Vec::new();
        for (name, request) in
            [("read", read), ("write", write), ("query", query), ("log-in", log_in), ("ready", http.get(at("/readyz")))]
        {
            let since = Instant::now();
            let answer = request.send().await.unwrap_or_else(|why| panic!("{name}: {why}"));
            let retry = answer.headers().contains_key("retry-after");
            let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
            assert!(since.elapsed() < Duration::from_secs(8), "{name} took {:?}", since.elapsed());
            out.push((name, status, retry, text));
        }
        out
    };
    let statuses = |all: &[(&str, u16, bool, String)]| all.iter().map(|(_, status, ..)| *status).collect::<Vec<_>>();
    assert_eq!(statuses(&calls().await), [200, 201, 200, 401, 200]);
    cluster.stop();
    for _ in 0..2 {
        for (name, status, retry, text) in calls().await {
            assert_eq!((status, retry), (503, true), "{name}: {text}");
            assert!(text.contains("UNAVAILABLE"), "{name}: {text}");
        }
    }
    let live = http.get(format!("{}/livez", program.url)).send().await.unwrap();
    assert_eq!(live.status(), 200);
    cluster.start().unwrap();
    let since = Instant::now();
    loop {
        let now = statuses(&calls().await);
        if now == [200, 201, 200, 401, 200] {
            break;
        }
        assert!(now.iter().all(|status| *status != 500), "{now:?}");
        assert!(since.elapsed() < Duration::from_secs(15), "it does not recover: {now:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

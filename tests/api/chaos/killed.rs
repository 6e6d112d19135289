//! Connections are killed, clients hang up and the server restarts: what is answered is right.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::crowd::{Crowd, Question, Reader, connect, settle, told};
use crate::{
    harness::{Actor, Answer, cluster::Cluster},
    plans::dice::{Dice, seed},
};

/// How many connections each of the three pools has: far fewer than there are readers.
const POOL: i64 = 3;
/// The connections of the instance.
const OURS: &str = "FROM pg_stat_activity WHERE application_name = 'cairn'";

/// What happened so far.
#[derive(Debug, Default)]
struct Seen {
    right: AtomicUsize,
    refused: AtomicUsize,
    hung_up: AtomicUsize,
    wrote: AtomicUsize,
    stop: AtomicBool,
}

impl Seen {
    /// Waits until something has been counted `more` times from now on, or somebody saw what must not be.
    async fn more(&self, tasks: &[JoinHandle<()>], of: &AtomicUsize, more: usize, what: &str) {
        let (since, enough) = (Instant::now(), of.load(SeqCst) + more);
        while of.load(SeqCst) < enough && !tasks.iter().any(JoinHandle::is_finished) {
            assert!(since.elapsed() < Duration::from_secs(59), "{what}: only {} of {enough}", of.load(SeqCst));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// A clean refusal: the database is away for a moment, and the client is told to come again.
fn refused(answer: &Answer, what: &str) {
    let clean = answer.status() == 503 && !answer.header("retry-after").is_empty();
    assert!(clean && answer.text().contains("UNAVAILABLE"), "{what}: {} {}", answer.status(), answer.text());
}

/// What came of a question that was not answered in full: a clean refusal, or in GraphQL some roots in full, and of each
/// of the others that it was not to be had.
fn short_of(answer: &Answer, reader: &Reader, question: &Question) {
    let what = format!("{} to {}", question.name, reader.who.name);
    if answer.status() != 200 {
        return refused(answer, &what);
    }
    let right: Value = serde_json::from_slice(&question.right).unwrap();
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("{what}: {}", answer.text()));
    let failed: Vec<_> = errors.iter().map(|error| error["path"][0].as_str().unwrap_or_default()).collect();
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "UNAVAILABLE"), "{what}: {}", answer.text());
    let data = answer["data"].as_object().unwrap();
    assert!(failed.len() < data.len(), "{what}: nothing at all is no 200: {}", answer.text());
    for (root, value) in data {
        let expected = if failed.contains(&root.as_str()) { &Value::Null } else { &right["data"][root] };
        assert_eq!(value, expected, "{what}: {root}");
    }
}

async fn read(reader: Arc<Reader>, seen: Arc<Seen>) {
    for turn in (0..).take_while(|_| !seen.stop.load(SeqCst)) {
        let place = turn % reader.questions.len();
        let (answer, question) = (reader.ask(place).await, &reader.questions[place]);
        if told(&answer) == question.right {
            seen.right.fetch_add(1, SeqCst);
        } else {
            short_of(&answer, &reader, question);
            seen.refused.fetch_add(1, SeqCst);
        }
    }
}

async fn hang_up(reader: Arc<Reader>, seen: Arc<Seen>, mut dice: Dice) {
    while !seen.stop.load(SeqCst) {
        let patience = Duration::from_micros(dice.below(9000) as u64);
        reader.ask_and_hang_up(dice.below(reader.questions.len()), patience).await;
        seen.hung_up.fetch_add(1, SeqCst);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Writes in a reader's organization what that reader does not see.
async fn write(who: Actor, seen: Arc<Seen>) {
    let mut title = 0;
    while !seen.stop.load(SeqCst) {
        let answer = who.post("/learning-plans", json!({ "title": format!("of {} {title}", who.name) })).await;
        if answer.status() == 201 {
            seen.wrote.fetch_add(1, SeqCst);
        } else {
            refused(&answer, "a write");
        }
        title += 1;
    }
}

/// Kills a connection of the instance, whatever it does at the moment.
async fn kill(admin: &DatabaseConnection, dice: &mut Dice) -> bool {
    let sql =
        format!("SELECT pg_terminate_backend(pid) AS done FROM (SELECT pid {OURS} ORDER BY pid OFFSET $1 LIMIT 1) one");
    let at = i64::try_from(dice.below(usize::try_from(3 * POOL).unwrap())).unwrap();
    let statement = Statement::from_sql_and_values(admin.get_database_backend(), sql, [at.into()]);
    admin.query_one_raw(statement).await.unwrap().is_some_and(|row| row.try_get("", "done").unwrap())
}

async fn count(admin: &DatabaseConnection, more: &str) -> i64 {
    let sql = format!("SELECT count(*) AS n {OURS}{more}");
    let row = admin.query_one_raw(Statement::from_string(admin.get_database_backend(), sql)).await.unwrap();
    row.unwrap().try_get("", "n").unwrap()
}

/// Everybody hears what is right again, and the server has no connection too many, and none that waits in a transaction.
async fn calm(crowd: &Crowd, url: &str) {
    let since = Instant::now();
    for reader in &crowd.readers {
        for (place, question) in reader.questions.iter().enumerate() {
            loop {
                let answer = reader.ask(place).await;
                if told(&answer) == question.right {
                    break;
                }
                // Connections that died unnoticed are found by their use.
                short_of(&answer, reader, question);
                assert!(since.elapsed() < Duration::from_secs(15), "{} does not recover", question.name);
            }
        }
    }
    let admin = connect(url).await;
    loop {
        let (all, idle) = (count(&admin, "").await, count(&admin, " AND state LIKE 'idle in transaction%'").await);
        if all <= 3 * POOL && idle == 0 {
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(30), "{all} connections, {idle} of them idle in a transaction");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    admin.close().await.unwrap();
}

fn start(crowd: &Crowd, seen: &Arc<Seen>, seed: u64) -> Vec<JoinHandle<()>> {
    let mut tasks = Vec::new();
    for (number, reader) in crowd.readers.iter().enumerate() {
        tasks.push(tokio::spawn(read(Arc::clone(reader), Arc::clone(seen))));
        if number % 8 == 0 {
            let dice = Dice::new(seed ^ number as u64);
            tasks.push(tokio::spawn(hang_up(Arc::clone(reader), Arc::clone(seen), dice)));
        }
    }
    for writer in crowd.writers.iter().take(3) {
        tasks.push(tokio::spawn(write(writer.clone(), Arc::clone(seen))));
    }
    tasks
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_answered_is_right_whatever_breaks() {
    let seed = seed("CAIRN_CHAOS_SEED", 5);
    let cluster = Cluster::own("chaos");
    let url = cluster.url("postgres");
    let pool = POOL.to_string();
    let mut crowd = settle(&cluster, &[("CAIRN_DB_POOL", &pool), ("CAIRN_WORKERS", "2")]).await;
    crowd.record().await;
    let seen = Arc::<Seen>::default();
    let tasks = start(&crowd, &seen, seed);

    let (mut dice, mut killed) = (Dice::new(seed), 0);
    let admin = connect(&url).await;
    let (enough, since) = (seen.right.load(SeqCst) + 500, Instant::now());
    let more = |killed| killed < 100 || seen.right.load(SeqCst) < enough || seen.hung_up.load(SeqCst) < 100;
    while more(killed) && !tasks.iter().any(JoinHandle::is_finished) {
        assert!(since.elapsed() < Duration::from_secs(59), "seed {seed}: nobody gets on; {killed} killed, {seen:?}");
        killed += usize::from(kill(&admin, &mut dice).await);
        tokio::time::sleep(Duration::from_micros(dice.below(20_000) as u64)).await;
    }
    admin.close().await.unwrap();
    seen.more(&tasks, &seen.right, 100, "after the killing").await;

    cluster.stop();
    seen.more(&tasks, &seen.refused, 30, "while the server is away").await;
    cluster.start().unwrap();
    seen.more(&tasks, &seen.right, 200, "after the restart").await;
    seen.more(&tasks, &seen.wrote, 3, "after the restart").await;
    seen.stop.store(true, SeqCst);
    for task in tasks {
        task.await.unwrap_or_else(|why| panic!("seed {seed}: {why}"));
    }
    calm(&crowd, &url).await;
    let (right, refused) = (seen.right.load(SeqCst), seen.refused.load(SeqCst));
    println!("{right} right, {refused} refused, {killed} killed, {} hung up", seen.hung_up.load(SeqCst));
}

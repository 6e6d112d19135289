//! An answer is one statement and one transaction, and nobody else's is in it: what the server itself wrote down is the
//! proof.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use sea_orm::ConnectionTrait as _;

use super::crowd::{Reader, connect, settle, told};
use crate::{
    harness::cluster::Cluster,
    plans::dice::{Dice, seed},
};

/// How often each reader asks each question in the noise.
const TIMES: usize = 4;

/// A statement as the server logged it: its text and the values of its arguments.
type Logged = (String, String);

/// One transaction of the read path: what ran in it, in this order.
type Transaction = Vec<Logged>;

/// Reads the server's log: the transactions of the read path, backend by backend. Its statements are called `s0`, `s1`…,
/// and what runs under one virtual transaction is one transaction.
fn transactions(log: &str) -> Vec<Transaction> {
    let mut backends: BTreeMap<&str, Vec<(&str, Transaction)>> = BTreeMap::new();
    // The values come behind the statement: of those that are not of the read path, they are nobody's.
    let mut ours = false;
    for line in log.lines() {
        let Some((session, rest)) = line.strip_prefix('#').and_then(|line| line.split_once("# ")) else { continue };
        let (backend, transaction) = session.split_once(' ').expect("a backend and its transaction");
        let of = backends.entry(backend).or_default();
        if let Some((name, text)) = rest.strip_prefix("LOG:  execute ").and_then(|rest| rest.split_once(": ")) {
            ours = name.strip_prefix('s').is_some_and(|number| number.parse::<u32>().is_ok());
            if !ours {
                continue;
            }
            if of.last().is_none_or(|(last, _)| *last != transaction) {
                of.push((transaction, Vec::new()));
            }
            of.last_mut().expect("it was put there").1.push((text.to_owned(), String::new()));
        } else if let Some((_, values)) = rest.strip_prefix("DETAIL:  ").and_then(|rest| rest.split_once("arameters: "))
            && ours
        {
            let (_, statements) = of.last_mut().expect("a statement before its values");
            statements.last_mut().expect("a statement").1 = without_moments(values);
        }
    }
    let all = backends.into_values().flatten().map(|(_, statements)| statements);
    // Of those that ask how a caller stands, and nothing else, one looks like the other.
    all.filter(|statements| statements.iter().any(|(text, _)| text.contains(" UNION ALL SELECT 1, p1 "))).collect()
}

/// The values of a statement's arguments, but for moments: each request has its own.
fn without_moments(values: &str) -> String {
    let moment = |value: &str| {
        let shape: String = value.chars().take(20).map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        shape.starts_with("'0000-00-00 00:00:00")
    };
    let each = values.split(", $").map(|part| match part.split_once(" = ") {
        Some((place, value)) if moment(value) => format!("{place} = a moment"),
        _ => part.to_owned(),
    });
    each.collect::<Vec<_>>().join(", $")
}

/// Asks every question some times, in an order of their own.
async fn noise(reader: Arc<Reader>, mut dice: Dice) {
    let mut places: Vec<usize> =
        (0..reader.questions.len() * TIMES).map(|turn| turn % reader.questions.len()).collect();
    while !places.is_empty() {
        let place = places.swap_remove(dice.below(places.len()));
        let answer = reader.ask(place).await;
        assert_eq!(told(&answer), reader.questions[place].right, "{}: {}", reader.questions[place].name, answer.text());
    }
}

async fn log_everything(url: &str) {
    let admin = connect(url).await;
    for setting in [
        "ALTER SYSTEM SET log_line_prefix = '#%c %v# '",
        "ALTER DATABASE postgres SET log_min_messages = 'log'",
        "ALTER DATABASE postgres SET log_statement = 'all'",
        "ALTER DATABASE postgres SET log_parameter_max_length = -1",
        "SELECT pg_reload_conf()",
    ] {
        admin.execute_unprepared(setting).await.unwrap();
    }
    admin.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_other_statement_lands_inside_a_transaction() {
    let seed = seed("CAIRN_CHAOS_SEED", 5);
    let cluster = Cluster::own("inside");
    log_everything(&cluster.url("postgres")).await;
    // Several workers, or the reads of one thread would take turns by themselves.
    let mut crowd = settle(&cluster, &[("CAIRN_DB_POOL", "3"), ("CAIRN_WORKERS", "4")]).await;
    crowd.record().await;

    // In quiet: which transaction each question of each reader is.
    let mut expected: HashMap<Transaction, usize> = HashMap::new();
    let mut statements = 0;
    for reader in &crowd.readers {
        for (place, question) in reader.questions.iter().enumerate() {
            let before = cluster.log().len();
            assert_eq!(told(&reader.ask(place).await), question.right);
            for transaction in transactions(&cluster.log()[before..]) {
                assert_eq!(transaction.len(), 1, "{}: {transaction:#?}", question.name);
                statements += transaction.len();
                *expected.entry(transaction).or_default() += TIMES;
            }
        }
    }
    let shapes = expected.len();
    assert!(shapes >= crowd.readers.len() * 4, "only {shapes} different transactions");

    // In the noise: every transaction is exactly one of those, whole and in order, as often as it was asked for.
    let before = cluster.log().len();
    let askers = crowd.readers.iter().enumerate();
    let askers: Vec<_> = askers
        .map(|(number, reader)| tokio::spawn(noise(Arc::clone(reader), Dice::new(seed ^ number as u64))))
        .collect();
    for one in askers {
        one.await.unwrap_or_else(|why| panic!("seed {seed}: {why}"));
    }
    let noisy = cluster.log();
    let mut found: HashMap<Transaction, usize> = HashMap::new();
    for transaction in transactions(&noisy[before..]) {
        *found.entry(transaction).or_default() += 1;
    }
    for (transaction, times) in &found {
        let foreign = || format!("seed {seed}: nobody asks for this: {transaction:#?}");
        assert_eq!(*times, *expected.get(transaction).unwrap_or_else(|| panic!("{}", foreign())), "seed {seed}");
    }
    assert_eq!(found.len(), expected.len(), "seed {seed}: some transactions never came");
    println!("{} transactions of {shapes} kinds, {statements} statements in each round", found.values().sum::<usize>());

    // Of those who hang up, a transaction may have been broken off, and holds nothing foreign.
    let before = cluster.log().len();
    let hurried = crowd.readers.iter().enumerate().map(|(number, reader)| {
        let (reader, mut dice) = (Arc::clone(reader), Dice::new(seed ^ (1000 + number as u64)));
        tokio::spawn(async move {
            for _ in 0..5 {
                let patience = Duration::from_micros(dice.below(12_000) as u64);
                reader.ask_and_hang_up(dice.below(reader.questions.len()), patience).await;
            }
            noise(reader, dice).await;
        })
    });
    for one in hurried.collect::<Vec<_>>() {
        one.await.unwrap_or_else(|why| panic!("seed {seed}: {why}"));
    }
    for transaction in transactions(&cluster.log()[before..]) {
        let known = expected.keys().any(|whole| whole.starts_with(&transaction));
        assert!(known, "seed {seed}: nobody asks for this: {transaction:#?}");
    }
}

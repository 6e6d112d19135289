//! Whoever hangs up leaves nothing behind: the server does not get more connections than the pool has.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use cairn::{
    database::Database,
    read::{
        cell::Store,
        sql::{Dialect, Sql},
    },
};
use sea_orm::{ConnectionTrait as _, Statement};

use super::crowd::connect;
use crate::harness::{
    Backend,
    database::{Fresh, settings},
};

const POOL: i64 = 2;

/// Clients ask for what takes long, and are gone before it is there: those who come after them wait for a connection
/// until the server has really let go of one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_hangs_up_opens_no_further_connection() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let pool = POOL.to_string();
    let database = Database::open(&settings(&fresh.url, &[("CAIRN_DB_POOL", &pool)])).await.unwrap();
    let slow = Sql { text: "SELECT pg_sleep(4)::text".to_owned(), args: Vec::new(), dialect: Dialect::Postgres };
    let admin = connect(&fresh.url).await;
    let count = async || -> i64 {
        let sql = "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'cairn' AND datname = current_database()";
        let row = admin.query_one_raw(Statement::from_string(admin.get_database_backend(), sql)).await.unwrap();
        row.unwrap().try_get("", "n").unwrap()
    };
    let mut started = 0;
    for _ in 0..12 {
        let hurried = tokio::time::timeout(Duration::from_millis(100), database.row(&slow, &[Store::Text])).await;
        assert!(hurried.is_err(), "nobody waits so long");
        let (mut now, since) = (count().await, Instant::now());
        started = started.max(now);
        // A connection that was closed takes the server a moment to end; a statement that goes on would take it longer.
        while now > POOL && since.elapsed() < Duration::from_secs(2) {
            tokio::time::sleep(Duration::from_millis(10)).await;
            now = count().await;
        }
        assert!(now <= POOL, "{now} connections for a pool of {POOL}");
    }
    assert!(started > 0, "they never got so far");
    // And the pool is whole again: so many can ask at once, one after the other.
    let quick = Sql { text: "SELECT 'here'".to_owned(), ..slow.clone() };
    for _ in 0..3 {
        let (one, other) = tokio::join!(database.row(&quick, &[Store::Text]), database.row(&quick, &[Store::Text]));
        assert!(one.unwrap().is_some() && other.unwrap().is_some());
    }
    admin.close().await.unwrap();
    database.close().await;
    fresh.end().await;
}

/// A runtime that ends drops what still waits for an answer, and nothing of it comes back to be dropped again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_runtime_may_end_before_the_answer() {
    let fresh = Fresh::empty(Backend::Postgres).await;
    let database = Arc::new(Database::open(&settings(&fresh.url, &[])).await.unwrap());
    let admin = connect(&fresh.url).await;
    let own = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let asked = own.spawn({
        let database = Arc::clone(&database);
        async move {
            let slow =
                Sql { text: "SELECT pg_sleep(60)::text".to_owned(), args: Vec::new(), dialect: Dialect::Postgres };
            database.row(&slow, &[Store::Text]).await.map(drop)
        }
    });
    let sql = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'WITH % (SELECT pg_sleep(60)%' AND state = 'active'";
    let asks = async || {
        let row = admin.query_one_raw(Statement::from_string(admin.get_database_backend(), sql)).await.unwrap();
        row.is_some()
    };
    let since = Instant::now();
    while !asks().await {
        assert!(since.elapsed() < Duration::from_secs(20), "it was never asked");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::task::spawn_blocking(move || drop(own)).await.unwrap();
    assert!(asked.await.unwrap_err().is_cancelled());
    let quick = Sql { text: "SELECT 'here'".to_owned(), args: Vec::new(), dialect: Dialect::Postgres };
    assert!(database.row(&quick, &[Store::Text]).await.unwrap().is_some(), "others go on");
    admin.close().await.unwrap();
    database.close().await;
    fresh.end().await;
}

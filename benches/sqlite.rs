//! What a read costs on SQLite: the walk of `read::sqlite` beside the same statement through sqlx, and what handing work to
//! another thread costs.
//!
//! `cargo bench --bench sqlite` fills a private file and prints medians of interleaved rounds, on one thread as each of the
//! server's is.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::{
    error::Error,
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant},
};

use cairn::read::{
    cell::{Cell, Store},
    sql::{Arg, Dialect, Sql},
    sqlite::{Limits, Sqlite},
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sqlx::{
    self, Row as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow},
};
use uuid::Uuid;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const ROWS: i64 = 50_000;
const ROUNDS: usize = 200;
const FILL: &str = "
    CREATE TABLE plan (number INTEGER, id BLOB PRIMARY KEY, owner BLOB, title TEXT, status TEXT, points BIGINT,
        done BOOLEAN, due_on TEXT, created_at TEXT, updated_at TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
    INSERT INTO plan SELECT i, unhex(printf('%032x', i)), unhex(printf('%032x', i % 100)),
        'Plan number ' || i || ' of a person', 'ACTIVE', i, i % 2, '2026-01-31',
        '2026-01-31T23:59:59.123456+00:00', '2026-02-28T01:02:03.654321+00:00' FROM n;
    CREATE INDEX by_number ON plan (number)";
const COLUMNS: &str = "id, owner, title, status, points, done, due_on, created_at, updated_at";
const STORES: [Store; 9] = [
    Store::Uuid,
    Store::Uuid,
    Store::Text,
    Store::Text,
    Store::Int,
    Store::Bool,
    Store::Date,
    Store::Time,
    Store::Time,
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("bench.db");
    let options = SqliteConnectOptions::new().filename(&file).journal_mode(SqliteJournalMode::Wal);
    let writer = SqlitePool::connect_with(options.clone().create_if_missing(true)).await?;
    sqlx::raw_sql(FILL).execute(&writer).await?;
    let pool = SqlitePoolOptions::new().test_before_acquire(false).connect_with(options.read_only(true)).await?;
    let ever = Duration::from_mins(1);
    let limits = Limits { wait: ever, busy: ever, statement: ever, here: Duration::from_millis(2) };
    let sqlite = Arc::new(Sqlite::new(&file, "", 8, limits));

    println!("{:<14} {:>12} {:>12} {:>8}", "rows", "sqlx µs", "walk µs", "ratio");
    for rows in [1, 20, 200, 2000] {
        let sql = statement(rows);
        let (mut through, mut walked) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let from = i64::try_from(round)? * 37 % (ROWS - rows) + 1;
            let began = Instant::now();
            let cells = through_sqlx(&pool, &sql.text, from, rows).await?;
            through.push(began.elapsed());
            let asked = Sql { args: vec![Arg::Int(from), Arg::Int(from + rows)], ..sql.clone() };
            let began = Instant::now();
            let read = black_box(sqlite.ask_one(&asked, &STORES).await?);
            walked.push(began.elapsed());
            assert_eq!(cells.len(), read.len() * STORES.len());
        }
        let (through, walked) = (median(through), median(walked));
        println!("{rows:<14} {through:>12.1} {walked:>12.1} {:>8.2}", through / walked);
    }
    let mut hops = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        tokio::task::spawn_blocking(|| ()).await?;
        hops.push(began.elapsed());
    }
    println!("there and back to another thread: {:.1} µs", median(hops));
    Ok(())
}

fn statement(rows: i64) -> Sql {
    let text = format!("SELECT {COLUMNS} FROM plan WHERE number >= $1 AND number < $2 AND {rows} > 0");
    Sql { text, args: Vec::new(), dialect: Dialect::Sqlite }
}

/// As it was before the walk.
async fn through_sqlx(pool: &SqlitePool, text: &str, from: i64, rows: i64) -> Outcome<Vec<Cell>> {
    let query = sqlx::query(sqlx::AssertSqlSafe(text)).bind(from).bind(from + rows);
    let rows = query.fetch_all(pool).await?;
    let cells = rows.iter().flat_map(|row| STORES.iter().enumerate().map(|(place, store)| cell(row, place, *store)));
    Ok(black_box(cells.collect::<Result<_, _>>()?))
}

fn cell(row: &SqliteRow, place: usize, store: Store) -> Result<Cell, sqlx::Error> {
    let cell = match store {
        Store::Uuid => row.try_get::<Option<Uuid>, _>(place)?.map(Cell::Uuid),
        Store::Text => row.try_get::<Option<String>, _>(place)?.map(Cell::Text),
        Store::Int => row.try_get::<Option<i64>, _>(place)?.map(Cell::Int),
        Store::Bool => row.try_get::<Option<bool>, _>(place)?.map(Cell::Bool),
        Store::Time => row.try_get::<Option<DateTime<Utc>>, _>(place)?.map(Cell::Time),
        Store::Date => row.try_get::<Option<NaiveDate>, _>(place)?.map(Cell::Date),
    };
    Ok(cell.unwrap_or(Cell::Null))
}

/// In microseconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}

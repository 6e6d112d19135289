use std::{path::PathBuf, time::Duration};

use rusqlite::Connection;

use super::*;
use crate::{
    domain::error::Code,
    read::{cell::Cell, sql::Dialect},
};

const ENDLESS: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
const LONG: &str =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) SELECT count(*) FROM n";
const COUNT: &str = "SELECT count(*) FROM n";

/// Readers of a file that need not be there yet. They have all the time that a test could need.
pub(super) fn file(folder: &tempfile::TempDir, size: u32, with: impl FnOnce(&mut Limits)) -> (PathBuf, Arc<Sqlite>) {
    let ever = Duration::from_mins(10);
    let mut limits = Limits { wait: ever, busy: ever, statement: ever, here: ever };
    with(&mut limits);
    let place = folder.path().join("some file?.db");
    (place.clone(), Arc::new(Sqlite::new(&place, "sqlite://…", size, limits)))
}

/// Readers of a file with three rows in its table, and a connection that writes.
fn readers(folder: &tempfile::TempDir, with: impl FnOnce(&mut Limits)) -> (Connection, Arc<Sqlite>) {
    let (place, sqlite) = file(folder, 1, with);
    let writer = Connection::open(place).unwrap();
    // Who is in the way is seen at once.
    writer.busy_timeout(Duration::ZERO).unwrap();
    writer.pragma_update(None, "journal_mode", "WAL").unwrap();
    writer.execute_batch("CREATE TABLE n (i INTEGER); INSERT INTO n VALUES (1), (2), (3)").unwrap();
    (writer, sqlite)
}

fn sql(text: &str) -> Sql {
    Sql { text: text.to_owned(), args: Vec::new(), dialect: Dialect::Sqlite }
}

async fn number(sqlite: &Arc<Sqlite>, text: &str) -> Result<i64, Code> {
    let rows = sqlite.ask_one(&sql(text), &[Store::Int]).await.map_err(|error| error.code())?;
    Ok(rows.row(0).at(0).int())
}

/// Whether nobody looks at what has been written since: else the log could not be emptied.
fn nobody_looks(writer: &Connection) -> bool {
    writer.execute("INSERT INTO n VALUES (4)", []).unwrap();
    writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)).unwrap() == 0
}

#[tokio::test]
async fn an_answer_that_takes_longer_goes_on_elsewhere_in_its_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let (writer, sqlite) = readers(&folder, |limits| limits.here = Duration::ZERO);
    let texts = [sql(COUNT), sql(LONG), sql(COUNT)];
    let asked = texts.each_ref().map(|sql| Ask::new(sql, &[Store::Int], None));
    assert!(Walk::new(sqlite.reader().await.unwrap()).short().is_none(), "nothing is open yet");
    assert_eq!(number(&sqlite, COUNT).await, Ok(3));

    let mut walk = Walk::new(sqlite.reader().await.unwrap());
    let short = walk.short().unwrap();
    assert!(is_impatience(&walk.on(&asked, &short).unwrap_err()));
    writer.execute("INSERT INTO n VALUES (4)", []).unwrap();
    assert!(!nobody_looks(&writer));
    walk.on(&asked, &Patience::long(&Arc::default())).unwrap();
    let read: Vec<_> = walk.end().unwrap().iter().map(|rows| rows.row(0).at(0).int()).collect();
    assert_eq!(read, [3, 10_000, 3]);
    assert!(nobody_looks(&writer));

    // The same through the door.
    let read = sqlite.ask(&asked).await.unwrap();
    assert_eq!(read.iter().map(|rows| rows.row(0).at(0).int()).collect::<Vec<_>>(), [6, 10_000, 6]);
}

#[tokio::test]
async fn levels_without_parents_are_not_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (_writer, sqlite) = readers(&folder, |_| {});
    let (none, below) = (sql("SELECT x'' WHERE 1 = 0"), sql("this is not asked"));
    let asked = [Ask::new(&none, &[Store::Uuid], None), Ask::new(&below, &[Store::Int], Some((0, 0)))];
    let read = sqlite.ask(&asked).await.unwrap();
    assert_eq!(read.iter().map(Rows::len).collect::<Vec<_>>(), [0, 0]);
}

#[tokio::test]
async fn parents_are_asked_for_once_each() {
    let folder = tempfile::tempdir().unwrap();
    let (_writer, sqlite) = readers(&folder, |_| {});
    let id = "x'000102030405060708090a0b0c0d0e0f'";
    let above = sql(&format!("SELECT {id} FROM n UNION ALL SELECT NULL"));
    let mut below = sql("SELECT $1");
    below.args.push(crate::read::sql::Arg::Parents);
    let asked = [Ask::new(&above, &[Store::Uuid], None), Ask::new(&below, &[Store::Text], Some((0, 0)))];
    let read = sqlite.ask(&asked).await.unwrap();
    assert_eq!(read[0].len(), 4);
    assert_eq!(read[1].row(0).cells(&[0]), [Cell::Text("[\"000102030405060708090a0b0c0d0e0f\"]".into())]);
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_broken_off() {
    let folder = tempfile::tempdir().unwrap();
    let (writer, sqlite) = readers(&folder, |limits| limits.statement = Duration::from_millis(20));
    assert_eq!(number(&sqlite, ENDLESS).await, Err(Code::Unavailable));
    assert!(nobody_looks(&writer));
    assert_eq!(number(&sqlite, COUNT).await, Ok(4));
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_is_broken_off() {
    let folder = tempfile::tempdir().unwrap();
    let (writer, sqlite) = readers(&folder, |limits| limits.here = Duration::ZERO);
    let texts = [sql(COUNT), sql(ENDLESS)];
    for _ in 0..2 {
        let asked = texts.each_ref().map(|sql| Ask::new(sql, &[Store::Int], None));
        let gone = tokio::time::timeout(Duration::from_millis(20), sqlite.ask(&asked)).await;
        assert!(gone.is_err());
        // There is one connection: this waits until it is free.
        assert!(number(&sqlite, COUNT).await.is_ok());
        assert!(nobody_looks(&writer));
    }
}

#[tokio::test]
async fn who_gets_no_connection_in_time_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let (_writer, sqlite) = readers(&folder, |limits| limits.wait = Duration::from_millis(5));
    let held = sqlite.reader().await.unwrap();
    assert_eq!(number(&sqlite, COUNT).await, Err(Code::Unavailable));
    drop(held);
    assert_eq!(number(&sqlite, COUNT).await, Ok(3));
    sqlite.close().await;
    assert_eq!(number(&sqlite, COUNT).await, Err(Code::Unavailable));
}

#[tokio::test]
async fn whoever_reads_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let (writer, sqlite) = readers(&folder, |_| {});
    assert_eq!(number(&sqlite, "INSERT INTO n VALUES (5) RETURNING i").await, Err(Code::Internal));
    assert_eq!(writer.query_row(COUNT, [], |row| row.get::<_, i64>(0)), Ok(3));
}

#[tokio::test]
async fn a_file_that_is_away_is_an_outage() {
    let folder = tempfile::tempdir().unwrap();
    let (_place, sqlite) = file(&folder, 1, |_| {});
    assert_eq!(number(&sqlite, COUNT).await, Err(Code::Unavailable));
}

#[tokio::test]
async fn the_writers_lock_is_waited_for_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let (writer, sqlite) = readers(&folder, |limits| limits.busy = Duration::from_millis(5));
    writer.pragma_update(None, "journal_mode", "DELETE").unwrap();
    assert_eq!(number(&sqlite, COUNT).await, Ok(3));
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_eq!(number(&sqlite, COUNT).await, Err(Code::Unavailable));
    writer.execute_batch("ROLLBACK").unwrap();
    assert_eq!(number(&sqlite, COUNT).await, Ok(3));
}

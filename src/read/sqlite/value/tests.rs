use std::sync::Arc;

use chrono::{TimeDelta, TimeZone as _};
use sea_orm::sqlx::{
    self, AssertSqlSafe, ConnectOptions as _, Row as _, SqliteConnection,
    query::Query,
    sqlite::{Sqlite as Sqlx, SqliteArguments, SqliteConnectOptions, SqliteRow, SqliteSynchronous},
};

use super::{
    super::{Sqlite, tests::file},
    *,
};
use crate::{
    domain::error::Code,
    read::{
        cell::Cell,
        sql::{Dialect, Sql},
    },
};

/// A file that sqlx writes and both read.
async fn both(folder: &tempfile::TempDir) -> (SqliteConnection, Arc<Sqlite>) {
    let (place, sqlite) = file(folder, 1, |_| {});
    (
        SqliteConnectOptions::new()
            .filename(place)
            .synchronous(SqliteSynchronous::Off)
            .create_if_missing(true)
            .connect()
            .await
            .unwrap(),
        sqlite,
    )
}

fn sql(text: &str, args: Vec<Arg>) -> Sql {
    Sql { text: text.to_owned(), args, dialect: Dialect::Sqlite }
}

fn bound<'q>(query: Query<'q, Sqlx, SqliteArguments>, cell: &Cell) -> Query<'q, Sqlx, SqliteArguments> {
    match cell.clone() {
        Cell::Null => query.bind(None::<String>),
        Cell::Uuid(value) => query.bind(value),
        Cell::Text(value) => query.bind(value),
        Cell::Int(value) => query.bind(value),
        Cell::Bool(value) => query.bind(value),
        Cell::Time(value) => query.bind(value),
        Cell::Date(value) => query.bind(value),
    }
}

/// A value as sqlx reads it.
fn theirs(row: &SqliteRow, place: usize, store: Store) -> Cell {
    match store {
        Store::Uuid => row.get::<Option<Uuid>, _>(place).map(Cell::Uuid),
        Store::Text => row.get::<Option<String>, _>(place).map(Cell::Text),
        Store::Int => row.get::<Option<i64>, _>(place).map(Cell::Int),
        Store::Bool => row.get::<Option<bool>, _>(place).map(Cell::Bool),
        Store::Time => row.get::<Option<DateTime<Utc>>, _>(place).map(Cell::Time),
        Store::Date => row.get::<Option<NaiveDate>, _>(place).map(Cell::Date),
    }
    .unwrap_or(Cell::Null)
}

/// Moments with all numbers of digits, years of other lengths, and a leap second.
fn moments() -> Vec<DateTime<Utc>> {
    let at = |year, nanos| Utc.with_ymd_and_hms(year, 2, 28, 23, 59, 59).unwrap() + TimeDelta::nanoseconds(nanos);
    let leap = NaiveDate::from_ymd_opt(2016, 12, 31).unwrap().and_hms_nano_opt(23, 59, 59, 1_500_000_000).unwrap();
    let mut all = vec![leap.and_utc()];
    all.extend([0, 1, 1_000, 10_000, 123_456_000, 120_000_000, 999_999_999].map(|nanos| at(2026, nanos)));
    all.extend([-262_000, -5, 0, 1, 999, 9999, 10_000, 262_000].map(|year| at(year, 5_000)));
    all
}

#[tokio::test]
async fn every_value_that_sqlx_stores_is_read_as_sqlx_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let (mut sqlx, sqlite) = both(&folder).await;
    let texts = ["", "plain", "a\0b", "Zoë \u{1f980} \"'\\"].map(|text| (Store::Text, Cell::Text(text.into())));
    let numbers = [0, 1, -1, i64::MIN, i64::MAX].map(|number| (Store::Int, Cell::Int(number)));
    let ids = [Uuid::nil(), Uuid::max(), Uuid::from_u128(7)].map(|id| (Store::Uuid, Cell::Uuid(id)));
    let bools = [true, false].map(|yes| (Store::Bool, Cell::Bool(yes)));
    let times = moments().into_iter().map(|at| (Store::Time, Cell::Time(at)));
    let days = moments().into_iter().map(|at| (Store::Date, Cell::Date(at.date_naive())));
    let nulls = [Store::Uuid, Store::Text, Store::Int, Store::Bool, Store::Time, Store::Date];
    let values = texts.into_iter().chain(numbers).chain(ids).chain(bools).chain(times).chain(days);
    for (store, cell) in values.chain(nulls.map(|store| (store, Cell::Null))) {
        let kind = match store {
            Store::Uuid => "uuid_text",
            Store::Text => "varchar",
            Store::Int => "bigint",
            Store::Bool => "boolean",
            Store::Time => "timestamp_with_timezone_text",
            Store::Date => "date_text",
        };
        let create = format!("DROP TABLE IF EXISTS v; CREATE TABLE v (v {kind})");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut sqlx).await.unwrap();
        bound(sqlx::query("INSERT INTO v VALUES ($1)"), &cell).execute(&mut sqlx).await.unwrap();
        let row = sqlx::query("SELECT v FROM v").fetch_one(&mut sqlx).await.unwrap();
        let read = sqlite.ask_one(&sql("SELECT v FROM v", Vec::new()), &[store]).await.unwrap();
        // Moments are kept to the microsecond.
        assert_eq!((read.len(), read.row(0).at(0)), (1, (&theirs(&row, 0, store)).into()), "{cell:?}");
        assert_eq!(read.row(0).at(0), (&cell).into());
    }
}

#[tokio::test]
async fn arguments_are_bound_as_sqlx_binds_them() {
    let folder = tempfile::tempdir().unwrap();
    let (mut sqlx, sqlite) = both(&folder).await;
    let mut args = vec![
        (Arg::Uuid(Uuid::max()), Cell::Uuid(Uuid::max())),
        (Arg::Text("a\u{e9}".into()), Cell::Text("a\u{e9}".into())),
        (Arg::Int(-7), Cell::Int(-7)),
        (Arg::Bool(true), Cell::Bool(true)),
        (Arg::Uuids(vec![Uuid::nil(), Uuid::max()]), Cell::Text(format!("[\"{:032}\",\"{:f<32}\"]", 0, ""))),
        (Arg::Uuids(Vec::new()), Cell::Text("[]".into())),
        (Arg::Texts(vec!["a\"b".into(), "c".into()]), Cell::Text(r#"["a\"b","c"]"#.into())),
        (Arg::Ints(vec![1, -2]), Cell::Text("[1,-2]".into())),
    ];
    args.extend(moments().into_iter().map(|at| (Arg::Time(at), Cell::Time(at))));
    args.extend(moments().into_iter().map(|at| (Arg::Date(at.date_naive()), Cell::Date(at.date_naive()))));
    for (arg, cell) in args {
        let text = "SELECT typeof($1), quote($1)";
        let row = bound(sqlx::query(text), &cell).fetch_one(&mut sqlx).await.unwrap();
        let read = sqlite.ask_one(&sql(text, vec![arg.clone()]), &[Store::Text; 2]).await.unwrap();
        assert_eq!(read.row(0).cells(&[0, 1]), [theirs(&row, 0, Store::Text), theirs(&row, 1, Store::Text)], "{arg:?}");
    }
}

#[tokio::test]
async fn arguments_go_by_their_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let (_sqlx, sqlite) = both(&folder).await;
    let asked = sql("SELECT $2, $1, $3, $2", vec![Arg::Int(1), Arg::Int(2), Arg::Int(3)]);
    let read = sqlite.ask_one(&asked, &[Store::Int; 4]).await.unwrap();
    assert_eq!(read.row(0).cells(&[0, 1, 2, 3]), [2, 1, 3, 2].map(Cell::Int));
    for text in ["SELECT $2", "SELECT ?", "SELECT $0", "SELECT $x"] {
        let error = sqlite.ask_one(&sql(text, vec![Arg::Int(1)]), &[Store::Int]).await.unwrap_err();
        assert_eq!(error.code(), Code::Internal, "{text}");
    }
}

#[tokio::test]
async fn what_lies_there_in_another_form_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    let (_sqlx, sqlite) = both(&folder).await;
    let wrong = [
        (Store::Uuid, "'0123456789abcdef'"),
        (Store::Uuid, "x'00'"),
        (Store::Uuid, "1"),
        (Store::Text, "1"),
        (Store::Text, "x'61'"),
        (Store::Text, "CAST(x'ff' AS TEXT)"),
        (Store::Int, "'1'"),
        (Store::Int, "1.5"),
        (Store::Bool, "'true'"),
        (Store::Time, "'soon'"),
        (Store::Time, "''"),
        (Store::Time, "1"),
        (Store::Time, "'2026-02-30T00:00:00+00:00'"),
        (Store::Time, "'2026-02-28T00:00:00.é+00:00'"),
        (Store::Date, "'2026-02-30'"),
        (Store::Date, "'2026-1é-30'"),
        (Store::Date, "20260228"),
    ];
    for (store, value) in wrong {
        let read = sqlite.ask_one(&sql(&format!("SELECT {value}"), Vec::new()), &[store]).await;
        assert_eq!(read.map_err(|error| error.code()).map(|rows| rows.len()), Err(Code::Internal), "{store:?} {value}");
    }
    let missing = sqlite.ask_one(&sql("SELECT 1", Vec::new()), &[Store::Int; 2]).await.unwrap_err();
    assert_eq!(missing.code(), Code::Internal);
}

#[tokio::test]
async fn unusual_moments_are_read_as_sqlx_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    let (mut sqlx, sqlite) = both(&folder).await;
    for text in [
        "2026-01-31T23:59:59Z",
        "2026-01-31t23:59:59z",
        "2026-01-31T23:59:59.5+02:00",
        "2026-01-31T23:59:59.1234567890123+00:00",
        "2026-01-31 23:59:59.25",
        "2026-01-31 23:59:59",
        "2026-01-31T23:59:60+00:00",
        "-0005-01-31T23:59:59.000001+00:00",
        "+12026-01-31T23:59:59.000001-01:30",
    ] {
        let text = format!("SELECT '{text}'");
        let row = sqlx::query(AssertSqlSafe(text.as_str())).fetch_one(&mut sqlx).await.unwrap();
        let read = sqlite.ask_one(&sql(&text, Vec::new()), &[Store::Time]).await.unwrap();
        assert_eq!(read.row(0).at(0), (&theirs(&row, 0, Store::Time)).into(), "{text}");
    }
}

//! The back end on SQLite: the levels of an answer one after the other, in one snapshot; it costs no way to a server.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sqlx::{
    self, AssertSqlSafe, Decode, Row as _, SqliteConnection, SqlitePool, Type,
    sqlite::{Sqlite, SqliteArguments, SqliteRow},
};
use uuid::Uuid;

use super::{
    cell::{Cell, Store},
    compile::Level,
    rows::{LevelRows, Rows, count},
    sql::{Arg, Sql},
};
use crate::domain::{caller::Recalled, error::Result};

/// Reads the levels of one answer in one snapshot.
///
/// # Errors
/// `UNAVAILABLE`; [`crate::domain::error::Error::stale`].
pub async fn read(pool: &SqlitePool, levels: &[Level], recalled: Option<&Recalled>) -> Result<Vec<LevelRows>> {
    let mut snapshot = pool.begin_with("BEGIN").await?;
    if let Some(recalled) = recalled {
        recalled.holds(&rows(&mut snapshot, &recalled.sql, recalled.stores, &[]).await?)?;
    }
    let mut read: Vec<LevelRows> = Vec::with_capacity(levels.len());
    for level in levels {
        let parents = level.parent.map(|(above, column)| parents(&read[above].rows, column));
        let one = match &parents {
            // Nothing above: nothing to ask.
            Some(ids) if ids.is_empty() => LevelRows::default(),
            _ => read_level(&mut snapshot, level, parents.as_deref().unwrap_or_default()).await?,
        };
        read.push(one);
    }
    snapshot.rollback().await?;
    Ok(read)
}

/// Runs one statement of our own.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn ask(pool: &SqlitePool, sql: &Sql, stores: &[Store]) -> Result<Rows> {
    rows(&mut *pool.acquire().await?, sql, stores, &[]).await
}

/// The different ids in a column.
fn parents(rows: &Rows, column: usize) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = (0..rows.len()).filter_map(|place| rows.row(place).at(column).uuid()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

async fn read_level(connection: &mut SqliteConnection, level: &Level, parents: &[Uuid]) -> Result<LevelRows> {
    let rows = rows(connection, &level.sql, &level.stores, parents).await?;
    let counted = match &level.total {
        Some(total) => Some(self::rows(connection, total, level.total_stores(), parents).await?),
        None => None,
    };
    Ok(LevelRows::of(level, rows, counted.as_ref()))
}

async fn rows(connection: &mut SqliteConnection, sql: &Sql, stores: &[Store], parents: &[Uuid]) -> Result<Rows> {
    count(1);
    let query = sqlx::query_with(AssertSqlSafe(sql.text.as_str()), arguments(&sql.args, parents)?);
    let rows = query.fetch_all(connection).await?;
    let mut read = Rows::new(stores.len());
    for row in &rows {
        for (place, store) in stores.iter().enumerate() {
            read.push((&cell(row, place, *store)?).into());
        }
    }
    Ok(read)
}

fn cell(row: &SqliteRow, place: usize, store: Store) -> Result<Cell> {
    fn get<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(row: &'r SqliteRow, place: usize) -> Result<Option<T>> {
        Ok(row.try_get(place)?)
    }
    let cell = match store {
        Store::Uuid => get::<Uuid>(row, place)?.map(Cell::Uuid),
        Store::Text => get::<String>(row, place)?.map(Cell::Text),
        Store::Int => get::<i64>(row, place)?.map(Cell::Int),
        Store::Bool => get::<bool>(row, place)?.map(Cell::Bool),
        Store::Time => get::<DateTime<Utc>>(row, place)?.map(Cell::Time),
        Store::Date => get::<NaiveDate>(row, place)?.map(Cell::Date),
    };
    Ok(cell.unwrap_or(Cell::Null))
}

macro_rules! bind {
    ($arguments:ident, $value:expr) => {
        sqlx::Arguments::add(&mut $arguments, $value).map_err(sqlx::Error::Encode)?
    };
}

/// Lists travel as JSON, which has no blobs: ids as hexadecimal text.
fn arguments(args: &[Arg], parents: &[Uuid]) -> Result<SqliteArguments> {
    let json = |values: serde_json::Value| values.to_string();
    let hexadecimal = |ids: &[Uuid]| ids.iter().map(|id| id.simple().to_string()).collect::<Vec<_>>().into();
    let mut out = SqliteArguments::default();
    for arg in args {
        match arg {
            Arg::Uuid(value) => bind!(out, *value),
            Arg::Text(value) => bind!(out, value.clone()),
            Arg::Int(value) => bind!(out, *value),
            Arg::Bool(value) => bind!(out, *value),
            Arg::Time(value) => bind!(out, *value),
            Arg::Date(value) => bind!(out, *value),
            Arg::Uuids(values) => bind!(out, json(hexadecimal(values))),
            Arg::Texts(values) => bind!(out, json(values.clone().into())),
            Arg::Ints(values) => bind!(out, json(values.clone().into())),
            Arg::Parents => bind!(out, json(hexadecimal(parents))),
        }
    }
    Ok(out)
}

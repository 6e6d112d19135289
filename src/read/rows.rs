//! The two back ends: a statement with its arguments in, rows of cells out.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sqlx::{self, AssertSqlSafe, Decode, Type, postgres::PgArguments, sqlite::SqliteArguments};
use uuid::Uuid;

use super::{
    cell::{Cell, Store},
    sql::{Arg, Sql},
};
use crate::domain::error::Result;

/// How many statements reads have run in this process, for `/metrics` and for the law that they do not grow with rows.
pub static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// Rows, one after the other in one vector.
#[derive(Debug, Default)]
pub struct Rows {
    cells: Vec<Cell>,
    width: usize,
}

impl Rows {
    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cells of one row.
    #[must_use]
    pub fn row(&self, place: usize) -> &[Cell] {
        &self.cells[place * self.width..(place + 1) * self.width]
    }
}

/// An open snapshot on one of the two databases.
#[derive(Debug)]
pub enum Snapshot {
    /// SQLite.
    Sqlite(sqlx::Transaction<'static, sqlx::Sqlite>),
    /// PostgreSQL.
    Postgres(sqlx::Transaction<'static, sqlx::Postgres>),
}

impl Snapshot {
    /// Runs one statement; `parents` are the ids of the level above.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database is away.
    pub async fn rows(&mut self, sql: &Sql, stores: &[Store], parents: &[Uuid]) -> Result<Rows> {
        STATEMENTS.fetch_add(1, Ordering::Relaxed);
        match self {
            Self::Sqlite(tx) => {
                let query = sqlx::query_with(AssertSqlSafe(sql.text.as_str()), sqlite_arguments(&sql.args, parents)?);
                let rows = query.fetch_all(&mut **tx).await?;
                collect(&rows, stores)
            }
            Self::Postgres(tx) => {
                let query = sqlx::query_with(AssertSqlSafe(sql.text.as_str()), postgres_arguments(&sql.args, parents)?);
                let rows = query.fetch_all(&mut **tx).await?;
                collect(&rows, stores)
            }
        }
    }

    /// Ends the snapshot; dropping it does the same later.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database is away.
    pub async fn end(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await?,
            Self::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }
}

fn collect<R: sqlx::Row>(rows: &[R], stores: &[Store]) -> Result<Rows>
where
    usize: sqlx::ColumnIndex<R>,
    for<'r> Uuid: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> bool: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> DateTime<Utc>: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> NaiveDate: Decode<'r, R::Database> + Type<R::Database>,
{
    let mut cells = Vec::with_capacity(rows.len() * stores.len());
    for row in rows {
        for (place, store) in stores.iter().enumerate() {
            let cell = match store {
                Store::Uuid => row.try_get::<Option<Uuid>, _>(place)?.map(Cell::Uuid),
                Store::Text => row.try_get::<Option<String>, _>(place)?.map(Cell::Text),
                Store::Int => row.try_get::<Option<i64>, _>(place)?.map(Cell::Int),
                Store::Bool => row.try_get::<Option<bool>, _>(place)?.map(Cell::Bool),
                Store::Time => row.try_get::<Option<DateTime<Utc>>, _>(place)?.map(Cell::Time),
                Store::Date => row.try_get::<Option<NaiveDate>, _>(place)?.map(Cell::Date),
            };
            cells.push(cell.unwrap_or(Cell::Null));
        }
    }
    Ok(Rows { cells, width: stores.len() })
}

macro_rules! bind {
    ($arguments:ident, $value:expr) => {
        sqlx::Arguments::add(&mut $arguments, $value).map_err(sqlx::Error::Encode)?
    };
}

fn postgres_arguments(args: &[Arg], parents: &[Uuid]) -> Result<PgArguments> {
    let mut out = PgArguments::default();
    for arg in args {
        match arg {
            Arg::Uuid(value) => bind!(out, *value),
            Arg::Text(value) => bind!(out, value.clone()),
            Arg::Int(value) => bind!(out, *value),
            Arg::Bool(value) => bind!(out, *value),
            Arg::Time(value) => bind!(out, *value),
            Arg::Date(value) => bind!(out, *value),
            Arg::Uuids(values) => bind!(out, values.clone()),
            Arg::Texts(values) => bind!(out, values.clone()),
            Arg::Ints(values) => bind!(out, values.clone()),
            Arg::Parents => bind!(out, parents.to_vec()),
        }
    }
    Ok(out)
}

fn sqlite_arguments(args: &[Arg], parents: &[Uuid]) -> Result<SqliteArguments> {
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

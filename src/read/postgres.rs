//! The back end on PostgreSQL: all statements of an answer go out together, inside one snapshot, and come back in one
//! round trip.
//!
//! A connection belongs to one answer from the first byte sent to the last one read: nobody else's statement can land
//! inside its transaction. Statements are prepared once for each connection.

mod alone;
mod pool;
mod tls;

use chrono::{DateTime, NaiveDate, Utc};
use tokio_postgres::{
    Row, Statement,
    error::SqlState,
    types::{FromSql, ToSql, Type},
};
use uuid::Uuid;

pub use self::pool::Postgres;
use self::{alone::stands_alone, pool::Connection};
use super::{
    cell::{Cell, Store},
    compile::Level,
    rows::{LevelRows, Rows, count},
    sql::{Arg, Sql},
};
use crate::domain::{
    caller::Recalled,
    error::{Error, Result},
};

/// How the snapshot begins and ends.
const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
const END: &str = "COMMIT";

impl Postgres {
    /// Reads the levels of one answer in one snapshot.
    ///
    /// # Errors
    /// `UNAVAILABLE`; [`Error::stale`].
    pub async fn read(&self, levels: &[Level], recalled: Option<&Recalled>) -> Result<Vec<LevelRows>> {
        let alone = stands_alone(levels);
        let mut asked: Vec<(&Sql, &[Store])> = Vec::with_capacity(levels.len() + 1);
        asked.extend(recalled.map(|recalled| (&recalled.sql, recalled.stores)));
        for (level, (sql, total)) in levels.iter().zip(&alone) {
            asked.push((sql, &level.stores));
            asked.extend(total.as_ref().map(|total| (&**total, level.total_stores())));
        }
        let mut answered = self.ask(&asked).await?.into_iter();
        let mut next = || answered.next().unwrap_or_default();
        if let Some(recalled) = recalled {
            recalled.holds(&next())?;
        }
        let mut read = Vec::with_capacity(levels.len());
        for level in levels {
            let rows = next();
            let counted = level.total.as_ref().map(|_| next());
            read.push(LevelRows::of(level, rows, counted.as_ref()));
        }
        Ok(read)
    }

    /// Runs one statement of our own.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn ask_one(&self, sql: &Sql, stores: &[Store]) -> Result<Rows> {
        Ok(self.ask(&[(sql, stores)]).await?.into_iter().next().unwrap_or_default())
    }

    /// Runs statements in one snapshot and one round trip.
    async fn ask(&self, asked: &[(&Sql, &[Store])]) -> Result<Vec<Rows>> {
        count(asked.len());
        let mut tries = 0;
        loop {
            let mut connection = self.connection().await?;
            match converse(&mut connection, asked).await {
                Ok(rows) => {
                    connection.keep();
                    return Ok(rows);
                }
                // A connection that died, or was ended by somebody, says nothing about the server; and who only read can
                // read again.
                Err(error) if (error.is_closed() || was_ended(&error)) && tries < 2 => tries += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn was_ended(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::ADMIN_SHUTDOWN)
}

async fn converse(
    connection: &mut Connection<'_>,
    asked: &[(&Sql, &[Store])],
) -> std::result::Result<Vec<Rows>, tokio_postgres::Error> {
    let mut statements = Vec::with_capacity(asked.len());
    for (sql, _) in asked {
        statements.push(connection.prepared(sql).await?);
    }
    let client = connection.client();
    if let ([(sql, stores)], [statement]) = (asked, statements.as_slice()) {
        // One statement is a snapshot by itself.
        return Ok(vec![rows(&client.query(statement, &arguments(sql)).await?, stores)?]);
    }
    let each = statements.iter().zip(asked).map(|(statement, (sql, _))| async move {
        let arguments = arguments(sql);
        client.query(statement, &arguments).await
    });
    let (begun, answered, ended) = pool::in_order(client.batch_execute(BEGIN), each, client.batch_execute(END)).await;
    begun?;
    let answered: Vec<Vec<Row>> = answered.into_iter().collect::<std::result::Result<_, _>>()?;
    ended?;
    answered.iter().zip(asked).map(|(rows, (_, stores))| self::rows(rows, stores)).collect()
}

fn rows(rows: &[Row], stores: &[Store]) -> std::result::Result<Rows, tokio_postgres::Error> {
    let mut cells = Vec::with_capacity(rows.len() * stores.len());
    for row in rows {
        for (place, store) in stores.iter().enumerate() {
            cells.push(cell(row, place, *store)?);
        }
    }
    Ok(Rows::new(cells, stores.len()))
}

fn cell(row: &Row, place: usize, store: Store) -> std::result::Result<Cell, tokio_postgres::Error> {
    fn get<'r, T: FromSql<'r>>(row: &'r Row, place: usize) -> std::result::Result<Option<T>, tokio_postgres::Error> {
        row.try_get(place)
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

fn arguments(sql: &Sql) -> Vec<&(dyn ToSql + Sync)> {
    sql.args
        .iter()
        .map(|arg| -> &(dyn ToSql + Sync) {
            match arg {
                Arg::Uuid(value) => value,
                Arg::Text(value) => value,
                Arg::Int(value) => value,
                Arg::Bool(value) => value,
                Arg::Time(value) => value,
                Arg::Date(value) => value,
                Arg::Uuids(values) => values,
                Arg::Texts(values) => values,
                Arg::Ints(values) => values,
                // Statements that stand alone have none.
                Arg::Parents => &None::<Uuid>,
            }
        })
        .collect()
}

fn types(sql: &Sql) -> Vec<Type> {
    sql.args
        .iter()
        .map(|arg| match arg {
            Arg::Uuid(_) | Arg::Parents => Type::UUID,
            Arg::Text(_) => Type::TEXT,
            Arg::Int(_) => Type::INT8,
            Arg::Bool(_) => Type::BOOL,
            Arg::Time(_) => Type::TIMESTAMPTZ,
            Arg::Date(_) => Type::DATE,
            Arg::Uuids(_) => Type::UUID_ARRAY,
            Arg::Texts(_) => Type::TEXT_ARRAY,
            Arg::Ints(_) => Type::INT8_ARRAY,
        })
        .collect()
}

impl Connection<'_> {
    async fn prepared(&mut self, sql: &Sql) -> std::result::Result<Statement, tokio_postgres::Error> {
        if let Some(statement) = self.known(&sql.text) {
            return Ok(statement);
        }
        let statement = self.client().prepare_typed(&sql.text, &types(sql)).await?;
        self.remember(&sql.text, statement.clone());
        Ok(statement)
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        // Connection trouble, no resources, shut down or cancelled, I/O.
        let outage = |code: &str| ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class));
        let lost = || std::error::Error::source(&error).is_some_and(<dyn std::error::Error>::is::<std::io::Error>);
        match error.as_db_error() {
            Some(told) if outage(told.code().code()) => Self::unavailable(told),
            Some(told) => Self::internal(told),
            None if error.is_closed() || lost() => Self::unavailable(&error),
            None => Self::internal(&error),
        }
    }
}

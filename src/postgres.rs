//! The back end on PostgreSQL: an answer is one statement, so it is one snapshot and one round trip; a unit of work is a
//! transaction that costs no way to the server of its own to begin and to end.
//!
//! A connection belongs to one answer from the first byte sent to the last one read, and to one transaction until it is
//! over. Statements are prepared once for each connection.

mod backend;
mod connect;
mod frontend;
mod pool;
mod result;
mod tls;
mod transaction;
mod value;
mod whole;
mod wire;

use std::sync::Arc;

use self::whole::{Part, whole};
pub use self::{
    pool::Postgres,
    transaction::{Kind, Tell, Transaction},
};
use crate::{
    domain::{caller::Recalled, error::Result},
    read::{
        cell::Store,
        compile::Level,
        rows::{LevelRows, Rows, count},
        sql::Sql,
    },
};

impl Postgres {
    /// Reads the levels of one answer in one snapshot.
    ///
    /// # Errors
    /// `UNAVAILABLE`; [`Error::stale`](crate::domain::error::Error::stale).
    pub async fn read(self: &Arc<Self>, levels: &[Level], recalled: Option<&Recalled>) -> Result<Vec<LevelRows>> {
        let mut parts: Vec<Part<'_>> = Vec::with_capacity(levels.len() + 1);
        parts.extend(recalled.map(|recalled| Part { sql: &recalled.sql, stores: recalled.stores, parent: None }));
        let mut places = Vec::with_capacity(levels.len());
        for level in levels {
            let parent = level.parent.map(|(above, column)| (places[above], column));
            places.push(parts.len());
            parts.push(Part { sql: &level.sql, stores: &level.stores, parent });
            parts.extend(level.total.as_ref().map(|sql| Part { sql, stores: level.total_stores(), parent }));
        }
        LevelRows::all(levels, recalled, self.ask(&parts).await?)
    }

    /// Runs one statement of our own.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn ask_one(self: &Arc<Self>, sql: &Sql, stores: &[Store]) -> Result<Rows> {
        let parts = [Part { sql, stores, parent: None }];
        Ok(self.ask(&parts).await?.into_iter().next().unwrap_or_default())
    }

    async fn ask(self: &Arc<Self>, parts: &[Part<'_>]) -> Result<Vec<Rows>> {
        count(parts.len());
        let sql = whole(parts);
        let mut tries = 0;
        loop {
            let mut connection = self.connection().await?;
            match connection.wire()?.ask(&sql, parts).await {
                Ok(rows) => {
                    connection.keep();
                    return Ok(rows);
                }
                // A connection that died while nobody used it says nothing about the server; nor do those like it.
                Err(fault) if fault.may_pass() && tries < 2 => {
                    self.forget();
                    tries += 1;
                }
                Err(fault) => return Err(fault.into()),
            }
        }
    }
}

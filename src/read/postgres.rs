//! The back end on PostgreSQL: all statements of an answer go out together, inside one snapshot, and come back in one
//! round trip.
//!
//! A connection belongs to one answer from the first byte sent to the last one read: nobody else's statement can land
//! inside its transaction. Statements are prepared once for each connection.

mod alone;
mod backend;
mod connect;
mod frontend;
mod pool;
mod tls;
mod wire;

use std::sync::Arc;

use self::alone::stands_alone;
pub use self::pool::Postgres;
use super::{
    cell::Store,
    compile::Level,
    rows::{LevelRows, Rows, count},
    sql::Sql,
};
use crate::domain::{caller::Recalled, error::Result};

impl Postgres {
    /// Reads the levels of one answer in one snapshot.
    ///
    /// # Errors
    /// `UNAVAILABLE`; [`Error::stale`].
    pub async fn read(self: &Arc<Self>, levels: &[Level], recalled: Option<&Recalled>) -> Result<Vec<LevelRows>> {
        let alone = stands_alone(levels);
        let mut asked: Vec<(&Sql, &[Store])> = Vec::with_capacity(levels.len() + 1);
        asked.extend(recalled.map(|recalled| (&recalled.sql, recalled.stores)));
        for (level, (sql, total)) in levels.iter().zip(&alone) {
            asked.push((sql, &level.stores));
            asked.extend(total.as_ref().map(|total| (&**total, level.total_stores())));
        }
        LevelRows::all(levels, recalled, self.ask(&asked).await?)
    }

    /// Runs one statement of our own.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn ask_one(self: &Arc<Self>, sql: &Sql, stores: &[Store]) -> Result<Rows> {
        Ok(self.ask(&[(sql, stores)]).await?.into_iter().next().unwrap_or_default())
    }

    /// Runs statements in one snapshot and one round trip.
    async fn ask(self: &Arc<Self>, asked: &[(&Sql, &[Store])]) -> Result<Vec<Rows>> {
        count(asked.len());
        let mut tries = 0;
        loop {
            let mut connection = self.connection().await?;
            match connection.wire()?.ask(asked).await {
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

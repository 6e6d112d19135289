//! The back end on SQLite: the rows of all levels are walked where they lie, in one snapshot.
//!
//! A connection belongs to one answer until all of it is read; statements are prepared once for each connection. A short
//! answer is read by the thread that asks: handing it to another costs more than reading one object. One that takes longer
//! moves to a thread that may wait, with its snapshot and all that was read so far.

mod pool;
mod value;
mod walk;

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rusqlite::ErrorCode;

pub use self::pool::{Limits, Sqlite};
use self::walk::{Ask, Patience, Walk};
use super::{
    cell::Store,
    compile::Level,
    rows::{LevelRows, Rows},
    sql::Sql,
};
use crate::domain::{
    caller::Recalled,
    error::{Error, Result},
};

/// Whoever waits for an answer: a statement that nobody waits for any more is broken off.
struct Asker(Arc<AtomicBool>);

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Sqlite {
    /// Reads the levels of one answer in one snapshot.
    ///
    /// # Errors
    /// `UNAVAILABLE`; [`Error::stale`].
    pub async fn read(self: &Arc<Self>, levels: &[Level], recalled: Option<&Recalled>) -> Result<Vec<LevelRows>> {
        let mut asked: Vec<Ask<'_>> = Vec::with_capacity(levels.len() + 1);
        asked.extend(recalled.map(|recalled| Ask::new(&recalled.sql, recalled.stores, None)));
        let mut places = Vec::with_capacity(levels.len());
        for level in levels {
            let parent = level.parent.map(|(above, column)| (places[above], column));
            places.push(asked.len());
            asked.push(Ask::new(&level.sql, &level.stores, parent));
            asked.extend(level.total.as_ref().map(|total| Ask::new(total, level.total_stores(), parent)));
        }
        LevelRows::all(levels, recalled, self.ask(&asked).await?)
    }

    /// Runs one statement of our own.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn ask_one(self: &Arc<Self>, sql: &Sql, stores: &[Store]) -> Result<Rows> {
        Ok(self.ask(&[Ask::new(sql, stores, None)]).await?.into_iter().next().unwrap_or_default())
    }

    /// Runs statements in one snapshot: here, or elsewhere when it takes longer.
    async fn ask(self: &Arc<Self>, asked: &[Ask<'_>]) -> Result<Vec<Rows>> {
        let mut walk = Walk::new(self.reader().await?);
        if let Some(patience) = walk.short() {
            match walk.on(asked, &patience) {
                Ok(()) => return Ok(walk.end()?),
                Err(error) if is_impatience(&error) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let asked: Vec<Ask<'static>> = asked.iter().map(Ask::to_owned).collect();
        let asker = Asker(Arc::default());
        let patience = Patience::long(&asker.0);
        let elsewhere = tokio::task::spawn_blocking(move || {
            walk.on(&asked, &patience)?;
            walk.end()
        });
        Ok(elsewhere.await.map_err(|_| Error::internal("a read broke off"))??)
    }
}

/// Whether the statement was broken off, or others were in its way: with more time it may succeed.
fn is_impatience(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::OperationInterrupted | ErrorCode::DatabaseBusy))
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, FileLockingProtocolFailed, OperationInterrupted,
            OutOfMemory, SystemIoFailure,
        };
        match error.sqlite_error_code() {
            // Others in the way for too long, no resources, a file that is away, and what took too long.
            Some(
                CannotOpen
                | DatabaseBusy
                | DatabaseLocked
                | DiskFull
                | FileLockingProtocolFailed
                | OperationInterrupted
                | OutOfMemory
                | SystemIoFailure,
            ) => Self::unavailable(&error),
            _ => Self::internal(&error),
        }
    }
}

#[cfg(test)]
mod tests;

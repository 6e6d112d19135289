//! Statements of one answer, one after the other on one connection, in one snapshot.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::Connection;
use uuid::Uuid;

use super::{
    pool::{Limits, Reader},
    value,
};
use crate::read::{
    cell::Store,
    rows::{Rows, count},
    sql::Sql,
};

/// After how many steps of SQLite's machine patience is asked: some 30 µs.
const STEPS: i32 = 1000;

/// A statement, how its columns are stored, and of which statement before it which column holds its parents.
pub(super) struct Ask<'a> {
    sql: Cow<'a, Sql>,
    stores: Cow<'a, [Store]>,
    parent: Option<(usize, usize)>,
}

/// How long a walk may take.
pub(super) enum Patience {
    /// Until then in all, and no waiting: others wait for this thread.
    Short(Instant),
    /// As long as each statement may take, unless nobody waits for the answer any more.
    Long(Arc<AtomicBool>),
}

/// An answer while it is read.
pub(super) struct Walk {
    reader: Reader,
    /// What was read: of each statement, in their order.
    read: Vec<Rows>,
}

impl<'a> Ask<'a> {
    pub(super) fn new(sql: &'a Sql, stores: &'a [Store], parent: Option<(usize, usize)>) -> Self {
        Self { sql: Cow::Borrowed(sql), stores: Cow::Borrowed(stores), parent }
    }

    pub(super) fn to_owned(&self) -> Ask<'static> {
        let (sql, stores) = (self.sql.clone().into_owned(), self.stores.clone().into_owned());
        Ask { sql: Cow::Owned(sql), stores: Cow::Owned(stores), parent: self.parent }
    }

    fn rows(&self, connection: &Connection, read: &[Rows]) -> rusqlite::Result<Rows> {
        let parents = self.parent.map(|(above, column)| parents(&read[above], column));
        if parents.as_ref().is_some_and(Vec::is_empty) {
            // Nothing above: nothing to ask.
            return Ok(Rows::default());
        }
        let mut statement = connection.prepare_cached(&self.sql.text)?;
        value::bind(&mut statement, &self.sql.args, &parents.unwrap_or_default())?;
        let mut read = Rows::new(self.stores.len());
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            for (place, store) in self.stores.iter().enumerate() {
                read.push(value::at(row, place, *store)?);
            }
        }
        count(1);
        Ok(read)
    }
}

impl Patience {
    /// That of a thread of one's own, until the asker has gone.
    pub(super) fn long(gone: &Arc<AtomicBool>) -> Self {
        Self::Long(Arc::clone(gone))
    }

    /// Limits the statement that comes next.
    fn limit(&self, connection: &Connection, limits: &Limits) -> rusqlite::Result<()> {
        match self {
            Self::Short(until) => {
                let until = *until;
                connection.busy_timeout(Duration::ZERO)?;
                connection.progress_handler(STEPS, Some(move || Instant::now() >= until))
            }
            Self::Long(gone) => {
                connection.busy_timeout(limits.busy)?;
                let (gone, until) = (Arc::clone(gone), Instant::now() + limits.statement);
                let over = move || gone.load(Ordering::Relaxed) || Instant::now() >= until;
                connection.progress_handler(STEPS, Some(over))
            }
        }
    }
}

impl Walk {
    pub(super) const fn new(reader: Reader) -> Self {
        Self { reader, read: Vec::new() }
    }

    /// The patience of a thread that serves others too; none when the connection is still to be opened.
    pub(super) fn short(&self) -> Option<Patience> {
        self.reader.is_open().then(|| Patience::Short(Instant::now() + self.reader.of.limits.here))
    }

    /// Goes on from where the walk stands to the end of what is asked. When patience ends before, it can go on from there,
    /// in the same snapshot.
    pub(super) fn on(&mut self, asked: &[Ask<'_>], patience: &Patience) -> rusqlite::Result<()> {
        let limits = self.reader.of.limits;
        let connection = self.reader.connection()?;
        patience.limit(connection, &limits)?;
        // One statement is a snapshot by itself.
        if asked.len() > 1 && connection.is_autocommit() {
            run(connection, "BEGIN")?;
        }
        while let Some(ask) = asked.get(self.read.len()) {
            patience.limit(connection, &limits)?;
            self.read.push(ask.rows(connection, &self.read)?);
        }
        Ok(())
    }

    /// Lets go of the snapshot and of the connection.
    pub(super) fn end(mut self) -> rusqlite::Result<Vec<Rows>> {
        let connection = self.reader.connection()?;
        connection.progress_handler(0, None::<fn() -> bool>)?;
        if !connection.is_autocommit() {
            run(connection, "COMMIT")?;
        }
        self.reader.keep();
        Ok(self.read)
    }
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.raw_execute().map(|_| ())
}

/// The different ids in a column.
fn parents(rows: &Rows, column: usize) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = rows.iter().filter_map(|row| row.at(column).uuid()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

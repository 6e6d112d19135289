//! Connections for reads: each belongs to one answer at a time.

use std::{
    fmt::Write as _,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::domain::error::{Error, Result};

/// How many statements a connection keeps prepared; each takes some 10 KiB.
const STATEMENTS: usize = 128;

/// How long reads may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long a request waits for a connection.
    pub wait: Duration,
    /// How long a statement waits for a lock.
    pub busy: Duration,
    /// How long one statement may take.
    pub statement: Duration,
    /// How long the thread that asks reads by itself, before it lets another go on.
    pub here: Duration,
}

/// The file, and the connections to it that nobody uses at the moment.
pub struct Sqlite {
    address: String,
    size: u32,
    pub(super) limits: Limits,
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sqlite").field("turns", &self.turns.available_permits()).finish_non_exhaustive()
    }
}

/// A connection that belongs to whoever holds this. It is closed when they let go of it without having kept it.
pub(super) struct Reader {
    pub(super) of: Arc<Sqlite>,
    /// None before it is opened: that takes a while.
    connection: Option<Connection>,
    _turn: OwnedSemaphorePermit,
}

impl Sqlite {
    /// At most `size` connections to a file; none is opened yet. Of the URL that named it, the options are kept.
    #[must_use]
    pub fn new(file: &Path, url: &str, size: u32, limits: Limits) -> Self {
        let turns = Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1)));
        Self { address: address(file, url), size, limits, turns, idle: Mutex::default() }
    }

    /// A connection, as soon as one is free.
    pub(super) async fn reader(self: &Arc<Self>) -> Result<Reader> {
        let turn = timeout(self.limits.wait, Arc::clone(&self.turns).acquire_owned());
        let turn = turn.await.map_err(|_| Error::unavailable("no connection became free in time"))?;
        let turn = turn.map_err(|_| Error::unavailable("the connections were closed"))?;
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Reader { of: Arc::clone(self), connection, _turn: turn })
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.address, flags)?;
        connection.busy_timeout(self.limits.busy)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }

    /// Closes every connection, those in use as soon as their answers are read, and opens no other.
    pub async fn close(&self) {
        let all = self.turns.acquire_many(self.size).await;
        self.turns.close();
        drop(all);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Reader {
    pub(super) const fn is_open(&self) -> bool {
        self.connection.is_some()
    }

    pub(super) fn connection(&mut self) -> rusqlite::Result<&Connection> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.of.open()?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Gives the connection back: nothing runs on it, and no snapshot is open.
    pub(super) fn keep(self) {
        let mut idle = self.of.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extend(self.connection);
    }
}

/// The file as a URI that SQLite reads, with the options of the URL; but it is only read.
fn address(file: &Path, url: &str) -> String {
    let mut address = "file:".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() {
            address.push(char::from(*byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address.push_str("?mode=ro");
    let options = url.split_once('?').map_or("", |(_, options)| options);
    for option in options.split('&').filter(|option| !option.is_empty() && !option.starts_with("mode=")) {
        address.push('&');
        address.push_str(option);
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_the_same_file_and_options() {
        let of = |file, url| address(Path::new(file), url);
        assert_eq!(of("cairn.db", "sqlite://cairn.db"), "file:cairn%2Edb?mode=ro");
        assert_eq!(of("/a b/ü?#.db", "sqlite:///…"), "file:%2Fa%20b%2F%C3%BC%3F%23%2Edb?mode=ro");
        assert_eq!(of("a", "sqlite:a?mode=rwc&vfs=unix-dotfile"), "file:a?mode=ro&vfs=unix-dotfile");
    }
}

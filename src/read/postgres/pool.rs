//! Connections for reads: each belongs to one answer at a time.

use std::{
    sync::{Mutex, PoisonError},
    thread::{self, ThreadId},
    time::Duration,
};

use sea_orm::sqlx::postgres::PgConnectOptions;
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout},
};

use super::{backend::Fault, connect::Address, wire::Wire};
use crate::domain::error::{Error, Result};

/// How long a connection is used: whoever balances or restarts servers wants them back now and then.
const LIFE: Duration = Duration::from_mins(30);

/// The server, and the connections to it that nobody uses at the moment.
pub struct Postgres {
    address: Address,
    wait: Duration,
    turns: Semaphore,
    idle: Mutex<Vec<Open>>,
}

/// An open connection.
struct Open {
    wire: Wire,
    since: Instant,
    /// Whose reactor wakes whoever waits for it.
    thread: ThreadId,
}

/// A connection that belongs to whoever holds this. It is closed when they let go without having read everything.
pub(super) struct Connection<'a> {
    of: &'a Postgres,
    open: Open,
    _turn: SemaphorePermit<'a>,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postgres").field("turns", &self.turns.available_permits()).finish_non_exhaustive()
    }
}

impl Postgres {
    /// At most `size` connections to the server that options name; none is opened yet.
    ///
    /// # Errors
    /// When certificates that they name cannot be read.
    pub fn new(options: &PgConnectOptions, size: u32, wait: Duration) -> std::result::Result<Self, String> {
        let turns = Semaphore::new(usize::try_from(size).unwrap_or(1));
        Ok(Self { address: Address::of(options)?, wait, turns, idle: Mutex::default() })
    }

    /// A connection, as soon as one is free.
    pub(super) async fn connection(&self) -> Result<Connection<'_>> {
        let away = |_| Error::unavailable("no connection became free in time");
        let turn = match self.turns.try_acquire() {
            Ok(turn) => turn,
            Err(_) => timeout(self.wait, self.turns.acquire())
                .await
                .map_err(away)?
                .map_err(|_| Error::unavailable("the connections were closed"))?,
        };
        let open = match self.rested() {
            Some(open) => open,
            None => {
                let wire = timeout(self.wait, self.address.open()).await.map_err(away)?.map_err(refused)?;
                Open { wire, since: Instant::now(), thread: thread::current().id() }
            }
        };
        Ok(Connection { of: self, open, _turn: turn })
    }

    /// A connection that nobody uses: one of this thread is woken without a way to another.
    fn rested(&self) -> Option<Open> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|open| open.since.elapsed() < LIFE);
        let here = thread::current().id();
        let place = idle.iter().rposition(|open| open.thread == here).or(idle.len().checked_sub(1))?;
        Some(idle.swap_remove(place))
    }

    /// Forgets the connections that nobody uses: the server went away, and they with it.
    pub(super) fn forget(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Closes every connection, and opens no other.
    pub fn close(&self) {
        self.turns.close();
        self.forget();
    }
}

/// A server that does not let us in is away for those who ask; why is for the log.
fn refused(fault: Fault) -> Error {
    match fault {
        Fault::Told { code, message } => Error::unavailable(format!("PostgreSQL {code}: {message}")),
        other => other.into(),
    }
}

impl Connection<'_> {
    pub(super) const fn wire(&mut self) -> &mut Wire {
        &mut self.open.wire
    }

    /// Gives the connection back: everything that was asked on it was read.
    pub(super) fn keep(mut self) {
        if self.open.wire.is_roomy() {
            self.of.idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.open);
        }
    }
}

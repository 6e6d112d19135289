//! Connections: each belongs to one answer or unit of work at a time, and to the thread whose reactor wakes it.

use std::{
    cell::Cell,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sea_orm::sqlx::postgres::PgConnectOptions;
use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout},
};

use super::{backend::Fault, connect::Address, wire::Wire};
use crate::domain::error::{Error, Result};

/// How long a connection is used: whoever balances or restarts servers wants them back now and then.
const LIFE: Duration = Duration::from_mins(30);
/// How long a statement that nobody waits for any more may go on before the server is told to break it off.
const LEFT: Duration = Duration::from_millis(20);

/// The server, and the connections to it.
pub struct Postgres {
    address: Address,
    wait: Duration,
    /// One for each thread that serves requests: whoever waits for the answer is woken without a way to another thread.
    shards: Vec<Shard>,
}

/// Connections that one thread takes first.
struct Shard {
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Open>>,
}

/// An open connection.
struct Open {
    wire: Wire,
    since: Instant,
}

/// A connection that belongs to whoever holds this.
pub(super) struct Connection {
    of: Arc<Postgres>,
    shard: usize,
    open: Option<Open>,
    turn: Option<OwnedSemaphorePermit>,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postgres").field("shards", &self.shards.len()).finish_non_exhaustive()
    }
}

impl Postgres {
    /// At most `size` connections, for so many threads, to the server that options name; none is opened yet. What only
    /// `reads` cannot do more.
    ///
    /// # Errors
    /// When certificates that they name cannot be read.
    pub fn new(
        options: &PgConnectOptions,
        (size, threads): (usize, usize),
        reads: bool,
        wait: Duration,
    ) -> std::result::Result<Self, String> {
        let count = threads.clamp(1, size.max(1));
        let shards = (0..count).map(|place| Shard {
            turns: Arc::new(Semaphore::new(size / count + usize::from(place < size % count))),
            idle: Mutex::default(),
        });
        Ok(Self { address: Address::of(options, reads)?, wait, shards: shards.collect() })
    }

    /// A connection, as soon as one is free: of this thread, or else another's that nobody uses.
    pub(super) async fn connection(self: &Arc<Self>) -> Result<Connection> {
        let away = |_| Error::unavailable("no connection became free in time");
        let own = thread() % self.shards.len();
        let at_once = (0..self.shards.len()).find_map(|step| {
            let shard = (own + step) % self.shards.len();
            Arc::clone(&self.shards[shard].turns).try_acquire_owned().ok().map(|turn| (shard, turn))
        });
        let (shard, turn) = if let Some(found) = at_once {
            found
        } else {
            let turn = timeout(self.wait, Arc::clone(&self.shards[own].turns).acquire_owned());
            let closed = |_| Error::unavailable("the connections were closed");
            (own, turn.await.map_err(away)?.map_err(closed)?)
        };
        let mut connection = Connection { of: Arc::clone(self), shard, open: None, turn: Some(turn) };
        let rested = self.shards[shard].rested();
        connection.open = if rested.is_some() {
            rested
        } else {
            let wire = timeout(self.wait, self.address.open()).await.map_err(away)?.map_err(refused)?;
            Some(Open { wire, since: Instant::now() })
        };
        Ok(connection)
    }

    /// Forgets the connections that nobody uses: the server went away, and they with it.
    pub(super) fn forget(&self) {
        for shard in &self.shards {
            shard.idle().clear();
        }
    }

    /// Closes every connection, and opens no other.
    pub fn close(&self) {
        for shard in &self.shards {
            shard.turns.close();
        }
        self.forget();
    }
}

impl Shard {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Open>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that nobody uses for the shortest time.
    fn rested(&self) -> Option<Open> {
        let mut idle = self.idle();
        idle.retain(|open| open.since.elapsed() < LIFE);
        idle.pop()
    }
}

/// The number of this thread among those that read.
fn thread() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static NUMBER: Cell<Option<usize>> = const { Cell::new(None) };
    }
    NUMBER.get().unwrap_or_else(|| {
        let number = THREADS.fetch_add(1, Ordering::Relaxed);
        NUMBER.set(Some(number));
        number
    })
}

/// A server that does not let us in is away for those who ask; why is for the log.
fn refused(fault: Fault) -> Error {
    match fault {
        Fault::Told { code, message } => Error::unavailable(format!("PostgreSQL {code}: {message}")),
        Fault::Odd(what) => Error::unavailable(what),
        Fault::Lost(error) => Error::unavailable(error),
    }
}

impl Connection {
    /// What it talks over.
    ///
    /// # Errors
    /// Never: it is open until it is given back.
    pub(super) fn wire(&mut self) -> std::result::Result<&mut Wire, Fault> {
        self.open.as_mut().map(|open| &mut open.wire).ok_or(Fault::Odd("a connection that was given back"))
    }

    /// Gives the connection back: everything that was asked on it was read.
    pub(super) fn keep(mut self) {
        self.rest();
    }

    fn rest(&mut self) {
        if let Some(mut open) = self.open.take()
            && open.wire.is_roomy()
        {
            self.of.shards[self.shard].idle().push(open);
        }
        self.turn = None;
    }
}

/// What somebody who hung up left behind. Whoever drops this, too, as a runtime that ends does, closes the connection.
struct Left {
    of: Arc<Postgres>,
    shard: usize,
    open: Open,
    turn: Option<OwnedSemaphorePermit>,
}

impl Left {
    /// Reads what nobody waits for any more to its end, if need be by telling the server to break it off, and takes back
    /// what was not ended.
    async fn finish(mut self) {
        let mut read = timeout(LEFT, self.open.wire.finish()).await;
        if read.is_err() {
            let _ = timeout(self.of.wait, self.of.address.cancel(self.open.wire.key())).await;
            // When this does not end either, nobody is there who could be overburdened.
            read = timeout(self.of.wait, self.open.wire.finish()).await;
        }
        if matches!(read, Ok(Ok(()))) {
            Connection { of: self.of, shard: self.shard, open: Some(self.open), turn: self.turn }.keep();
        }
    }
}

impl Drop for Connection {
    /// The turn of somebody who hung up lasts until the server is done with them: or whoever hangs up and comes again
    /// would have ever more connections work for nobody.
    fn drop(&mut self) {
        if let Some(open) = self.open.take()
            && open.wire.is_busy()
            && let Ok(runtime) = Handle::try_current()
        {
            let left = Left { of: Arc::clone(&self.of), shard: self.shard, open, turn: self.turn.take() };
            runtime.spawn(left.finish());
        }
    }
}

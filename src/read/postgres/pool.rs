//! Connections for reads: each belongs to one answer at a time.

use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{Instant, timeout},
};
use tokio_postgres::{CancelToken, Client, Config, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::tls;
use crate::domain::error::{Error, Result};

/// How long a connection is used: whoever balances or restarts servers wants them back now and then.
const LIFE: Duration = Duration::from_mins(30);
/// How many statements a connection keeps prepared.
const STATEMENTS: usize = 500;

/// The server, and the connections to it that nobody uses at the moment.
pub struct Postgres {
    config: Config,
    tls: MakeRustlsConnect,
    wait: Duration,
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Open>>,
}

/// An open connection.
struct Open {
    client: Client,
    statements: HashMap<Box<str>, Statement>,
    since: Instant,
    left: Arc<Left>,
}

/// A connection that belongs to whoever holds this. It is closed when they let go without having read everything.
pub(super) struct Connection<'a> {
    of: &'a Postgres,
    // Let go of before the turn.
    open: Open,
    turn: Turn,
}

/// Whoever has a turn may have a connection.
struct Turn {
    permit: Option<OwnedSemaphorePermit>,
    left: Option<Arc<Left>>,
}

/// What is to be done about a connection with something on it that nobody waits for any more.
struct Left {
    cancel: CancelToken,
    tls: MakeRustlsConnect,
    wait: Duration,
    /// Ends with the connection.
    gone: watch::Receiver<()>,
}

impl std::fmt::Debug for Postgres {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Postgres").field("turns", &self.turns.available_permits()).finish_non_exhaustive()
    }
}

impl Postgres {
    /// At most `size` connections to the server that a URL names; none is opened yet.
    ///
    /// # Errors
    /// When the URL, or the certificates that it names, cannot be read.
    pub fn new(url: &str, size: u32, wait: Duration, options: &str) -> std::result::Result<Self, String> {
        let (mut config, tls) = tls::read(url)?;
        let options = config.get_options().map_or_else(|| options.to_owned(), |own| format!("{own} {options}"));
        config.application_name("cairn").connect_timeout(wait).options(options);
        let turns = Arc::new(Semaphore::new(usize::try_from(size).unwrap_or(1)));
        Ok(Self { config, tls, wait, turns, idle: Mutex::default() })
    }

    /// A connection, as soon as one is free.
    pub(super) async fn connection(&self) -> Result<Connection<'_>> {
        let away = |_| Error::unavailable("no connection became free in time");
        let turn = timeout(self.wait, Arc::clone(&self.turns).acquire_owned()).await.map_err(away)?;
        let turn = turn.map_err(|_| Error::unavailable("the connections were closed"))?;
        let open = match self.rested() {
            Some(open) => open,
            None => timeout(self.wait, self.open()).await.map_err(away)??,
        };
        let turn = Turn { permit: Some(turn), left: Some(Arc::clone(&open.left)) };
        Ok(Connection { of: self, open, turn })
    }

    fn rested(&self) -> Option<Open> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|open| !open.client.is_closed() && open.since.elapsed() < LIFE);
        idle.pop()
    }

    async fn open(&self) -> Result<Open> {
        let (client, connection) = self.config.connect(self.tls.clone()).await?;
        // It ends with the client, and what it has to say of the end is said to whoever asks then.
        let (ends, gone) = watch::channel(());
        tokio::spawn(async move {
            drop(connection.await);
            drop(ends);
        });
        let left = Left { cancel: client.cancel_token(), tls: self.tls.clone(), wait: self.wait, gone };
        Ok(Open { client, statements: HashMap::new(), since: Instant::now(), left: Arc::new(left) })
    }

    /// Closes every connection, and opens no other.
    pub fn close(&self) {
        self.turns.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Connection<'_> {
    pub(super) const fn client(&self) -> &Client {
        &self.open.client
    }

    pub(super) fn known(&self, text: &str) -> Option<Statement> {
        self.open.statements.get(text).cloned()
    }

    pub(super) fn remember(&mut self, text: &str, statement: Statement) {
        // Clients that send ever other selections make the server forget, not run out of memory.
        if self.open.statements.len() >= STATEMENTS {
            self.open.statements.clear();
        }
        self.open.statements.insert(text.into(), statement);
    }

    /// Gives the connection back: everything that was asked on it was read.
    pub(super) fn keep(mut self) {
        self.turn.left = None;
        let mut idle = self.of.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(self.open);
    }
}

impl Drop for Turn {
    /// The turn of somebody who hung up lasts until the server is done with them: or whoever hangs up and comes again
    /// would have ever more connections work for nobody.
    fn drop(&mut self) {
        let (permit, left) = (self.permit.take(), self.left.take().filter(|left| left.gone.has_changed().is_ok()));
        if let (Some(left), Ok(runtime)) = (left, Handle::try_current()) {
            runtime.spawn(async move {
                left.end().await;
                drop(permit);
            });
        }
    }
}

impl Left {
    /// Tells the server not to go on, and waits until the connection is closed.
    async fn end(&self) {
        let mut gone = self.gone.clone();
        let cancelled = timeout(self.wait, self.cancel.cancel_query(self.tls.clone()));
        let closed = timeout(self.wait, gone.changed());
        // When neither comes about, nobody is there who could be overburdened.
        let _ = tokio::join!(cancelled, closed);
    }
}

/// Sends the first, all between and the last in this order, at once, before any answer is awaited: so that they are one
/// transaction in one round trip, and either all of it has been sent or nothing.
pub(super) async fn in_order<A: Future, B: Future, C: Future>(
    first: A,
    between: impl Iterator<Item = B>,
    last: C,
) -> (A::Output, Vec<B::Output>, C::Output) {
    let mut first = pin!(first);
    let mut last = pin!(last);
    let mut between: Vec<Slot<B>> = between.map(|one| Slot::Waiting(Box::pin(one))).collect();
    let (mut begun, mut ended) = (None, None);
    poll_fn(move |cx| {
        if begun.is_none()
            && let Poll::Ready(out) = first.as_mut().poll(cx)
        {
            begun = Some(out);
        }
        let mut all = true;
        for slot in &mut between {
            if let Slot::Waiting(one) = slot {
                match one.as_mut().poll(cx) {
                    Poll::Ready(out) => *slot = Slot::Done(Some(out)),
                    Poll::Pending => all = false,
                }
            }
        }
        if ended.is_none()
            && let Poll::Ready(out) = last.as_mut().poll(cx)
        {
            ended = Some(out);
        }
        match (begun.take(), ended.take()) {
            (Some(first), Some(last)) if all => {
                let between = between.iter_mut().filter_map(|slot| match slot {
                    Slot::Done(out) => out.take(),
                    Slot::Waiting(_) => None,
                });
                Poll::Ready((first, between.collect(), last))
            }
            (first, last) => {
                (begun, ended) = (first, last);
                Poll::Pending
            }
        }
    })
    .await
}

enum Slot<F: Future> {
    Waiting(Pin<Box<F>>),
    Done(Option<F::Output>),
}

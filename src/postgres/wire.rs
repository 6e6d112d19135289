//! One connection: what goes out, and what comes in, in turns.

use std::{
    collections::{HashMap, VecDeque},
    fmt, io,
    pin::Pin,
    sync::Arc,
    task::{Poll, ready},
};

use std::future::poll_fn;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use twox_hash::XxHash3_64;

use super::{
    backend::{self, Column, Fault},
    frontend::{self, Argument},
    whole::Part,
};
use crate::read::{
    rows::Rows,
    sql::{Arg, Sql},
};

/// How many statements a connection keeps prepared.
const STATEMENTS: u32 = 500;
/// How much room for what comes in a connection begins with, and keeps.
const ROOM: usize = 16 << 10;

/// What a connection runs over: a socket, with or without TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// A connection to the server.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    /// What goes out: of it, so much went.
    out: Vec<u8>,
    sent: usize,
    /// Whether the server has not said yet that it is done with what was asked.
    waiting: bool,
    /// Whether a transaction is open.
    open: bool,
    /// Whether it should not be used again.
    spent: bool,
    /// By which the server knows whom to break off.
    key: [u8; 8],
    /// What came in: of it, the part that was not looked at yet.
    room: Vec<u8>,
    seen: usize,
    filled: usize,
    /// What is prepared, by the hash of its text: the texts are long.
    statements: HashMap<u64, Prepared>,
    /// Of these, those that the server did not yet say it has.
    new: VecDeque<u64>,
    /// How many were.
    prepared: u32,
}

/// A statement that a connection knows.
struct Prepared {
    text: Box<str>,
    name: u32,
    /// What its rows consist of, once that was told.
    columns: Option<Arc<[Column]>>,
}

/// What the rows of a statement consist of: known already, or told before the first one.
pub(super) struct Columns {
    /// By what [`Wire::learn`] knows the statement.
    pub(super) hash: u64,
    /// When they were told before.
    pub(super) known: Option<Arc<[Column]>>,
}

/// What comes back of a statement.
pub(super) enum Reply<'a> {
    /// What its rows consist of.
    Columns(&'a [u8]),
    /// A row.
    Row(&'a [u8]),
    /// It is done, and what it did.
    Done(&'a [u8]),
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("prepared", &self.prepared).finish_non_exhaustive()
    }
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        let (out, room) = (Vec::new(), vec![0; ROOM]);
        Self {
            stream,
            out,
            sent: 0,
            waiting: false,
            open: false,
            spent: false,
            key: [0; 8],
            room,
            seen: 0,
            filled: 0,
            statements: HashMap::new(),
            new: VecDeque::new(),
            prepared: 0,
        }
    }

    /// Adds a statement to what goes out next, and prepares it on the way when it is new to this connection. What its
    /// rows consist of is asked for when it is `described`, and was not told before.
    pub(super) fn add<A: Argument>(&mut self, text: &str, args: &[A], described: bool) -> Columns {
        let mut hash = XxHash3_64::oneshot(text.as_bytes());
        // The same text may be meant for other types.
        hash = args.iter().fold(hash, |hash, arg| hash.rotate_left(5) ^ u64::from(arg.oid()));
        let known = self.statements.get(&hash).filter(|known| *known.text == *text);
        let (name, columns) = if let Some(known) = known {
            (known.name, known.columns.clone())
        } else {
            let name = self.prepared;
            frontend::prepare(name, text, args, &mut self.out);
            self.prepared += 1;
            self.new.push_back(hash);
            let columns = if described { None } else { Some(Arc::default()) };
            self.statements.insert(hash, Prepared { text: text.into(), name, columns: columns.clone() });
            (name, columns)
        };
        if described && columns.is_none() {
            frontend::describe(name, &mut self.out);
        }
        frontend::run(name, args, &mut self.out);
        Columns { hash, known: columns.filter(|_| described) }
    }

    /// Sends what was added, and tells `each` of everything that comes back: of which statement, and what. Whoever hears
    /// of a fault that ends more than the transaction closes the connection.
    pub(super) async fn exchange(
        &mut self,
        mut each: impl FnMut(usize, Reply<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        frontend::sync(&mut self.out);
        self.waiting = true;
        self.send_while_reading().await?;
        let (mut place, mut fault) = (0, None);
        loop {
            match self.message().await? {
                (b'D', body) => each(place, Reply::Row(body))?,
                (b'C', body) => {
                    each(place, Reply::Done(body))?;
                    place += 1;
                }
                (b'T', body) => each(place, Reply::Columns(body))?,
                (b'1', _) => drop(self.new.pop_front()),
                // What has no rows, or takes which arguments; bound; and what is said beside the point.
                (b'n' | b't' | b'2' | b'S' | b'N' | b'A', _) => {}
                (b'E', body) => {
                    let told = backend::told(body);
                    // A server that ends says so, and then nothing; or what is prepared here is older than the tables.
                    if told.may_pass() {
                        self.spent = true;
                        return Err(told);
                    }
                    fault = Some(told);
                }
                (b'Z', body) => {
                    self.open = body != b"I";
                    break;
                }
                _ => return Err(Fault::Odd("a message out of turn")),
            }
        }
        self.waiting = false;
        // What came after a fault was not prepared.
        for hash in std::mem::take(&mut self.new) {
            self.statements.remove(&hash);
        }
        fault.map_or(Ok(()), Err)
    }

    /// Notes what the rows of a statement consist of.
    pub(super) fn learn(&mut self, hash: u64, columns: Arc<[Column]>) {
        if let Some(known) = self.statements.get_mut(&hash) {
            known.columns = Some(columns);
        }
    }

    /// Runs the statement of an answer in one round trip.
    pub(super) async fn ask(&mut self, sql: &Sql, parts: &[Part<'_>]) -> Result<Vec<Rows>, Fault> {
        let mut rows: Vec<Rows> = parts.iter().map(|part| Rows::new(part.stores.len())).collect();
        self.add(&sql.text, &sql.args, false);
        self.exchange(|_, reply| match reply {
            Reply::Row(body) => backend::row(body, parts, &mut rows),
            Reply::Columns(_) | Reply::Done(_) => Ok(()),
        })
        .await?;
        Ok(rows)
    }

    /// Goes on where [`Wire::exchange`] was left, to the end of what was asked, and ends the transaction that is open.
    pub(super) async fn finish(&mut self) -> Result<(), Fault> {
        if self.waiting {
            self.send_while_reading().await?;
            loop {
                match self.message().await? {
                    (b'Z', body) => {
                        self.open = body != b"I";
                        break;
                    }
                    (b'E', body) if backend::told(body).may_pass() => self.spent = true,
                    (b'1', _) => drop(self.new.pop_front()),
                    _ => {}
                }
            }
            self.waiting = false;
            for hash in std::mem::take(&mut self.new) {
                self.statements.remove(&hash);
            }
        }
        if self.open {
            self.add::<Arg>("ROLLBACK", &[], false);
            self.exchange(|_, _| Ok(())).await?;
        }
        Ok(())
    }

    /// Whether something was asked that was not answered to the end, or begun that was not ended.
    pub(super) const fn is_busy(&self) -> bool {
        self.waiting || self.open
    }

    /// By which the server knows whom to break off.
    pub(super) const fn key(&self) -> [u8; 8] {
        self.key
    }

    /// Notes the key that the server gave.
    pub(super) const fn know(&mut self, key: [u8; 8]) {
        self.key = key;
    }

    /// Whether the connection is worth keeping: clients that send ever other selections make it forget.
    pub(super) fn is_roomy(&mut self) -> bool {
        let is_read = self.seen == self.filled;
        if is_read && self.room.len() > 4 * ROOM {
            self.room = vec![0; ROOM];
            (self.seen, self.filled) = (0, 0);
        }
        self.out.shrink_to(4 * ROOM);
        !self.spent && self.prepared < STATEMENTS && is_read
    }

    /// Sends everything that was written. A server that is not listened to stops listening: what it says meanwhile is
    /// taken in.
    async fn send_while_reading(&mut self) -> io::Result<()> {
        poll_fn(|cx| {
            while self.sent < self.out.len() {
                match Pin::new(&mut self.stream).poll_write(cx, &self.out[self.sent..]) {
                    Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                    Poll::Ready(Ok(count)) => self.sent += count,
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Pending => {
                        ready!(self.poll_fill(cx))?;
                    }
                }
            }
            Pin::new(&mut self.stream).poll_flush(cx)
        })
        .await?;
        self.out.clear();
        self.sent = 0;
        Ok(())
    }

    /// Takes in some of what came.
    fn poll_fill(&mut self, cx: &mut std::task::Context<'_>) -> Poll<io::Result<()>> {
        if self.seen == self.filled {
            (self.seen, self.filled) = (0, 0);
        }
        if self.filled == self.room.len() {
            self.room.copy_within(self.seen.., 0);
            (self.seen, self.filled) = (0, self.filled - self.seen);
            if self.filled > self.room.len() / 2 {
                self.room.resize(2 * self.room.len(), 0);
            }
        }
        let mut free = ReadBuf::new(&mut self.room[self.filled..]);
        ready!(Pin::new(&mut self.stream).poll_read(cx, &mut free))?;
        let count = free.filled().len();
        if count == 0 {
            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
        }
        self.filled += count;
        Poll::Ready(Ok(()))
    }

    /// The next message: its tag and its body.
    pub(super) async fn message(&mut self) -> Result<(u8, &[u8]), Fault> {
        let taken = loop {
            if let Some((_, _, length)) = backend::message(&self.room[self.seen..self.filled])? {
                break length;
            }
            poll_fn(|cx| self.poll_fill(cx)).await?;
        };
        let start = self.seen;
        self.seen += taken;
        Ok((self.room[start], &self.room[start + 5..start + taken]))
    }

    /// Sends what `write` writes.
    pub(super) async fn send(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), Fault> {
        write(&mut self.out);
        Ok(self.send_while_reading().await?)
    }
}

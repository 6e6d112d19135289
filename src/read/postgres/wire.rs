//! One connection: what goes out, and what comes in, in turns.

use std::{
    collections::HashMap,
    fmt, io,
    pin::Pin,
    task::{Poll, ready},
};

use std::future::poll_fn;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use twox_hash::XxHash3_64;

use super::{
    backend::{self, Fault},
    frontend,
    whole::Part,
};
use crate::read::{rows::Rows, sql::Sql};

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
    /// By which the server knows whom to break off.
    key: [u8; 8],
    /// What came in: of it, the part that was not looked at yet.
    room: Vec<u8>,
    seen: usize,
    filled: usize,
    /// What is prepared, by the hash of its text: the texts are long.
    statements: HashMap<u64, (Box<str>, u32)>,
    /// How many were.
    prepared: u32,
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
            key: [0; 8],
            room,
            seen: 0,
            filled: 0,
            statements: HashMap::new(),
            prepared: 0,
        }
    }

    /// Runs the statement of an answer in one round trip, and prepares it on the way when it is new to this connection.
    /// Whoever hears of a fault closes it.
    pub(super) async fn ask(&mut self, sql: &Sql, parts: &[Part<'_>]) -> Result<Vec<Rows>, Fault> {
        let hash = XxHash3_64::oneshot(sql.text.as_bytes());
        let known = self.statements.get(&hash).filter(|(text, _)| **text == *sql.text);
        let name = known.map_or(self.prepared, |(_, name)| *name);
        if name == self.prepared {
            frontend::prepare(name, sql, &mut self.out);
            // Known from now on: if it is refused, this connection is closed.
            self.statements.insert(hash, (sql.text.as_str().into(), name));
            self.prepared += 1;
        }
        frontend::run(name, sql, &mut self.out);
        frontend::sync(&mut self.out);
        self.waiting = true;
        self.send_while_reading().await?;
        self.answer(parts).await
    }

    async fn answer(&mut self, parts: &[Part<'_>]) -> Result<Vec<Rows>, Fault> {
        let mut rows: Vec<Rows> = parts.iter().map(|part| Rows::new(part.stores.len())).collect();
        let mut fault = None;
        loop {
            match self.message().await? {
                (b'D', body) => backend::row(body, parts, &mut rows)?,
                // Parsed, bound, done, and what is said beside the point.
                (b'1' | b'2' | b'C' | b'S' | b'N' | b'A', _) => {}
                (b'E', body) => {
                    let told = backend::told(body);
                    // A server that ends says so, and then nothing.
                    if told.may_pass() {
                        return Err(told);
                    }
                    fault = Some(told);
                }
                (b'Z', _) => break,
                _ => return Err(Fault::Odd("a message out of turn")),
            }
        }
        self.waiting = false;
        fault.map_or(Ok(rows), Err)
    }

    /// Goes on where [`Wire::ask`] was left, to the end of what was asked.
    pub(super) async fn finish(&mut self) -> Result<(), Fault> {
        self.send_while_reading().await?;
        loop {
            match self.message().await? {
                (b'E', body) => return Err(backend::told(body)),
                (b'Z', _) => break,
                _ => {}
            }
        }
        self.waiting = false;
        Ok(())
    }

    /// Whether something was asked that was not answered to the end.
    pub(super) const fn is_waiting(&self) -> bool {
        self.waiting
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
        if self.room.len() > 4 * ROOM {
            self.room = vec![0; ROOM];
        }
        self.out.shrink_to(4 * ROOM);
        self.prepared < STATEMENTS && self.seen == self.filled
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

//! One connection: what goes out, and what comes in, in turns.

use std::{
    collections::HashMap,
    fmt, io,
    pin::Pin,
    task::{Poll, ready},
};

use std::future::poll_fn;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    backend::{self, Fault},
    frontend,
};
use crate::read::{cell::Store, rows::Rows, sql::Sql};

/// How many statements a connection keeps prepared.
const STATEMENTS: usize = 500;
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
    statements: HashMap<Box<str>, u32>,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").field("statements", &self.statements.len()).finish_non_exhaustive()
    }
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        let (out, room) = (Vec::new(), vec![0; ROOM]);
        Self { stream, out, sent: 0, waiting: false, key: [0; 8], room, seen: 0, filled: 0, statements: HashMap::new() }
    }

    /// Runs statements in one transaction, which is one snapshot, and in one round trip: those that are new to this
    /// connection are prepared on the way. Whoever hears of a fault closes it.
    pub(super) async fn ask(&mut self, asked: &[(&Sql, &[Store])]) -> Result<Vec<Rows>, Fault> {
        let mut fresh = Vec::new();
        for (place, (sql, _)) in asked.iter().enumerate() {
            let name = if let Some(name) = self.statements.get(sql.text.as_str()) {
                *name
            } else {
                let name = u32::try_from(self.statements.len()).unwrap_or(u32::MAX);
                frontend::prepare(name, sql, &mut self.out);
                // Known from now on: if it is refused, this connection is closed.
                self.statements.insert(sql.text.as_str().into(), name);
                fresh.push(place);
                name
            };
            frontend::run(name, sql, &mut self.out);
        }
        frontend::sync(&mut self.out);
        self.waiting = true;
        self.send_while_reading().await?;
        self.answers(asked, &fresh).await
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

    async fn answers(&mut self, asked: &[(&Sql, &[Store])], fresh: &[usize]) -> Result<Vec<Rows>, Fault> {
        let mut answers: Vec<Rows> = asked.iter().map(|(_, stores)| Rows::new(stores.len())).collect();
        let (mut place, mut described, mut fault) = (0, fresh.iter(), None);
        loop {
            let (tag, body) = self.message().await?;
            let read = match (tag, asked.get(place)) {
                (b'D', Some((_, stores))) => backend::row(body, stores, &mut answers[place]),
                (b'T', _) => match described.next().and_then(|place| asked.get(*place)) {
                    Some((_, stores)) => backend::described(body, stores),
                    None => Err(Fault::Odd("columns that nobody asked about")),
                },
                (b'C' | b'I', _) => {
                    place += 1;
                    Ok(())
                }
                // Parsed, bound, the types of arguments, and what is said beside the point.
                (b'1' | b'2' | b't' | b'S' | b'N' | b'A', _) => Ok(()),
                (b'E', _) => Err(backend::told(body)),
                (b'Z', _) => break,
                _ => Err(Fault::Odd("a message out of turn")),
            };
            if let Err(error) = read {
                // A server that ends says so, and then nothing: the first fault is the one that tells.
                if error.may_pass() || matches!(error, Fault::Odd(_)) {
                    return Err(error);
                }
                fault.get_or_insert(error);
            }
        }
        self.waiting = false;
        match fault {
            Some(fault) => Err(fault),
            None if place == asked.len() => Ok(answers),
            None => Err(Fault::Odd("fewer answers than questions")),
        }
    }

    /// Whether the connection is worth keeping: clients that send ever other selections make it forget.
    pub(super) fn is_roomy(&mut self) -> bool {
        if self.room.len() > 4 * ROOM {
            self.room = vec![0; ROOM];
        }
        self.out.shrink_to(4 * ROOM);
        self.statements.len() < STATEMENTS && self.seen == self.filled
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

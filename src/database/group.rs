//! Group commit on SQLite: units of work that come at the same time share one transaction, and so one fsync.
//!
//! One unit at a time has the turn, in the order in which they came. Whoever has it and finds no transaction open opens
//! one. Whoever has done its work while others wait leaves the transaction open, hands the turn on, and waits for the
//! commit with all who did so before: nobody is told anything before that. Whoever finds nobody waiting commits for all.
//! Each unit but the first works behind a savepoint of its own, and falls back to that alone.
//!
//! A unit that nobody waits for begins, works and commits by itself, without any of this.

use std::{
    collections::VecDeque,
    future::Future,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbErr, RuntimeErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait as _,
};
use tokio::{runtime::Handle, sync::oneshot, time::timeout};

use super::{ACQUIRE, COMMITS};
use crate::domain::error::{Error, Result};

/// How many units share a commit at most.
const UNITS: u32 = 32;
/// How long whoever has done its work lets others begin before the commit.
const DELAY: Duration = Duration::from_millis(4);

/// The one writer of a SQLite file, and those who wait for it.
#[derive(Debug, Clone)]
pub(super) struct Group(Arc<Writer>);

#[derive(Debug)]
struct Writer {
    connection: DatabaseConnection,
    line: Mutex<Line>,
    /// Where the end of a group is carried out when those who brought it about may go away.
    runtime: Handle,
}

#[derive(Debug, Default)]
struct Line {
    /// Whether somebody has the turn.
    taken: bool,
    /// Those who wait for it.
    waiting: VecDeque<Waiting>,
    /// Those who have worked in the open transaction, or seen what others did there, and wait for its commit.
    told: Vec<oneshot::Sender<Result<()>>>,
}

#[derive(Debug)]
struct Waiting {
    turn: oneshot::Sender<Turn>,
    apart: bool,
}

/// The right to write, and the transaction to do it in. Let go of without [`Turn::commit`], nothing of this unit has
/// happened, and the others of its group go on.
#[derive(Debug)]
pub(super) struct Turn {
    /// Until it is handed on.
    writer: Option<Arc<Writer>>,
    open: Option<Open>,
}

/// A transaction that is open.
#[derive(Debug)]
struct Open {
    transaction: DatabaseTransaction,
    /// The place of the unit in it; the first needs no savepoint.
    place: u32,
    /// Whether it was said what came of its savepoint.
    entered: bool,
    /// Whether an error was seen that may have ended the whole transaction.
    broken: AtomicBool,
    /// Since when somebody waits for the commit.
    since: Option<Instant>,
}

impl Group {
    /// Of the file's one connection that writes.
    pub(super) fn new(connection: DatabaseConnection) -> Self {
        Self(Arc::new(Writer { connection, line: Mutex::default(), runtime: Handle::current() }))
    }

    /// The turn, and a transaction: `apart` from those who have done their work and would have to wait for this one.
    pub(super) async fn begin(&self, apart: bool) -> Result<Turn> {
        let mut turn = self.turn(apart).await?;
        match &mut turn.open {
            Some(open) => open.enter().await?,
            none => {
                let mode = Some(SqliteTransactionMode::Immediate);
                let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
                *none = Some(Open::new(self.0.connection.begin_with_options(options).await?));
            }
        }
        Ok(turn)
    }

    async fn turn(&self, apart: bool) -> Result<Turn> {
        let wait = {
            let mut line = self.0.line();
            if !line.taken {
                line.taken = true;
                return Ok(Turn::bare(&self.0));
            }
            let (turn, wait) = oneshot::channel();
            line.waiting.push_back(Waiting { turn, apart });
            wait
        };
        match timeout(ACQUIRE, wait).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(Error::unavailable("it was nobody's turn to write in time")),
        }
    }

    /// Waits until what can be seen by a unit of work is committed.
    pub(super) async fn settled(&self) -> Result<()> {
        let outcome = {
            let mut line = self.0.line();
            if line.told.is_empty() {
                return Ok(());
            }
            line.wait_for_commit()
        };
        heard(outcome).await
    }
}

impl Line {
    fn wait_for_commit(&mut self) -> oneshot::Receiver<Result<()>> {
        let (tell, outcome) = oneshot::channel();
        self.told.push(tell);
        outcome
    }

    /// Who is next, leaving out those who went away.
    fn next(&mut self) -> Option<&Waiting> {
        while self.waiting.front().is_some_and(|next| next.turn.is_closed()) {
            self.waiting.pop_front();
        }
        self.waiting.front()
    }
}

impl Writer {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells everybody who waits for the commit how it ended.
    fn tell(&self, outcome: &Result<()>) {
        let told = std::mem::take(&mut self.line().told);
        for one in told {
            // Who went away need not know.
            let _ = one.send(outcome.clone());
        }
    }

    /// Hands the turn to who is next. An open transaction comes back when nobody takes it.
    fn hand_on(self: &Arc<Self>, mut open: Option<Open>) -> Option<Open> {
        loop {
            let next = {
                let mut line = self.line();
                match line.next() {
                    Some(next) if next.apart && open.is_some() => return open,
                    None if open.is_some() => return open,
                    None => line.taken = false,
                    Some(_) => {}
                }
                line.waiting.pop_front()?
            };
            let turn = Turn { writer: Some(Arc::clone(self)), open: open.take() };
            match next.turn.send(turn) {
                Ok(()) => return None,
                // They went away at this very moment.
                Err(mut turn) => (turn.writer, open) = (None, turn.open.take()),
            }
        }
    }
}

impl Open {
    const fn new(transaction: DatabaseTransaction) -> Self {
        Self { transaction, place: 0, entered: true, broken: AtomicBool::new(false), since: None }
    }

    async fn enter(&mut self) -> Result<()> {
        let made = self.transaction.execute_unprepared(&format!("SAVEPOINT unit_{}", self.place)).await;
        self.entered = true;
        Ok(made.map(|_| ())?)
    }

    /// Falls back to where the unit began, for the next one. An error has ended the transaction.
    async fn back(self) -> Result<Self> {
        let undone = self.transaction.execute_unprepared(&format!("ROLLBACK TO unit_{}", self.place)).await;
        // A unit that went away before its savepoint was there has done nothing.
        if self.entered {
            undone?;
        }
        Ok(self.next())
    }

    fn next(self) -> Self {
        Self { place: self.place + 1, entered: false, broken: AtomicBool::new(false), ..self }
    }

    fn is_full(&self) -> bool {
        self.place + 1 >= UNITS || self.since.is_some_and(|since| since.elapsed() >= DELAY)
    }

    async fn commit(self) -> Result<()> {
        COMMITS.fetch_add(1, Ordering::Relaxed);
        self.transaction.commit().await.map_err(Error::unavailable)
    }
}

impl Turn {
    /// Where to send the statements of the unit.
    pub(super) fn transaction(&self) -> std::result::Result<&DatabaseTransaction, DbErr> {
        match &self.open {
            Some(open) if !open.broken.load(Ordering::Relaxed) => Ok(&open.transaction),
            _ => Err(DbErr::Conn(RuntimeErr::Internal("the transaction is over".to_owned()))),
        }
    }

    /// Looks at what came of a statement. SQLite may end the whole transaction when it runs out of disk or memory: what
    /// the unit did after that would be committed at once, each statement by itself.
    pub(super) fn seen<T>(&self, outcome: std::result::Result<T, DbErr>) -> std::result::Result<T, DbErr> {
        if let (Err(error), Some(open)) = (&outcome, &self.open)
            && may_end(error)
        {
            open.broken.store(true, Ordering::Relaxed);
        }
        outcome
    }

    /// Ends the unit: what it did is there, together with what others of its group did, or an error says that nothing of
    /// it is.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.transaction()?;
        match self.leave()? {
            Left::Alone(open) => open.commit().await,
            Left::Group(outcome) => heard(outcome).await,
        }
    }

    /// Lets others begin, or lets the group end when nobody may.
    fn leave(&mut self) -> Result<Left> {
        let (Some(writer), Some(mut open)) = (&self.writer, self.open.take()) else {
            return Err(Error::internal("there is no transaction to leave"));
        };
        let (company, outcome) = {
            let mut line = writer.line();
            let company = !open.is_full() && line.next().is_some_and(|next| !next.apart);
            if !company && line.told.is_empty() {
                return Ok(Left::Alone(open));
            }
            (company, line.wait_for_commit())
        };
        open.since.get_or_insert_with(Instant::now);
        if let Some(writer) = self.writer.take() {
            let rest = if company { writer.hand_on(Some(open.next())) } else { Some(open) };
            if let Some(open) = rest {
                Self::bare(&writer).in_any_case(|turn| turn.end(open));
            }
        }
        Ok(Left::Group(outcome))
    }

    /// The turn alone.
    fn bare(writer: &Arc<Writer>) -> Self {
        Self { writer: Some(Arc::clone(writer)), open: None }
    }

    /// Does something that others wait for, whoever goes away.
    fn in_any_case<F: Future<Output = ()> + Send + 'static>(self, what: impl FnOnce(Self) -> F) {
        let Some(runtime) = self.writer.as_ref().map(|writer| writer.runtime.clone()) else { return };
        drop(runtime.spawn(what(self)));
    }

    /// Commits for everybody in the group, tells them, and lets others begin. Dropped half-way, it fails all of them.
    async fn end(self, open: Open) {
        let outcome = open.commit().await;
        if let Some(writer) = &self.writer {
            writer.tell(&outcome);
        }
    }

    /// Takes back what the unit did that had the turn, and goes on with the group. Dropped half-way, it fails the group.
    async fn undo(mut self, open: Open) {
        let Ok(open) = open.back().await else { return };
        let Some(writer) = self.writer.take() else { return };
        // Those who have done their work do not wait for all that are refused.
        let rest = if open.is_full() { Some(open) } else { writer.hand_on(Some(open)) };
        if let Some(open) = rest {
            Self::bare(&writer).end(open).await;
        }
    }
}

/// How a unit left that did what it should.
enum Left {
    /// Nobody else has to do with it: the commit is its own to carry out.
    Alone(Open),
    /// Others have: the commit is carried out whatever becomes of the unit.
    Group(oneshot::Receiver<Result<()>>),
}

impl Drop for Turn {
    fn drop(&mut self) {
        let Some(writer) = self.writer.take() else { return };
        match self.open.take() {
            // Others worked in this transaction.
            Some(open) if open.place > 0 => Self::bare(&writer).in_any_case(|turn| turn.undo(open)),
            open => {
                // It rolls back; and who still waits for it waits in vain.
                drop(open);
                let left = std::mem::take(&mut writer.line().told);
                drop(left);
                writer.hand_on(None);
            }
        }
    }
}

async fn heard(outcome: oneshot::Receiver<Result<()>>) -> Result<()> {
    outcome.await.unwrap_or_else(|_| Err(Error::unavailable("a group was not committed")))
}

/// Whether SQLite may have ended the transaction with this error: out of memory, interrupted, input or output failed, out
/// of disk, or the connection is gone.
fn may_end(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) = error else {
        return matches!(error, DbErr::Conn(_));
    };
    let Some(told) = inner.as_database_error() else { return true };
    let code = told.code().and_then(|code| code.parse::<u32>().ok());
    // The lowest byte says what; above it stands where.
    code.is_none_or(|code| matches!(code & 0xff, 7 | 9 | 10 | 13))
}

//! A transaction: it begins with its first statement, on the same way to the server, and may end with its last.

use std::{fmt, sync::Arc, time::Instant};

use sea_orm::{
    DbErr, RuntimeErr, Statement, Value, metric,
    sqlx::{self, error::ErrorKind},
};
use tokio::sync::Mutex;

use super::{
    backend::{self, Column, Fault, Reader},
    pool::{Connection, Postgres},
    result::{Answer, Row},
    value::value,
    wire::{Reply, Wire},
};
use crate::{domain::error::Error, read::sql::Arg};

/// How often a transaction is begun on another connection when the one that it was to begin on is lost.
const TRIES: u32 = 3;

/// Who is told of every statement.
pub type Tell = Arc<dyn Fn(&metric::Info<'_>) + Send + Sync>;

/// A transaction. Dropped without [`Transaction::commit`], nothing of it has happened.
pub struct Transaction {
    of: Arc<Postgres>,
    kind: Kind,
    tell: Tell,
    state: Mutex<State>,
}

/// What a transaction may do.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Change something.
    Write,
    /// Look at one moment.
    Look,
}

enum State {
    New,
    Open(Box<Connection>),
    Over,
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Transaction {
    /// Not begun yet.
    #[must_use]
    pub fn new(of: &Arc<Postgres>, kind: Kind, tell: &Tell) -> Self {
        Self { of: Arc::clone(of), kind, tell: Arc::clone(tell), state: Mutex::new(State::New) }
    }

    /// Runs a statement.
    ///
    /// # Errors
    /// What the server says, or that it is lost.
    pub async fn run(&self, statement: &Statement) -> Result<Answer, DbErr> {
        self.told(statement, false).await
    }

    /// Runs the last statement, and commits: when it fails, nothing has happened.
    ///
    /// # Errors
    /// What the server says, or that it is lost.
    pub async fn run_and_commit(self, statement: &Statement) -> Result<Answer, DbErr> {
        self.told(statement, true).await
    }

    /// Ends it: when this returns, what it did is there to stay.
    ///
    /// # Errors
    /// What the server says, or that it is lost.
    pub async fn commit(self) -> Result<(), DbErr> {
        match self.state.into_inner() {
            // Nothing was done.
            State::New => Ok(()),
            State::Open(mut connection) => {
                connection.wire().map_err(refused)?.commit().await.map_err(refused)?;
                connection.keep();
                Ok(())
            }
            State::Over => Err(over()),
        }
    }

    async fn told(&self, statement: &Statement, last: bool) -> Result<Answer, DbErr> {
        let began = Instant::now();
        let outcome = self.send(statement, last).await;
        let info = metric::Info { elapsed: began.elapsed(), statement, failed: outcome.is_err() };
        (self.tell)(&info);
        outcome
    }

    async fn send(&self, statement: &Statement, last: bool) -> Result<Answer, DbErr> {
        let mut state = self.state.lock().await;
        let mut tries = TRIES;
        loop {
            tries -= 1;
            // Whoever goes away half-way leaves it over.
            let (begin, mut connection) = match std::mem::replace(&mut *state, State::Over) {
                State::New => (Some(self.begin()), Box::new(self.of.connection().await.map_err(away)?)),
                State::Open(connection) => (None, connection),
                State::Over => return Err(over()),
            };
            let fault = match connection.wire().map_err(refused)?.step(begin, statement, last).await {
                Ok(answer) if last => {
                    connection.keep();
                    return Ok(answer);
                }
                Ok(answer) => {
                    *state = State::Open(connection);
                    return Ok(answer);
                }
                Err(fault) => fault,
            };
            // A connection that died while nobody used it says nothing about the server; nor do those like it.
            if begin.is_some() && !last && fault.may_pass() && tries > 0 {
                self.of.forget();
                *state = State::New;
                continue;
            }
            if matches!(fault, Fault::Told { .. }) && !fault.may_pass() {
                // It goes on, to hear the same of everything else.
                *state = State::Open(connection);
            }
            return Err(refused(fault));
        }
    }

    const fn begin(&self) -> &'static str {
        match self.kind {
            Kind::Write => "BEGIN",
            Kind::Look => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }
}

impl Wire {
    /// Runs one statement, after what begins its transaction, and before what ends it.
    async fn step(&mut self, begin: Option<&str>, statement: &Statement, last: bool) -> Result<Answer, Fault> {
        let ours = usize::from(begin.is_some());
        if let Some(begin) = begin {
            self.add::<Arg>(begin, &[], false);
        }
        let args: &[Value] = statement.values.as_ref().map_or(&[], |values| &values.0);
        let columns = self.add(&statement.sql, args, true);
        if last {
            self.add::<Arg>("COMMIT", &[], false);
        }
        let (hash, mut known, mut new, mut answer) = (columns.hash, columns.known, false, Answer::default());
        let outcome = self
            .exchange(|place, reply| {
                match reply {
                    Reply::Columns(body) => (known, new) = (Some(backend::columns(body)?), true),
                    Reply::Row(body) => answer.rows.push(row(body, known.as_deref().unwrap_or_default())?),
                    Reply::Done(body) if place == ours => answer.affected = backend::affected(body),
                    Reply::Done(_) => {}
                }
                Ok(())
            })
            .await;
        if new && let Some(columns) = known {
            self.learn(hash, columns);
        }
        outcome.map(|()| answer)
    }

    async fn commit(&mut self) -> Result<(), Fault> {
        self.add::<Arg>("COMMIT", &[], false);
        let mut done = false;
        self.exchange(|_, reply| {
            done = matches!(reply, Reply::Done(b"COMMIT\0"));
            Ok(())
        })
        .await?;
        // After an error, the server takes it for a rollback.
        if done { Ok(()) } else { Err(Fault::Odd("a transaction that failed was to be committed")) }
    }
}

/// A row, by the names of its columns.
fn row(body: &[u8], columns: &[Column]) -> Result<Row, Fault> {
    let mut at = Reader(body);
    if usize::from(at.u16()?) != columns.len() {
        return Err(Fault::Odd("a row with other columns than told"));
    }
    columns.iter().map(|column| Ok((column.name.clone(), value(column.oid, at.value()?)?))).collect()
}

/// A fault as sea-orm tells it.
fn refused(fault: Fault) -> DbErr {
    let error = match fault {
        Fault::Lost(error) => sqlx::Error::Io(error),
        Fault::Told { code, message } => sqlx::Error::Database(Box::new(Told { code, message })),
        Fault::Odd(what) => return DbErr::Query(RuntimeErr::Internal(what.to_owned())),
    };
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

fn away(error: Error) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(error.to_string()))
}

fn over() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the transaction is over".to_owned()))
}

/// What the server says.
#[derive(Debug)]
struct Told {
    code: String,
    message: String,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL {}: {}", self.code, self.message)
    }
}

impl std::error::Error for Told {}

impl sqlx::error::DatabaseError for Told {
    fn message(&self) -> &str {
        &self.message
    }

    fn code(&self) -> Option<std::borrow::Cow<'_, str>> {
        Some(self.code.as_str().into())
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        match self.code.as_str() {
            "23505" => ErrorKind::UniqueViolation,
            "23503" => ErrorKind::ForeignKeyViolation,
            "23502" => ErrorKind::NotNullViolation,
            "23514" => ErrorKind::CheckViolation,
            _ => ErrorKind::Other,
        }
    }
}

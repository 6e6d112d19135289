//! Opening either database: pools, their limits, and migrating under a lock.

mod group;
mod statistics;
mod unit;

use std::{
    str::FromStr as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use migration::{Migrator, MigratorTrait as _};
use sea_orm::{
    DatabaseConnection, DbErr, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, TransactionOptions,
    TransactionTrait as _, metric,
    sqlx::{
        self, ConnectOptions as _, Connection as _,
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
    },
};

use group::Group;
pub use unit::Unit;

use crate::{
    config::Config,
    domain::{
        caller::Recalled,
        error::{Error, Result},
    },
    postgres::{self, Postgres, Tell, Transaction},
    read::{
        cell::{Cell, Store},
        compile::Level,
        rows::{LevelRows, STATEMENTS},
        sql::{Dialect, Sql},
        sqlite::{Limits, Sqlite},
    },
};

/// How long a request waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(3);
/// What every session on PostgreSQL is told: above all, how long one statement may take.
const SESSION: [(&str, &str); 3] =
    [("statement_timeout", "5s"), ("idle_in_transaction_session_timeout", "30s"), ("TimeZone", "UTC")];
/// How long SQLite waits for another process's lock.
const BUSY: Duration = Duration::from_secs(5);
/// How long one statement of a read may take on SQLite, as `statement_timeout` says to PostgreSQL.
const STATEMENT: Duration = Duration::from_secs(5);
/// How long a thread that serves requests reads from SQLite by itself: an object by its id takes a hundredth of it.
const HERE: Duration = Duration::from_millis(2);

/// The database of an instance: one pool to write, one to read.
#[derive(Debug, Clone)]
pub struct Database {
    /// For what is written outside of units of work, each statement by itself, and for what must be read as it is now.
    /// On SQLite it is one connection, which the units use too: whoever works in one must not wait for it.
    pub write: DatabaseConnection,
    /// For everything that only looks. What was committed is seen here.
    pub read: DatabaseConnection,
    readers: Readers,
    doors: Doors,
}

/// The doors of units of work and of looks.
#[derive(Debug, Clone)]
enum Doors {
    Sqlite { work: Group, look: DatabaseConnection },
    Postgres { work: Door, look: Door },
}

#[derive(Debug, Clone)]
enum Readers {
    Sqlite(sqlx::SqlitePool, Arc<Sqlite>),
    Postgres(sqlx::PgPool, Arc<Postgres>),
}

/// On PostgreSQL, connections for transactions, and who is told of the statements.
#[derive(Clone)]
struct Door(Arc<Postgres>, Tell);

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Door").field(&self.0).finish_non_exhaustive()
    }
}

impl Database {
    /// Opens the database that the settings name. PostgreSQL may still be away: connections are made when needed.
    ///
    /// # Errors
    /// When the address cannot be read, or the file cannot be opened.
    pub async fn open(config: &Config) -> std::result::Result<Self, DbErr> {
        if config.is_postgres() { open_postgres(config) } else { open_sqlite(config).await }
    }

    /// Which database it is.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        match self.readers {
            Readers::Sqlite(..) => Dialect::Sqlite,
            Readers::Postgres(..) => Dialect::Postgres,
        }
    }

    /// How a unit of work begins: on SQLite with the write lock, or two writers could fail half-way.
    #[must_use]
    pub fn write_options(&self) -> TransactionOptions {
        let mode = (self.dialect() == Dialect::Sqlite).then_some(SqliteTransactionMode::Immediate);
        TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() }
    }

    /// Begins a unit of work. On SQLite those that come at the same time share a commit, except a `long` one, which does
    /// not let others wait that were ready before it.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn begin(&self, long: bool) -> Result<Unit> {
        match &self.doors {
            Doors::Sqlite { work, .. } => Ok(work.begin(long).await?.into()),
            Doors::Postgres { work: Door(connections, tell), .. } => {
                Ok(Transaction::new(connections, postgres::Kind::Write, tell).into())
            }
        }
    }

    /// Begins a look: everything in it is of one moment.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn look(&self) -> Result<Unit> {
        match &self.doors {
            Doors::Sqlite { look, .. } => Ok(look.begin().await?.into()),
            Doors::Postgres { look: Door(connections, tell), .. } => {
                Ok(Transaction::new(connections, postgres::Kind::Look, tell).into())
            }
        }
    }

    /// Tells of every statement that sea-orm sends, in place of counting them.
    pub fn watch(&mut self, tell: impl Fn(&metric::Info<'_>) + Clone + Send + Sync + 'static) {
        for connection in [&mut self.write, &mut self.read] {
            connection.set_metric_callback(tell.clone());
        }
        match &mut self.doors {
            Doors::Sqlite { work, look } => {
                *work = Group::new(self.write.clone());
                look.set_metric_callback(tell);
            }
            Doors::Postgres { work, look } => {
                let tell: Tell = Arc::new(tell);
                (work.1, look.1) = (Arc::clone(&tell), tell);
            }
        }
    }

    /// Waits until everything that a unit of work may have seen is committed: on SQLite it sees what others of its group
    /// did. Whoever says what came of one, without [`Unit::commit`], waits for this before.
    ///
    /// # Errors
    /// `UNAVAILABLE` when it was not committed.
    pub async fn settled(&self) -> Result<()> {
        match &self.doors {
            Doors::Sqlite { work, .. } => work.settled().await,
            Doors::Postgres { .. } => Ok(()),
        }
    }

    /// Reads the levels of one answer in one snapshot: the one door to both back ends.
    ///
    /// # Errors
    /// `UNAVAILABLE`; [`Error::stale`] when the caller was recalled, and does not stand so in this snapshot.
    pub async fn levels(&self, levels: &[Level], recalled: Option<&Recalled>) -> Result<Vec<LevelRows>> {
        match &self.readers {
            Readers::Sqlite(_, sqlite) => sqlite.read(levels, recalled).await,
            Readers::Postgres(_, postgres) => postgres.read(levels, recalled).await,
        }
    }

    /// Reads the one row of a statement of our own, or none.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn row<const N: usize>(&self, sql: &Sql, stores: &[Store; N]) -> Result<Option<[Cell; N]>> {
        let rows = match &self.readers {
            Readers::Sqlite(_, sqlite) => sqlite.ask_one(sql, stores).await?,
            Readers::Postgres(_, postgres) => postgres.ask_one(sql, stores).await?,
        };
        Ok(rows.iter().next().and_then(|row| row.values().map(Cell::from).collect::<Vec<_>>().try_into().ok()))
    }

    /// Whether the database answers, and knows every migration.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn is_ready(&self) -> Result<bool> {
        let pending = Migrator::get_pending_migrations_read_only(&self.read).await?;
        Ok(pending.is_empty())
    }

    /// Brings the schema up to date. Instances that start together take turns.
    ///
    /// # Errors
    /// When the database is away for longer than the tries last, or a migration fails.
    pub async fn migrate(&self) -> std::result::Result<(), Error> {
        let mut tries = 0;
        loop {
            match self.try_migrate().await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) if tries >= 60 => return Err(error),
                Err(error) if error.code() != crate::domain::error::Code::Unavailable => return Err(error),
                Err(_) => {}
            }
            tries += 1;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// One try: whether it was this instance's turn.
    async fn try_migrate(&self) -> Result<bool> {
        let Readers::Postgres(readers, _) = &self.readers else {
            Migrator::up(&self.write, None).await?;
            statistics::tell(&self.write).await?;
            return Ok(true);
        };
        // A large table takes longer to change than a request may take.
        let options = readers.connect_options().as_ref().clone().options([("statement_timeout", "0")]);
        let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(ACQUIRE).connect_lazy_with(options);
        // A session lock, on one connection that holds it until the end; the migrator takes the other.
        let mut holder = pool.acquire().await?;
        let mine: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(4773412061)").fetch_one(&mut *holder).await?;
        if !mine {
            return Ok(false);
        }
        let done = Migrator::up(&SqlxPostgresConnector::from_sqlx_postgres_pool(pool.clone()), None).await;
        sqlx::query("SELECT pg_advisory_unlock(4773412061)").execute(&mut *holder).await?;
        drop(holder);
        pool.close().await;
        done?;
        Ok(true)
    }

    /// Closes every connection. The writer is the last: on SQLite, it leaves one file that holds everything.
    pub async fn close(&self) {
        match &self.readers {
            Readers::Sqlite(pool, sqlite) => {
                sqlite.close().await;
                pool.close().await;
            }
            Readers::Postgres(pool, postgres) => {
                postgres.close();
                pool.close().await;
            }
        }
        if let Doors::Postgres { work, look } = &self.doors {
            work.0.close();
            look.0.close();
        }
        let _ = self.write.clone().close().await;
    }
}

async fn open_sqlite(config: &Config) -> std::result::Result<Database, DbErr> {
    let failed = |error: sqlx::Error| DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()));
    let options = SqliteConnectOptions::from_str(&config.database_url)
        .map_err(failed)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .disable_statement_logging();
    only_for_us(&options).map_err(|error| failed(error.into()))?;
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        // SQLite ends a transaction by itself when the disk is full: sqlx would take it for open for ever.
        .before_acquire(|connection, _| {
            let fine = !connection.is_in_transaction();
            Box::pin(async move { Ok(fine) })
        });
    let writer = writer.connect_with(options.clone()).await.map_err(failed)?;
    let readers =
        SqlitePoolOptions::new().max_connections(config.db_pool).acquire_timeout(ACQUIRE).test_before_acquire(false);
    let limits = Limits { wait: ACQUIRE, busy: BUSY, statement: STATEMENT, here: HERE };
    let sqlite = Sqlite::new(options.get_filename(), &config.database_url, config.db_pool, limits);
    let readers = readers.connect_lazy_with(options.read_only(true).create_if_missing(false));
    let write = SqlxSqliteConnector::from_sqlx_sqlite_pool(writer);
    let read = SqlxSqliteConnector::from_sqlx_sqlite_pool(readers.clone());
    let write = counted(write, &STEPS);
    Ok(Database {
        doors: Doors::Sqlite { work: Group::new(write.clone()), look: counted(read.clone(), &STATEMENTS) },
        write,
        read,
        readers: Readers::Sqlite(readers, Arc::new(sqlite)),
    })
}

/// Makes the file readable by its owner alone: it holds what people keep to themselves. What SQLite adds beside it
/// takes the same mode.
fn only_for_us(options: &SqliteConnectOptions) -> std::io::Result<()> {
    let mut new = std::fs::OpenOptions::new();
    new.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    match new.open(options.get_filename()) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn open_postgres(config: &Config) -> std::result::Result<Database, DbErr> {
    let failed = |error: sqlx::Error| DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error.into()));
    let options = PgConnectOptions::from_str(&config.database_url)
        .map_err(failed)?
        .application_name("cairn")
        .options(SESSION)
        .disable_statement_logging();
    let pool = || {
        PgPoolOptions::new()
            .max_connections(config.db_pool)
            .acquire_timeout(ACQUIRE)
            // A ping before each checkout costs a fifth; a connection that died is found by its use.
            .test_before_acquire(false)
            .max_lifetime(Duration::from_mins(30))
    };
    let size = usize::try_from(config.db_pool).unwrap_or(1);
    let connections = |reads| {
        let opened = Postgres::new(&options, (size, config.workers), reads, ACQUIRE);
        opened.map(Arc::new).map_err(|error| DbErr::Conn(sea_orm::RuntimeErr::Internal(error)))
    };
    let (answers, work, look) = (connections(true)?, connections(false)?, connections(true)?);
    let writer = pool().connect_lazy_with(options.clone());
    let readers = pool().connect_lazy_with(options);
    let write = SqlxPostgresConnector::from_sqlx_postgres_pool(writer);
    let read = SqlxPostgresConnector::from_sqlx_postgres_pool(readers.clone());
    Ok(Database {
        write: counted(write, &STEPS),
        read,
        readers: Readers::Postgres(readers, answers),
        doors: Doors::Postgres { work: Door(work, counts(&STEPS)), look: Door(look, counts(&STATEMENTS)) },
    })
}

/// How many statements units of work have sent: what the tests count, as [`STATEMENTS`] is of reads.
pub static STEPS: AtomicU64 = AtomicU64::new(0);

/// How often units of work were committed: several together count once.
pub static COMMITS: AtomicU64 = AtomicU64::new(0);

/// Counts the statements of a connection: those of looks among those of reads.
fn counted(mut connection: DatabaseConnection, count: &'static AtomicU64) -> DatabaseConnection {
    let counts = counts(count);
    connection.set_metric_callback(move |info| counts(info));
    connection
}

fn counts(count: &'static AtomicU64) -> Tell {
    Arc::new(|_| {
        count.fetch_add(1, Ordering::Relaxed);
    })
}

//! The transaction of a unit of looking or of work, whoever else works in it.

use std::{future::Future, sync::atomic::Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement, prelude::async_trait,
};

use super::{COMMITS, group::Turn};
use crate::{domain::error::Result, postgres::Transaction};

/// A transaction. Dropped without [`Unit::commit`], nothing of it has happened.
#[derive(Debug)]
pub struct Unit(Kind);

#[derive(Debug)]
enum Kind {
    /// It has the transaction to itself, on PostgreSQL.
    Postgres(Box<Transaction>),
    /// It only looks, on SQLite.
    Look(DatabaseTransaction),
    /// It shares one with others, one after the other, on SQLite.
    Shared(Turn),
}

impl From<Transaction> for Unit {
    fn from(transaction: Transaction) -> Self {
        Self(Kind::Postgres(Box::new(transaction)))
    }
}

impl From<DatabaseTransaction> for Unit {
    fn from(transaction: DatabaseTransaction) -> Self {
        Self(Kind::Look(transaction))
    }
}

impl From<Turn> for Unit {
    fn from(turn: Turn) -> Self {
        Self(Kind::Shared(turn))
    }
}

impl Unit {
    /// Ends it: when this returns, what it did is there to stay.
    ///
    /// # Errors
    /// `UNAVAILABLE`: then nothing of it has happened.
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Kind::Postgres(transaction) => {
                COMMITS.fetch_add(1, Ordering::Relaxed);
                Ok(transaction.commit().await?)
            }
            Kind::Look(transaction) => Ok(transaction.commit().await?),
            Kind::Shared(turn) => turn.commit().await,
        }
    }

    /// Runs the last statement, and ends it: on PostgreSQL on one way to the server.
    ///
    /// # Errors
    /// `UNAVAILABLE`, or what is wrong with the statement: then nothing of it has happened.
    pub async fn commit_with(self, last: Statement) -> Result<()> {
        if let Kind::Postgres(transaction) = self.0 {
            COMMITS.fetch_add(1, Ordering::Relaxed);
            transaction.run_and_commit(&last).await?;
            return Ok(());
        }
        self.execute_raw(last).await?;
        self.commit().await
    }
}

/// What a transaction on SQLite says, looked at by the group that it belongs to.
async fn on_sqlite<'a, T, F: Future<Output = std::result::Result<T, DbErr>>>(
    kind: &'a Kind,
    ask: impl FnOnce(&'a DatabaseTransaction) -> F,
) -> std::result::Result<T, DbErr> {
    match kind {
        Kind::Look(transaction) => ask(transaction).await,
        Kind::Shared(turn) => turn.seen(ask(turn.transaction()?).await),
        Kind::Postgres(_) => Err(DbErr::BackendNotSupported { db: "PostgreSQL", ctx: "a transaction on SQLite" }),
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Unit {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Kind::Postgres(_) => DbBackend::Postgres,
            Kind::Look(_) | Kind::Shared(_) => DbBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> std::result::Result<ExecResult, DbErr> {
        match &self.0 {
            Kind::Postgres(transaction) => transaction.run(&statement).await?.count(),
            sqlite => on_sqlite(sqlite, |transaction| transaction.execute_raw(statement)).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> std::result::Result<ExecResult, DbErr> {
        match &self.0 {
            Kind::Postgres(_) => self.execute_raw(Statement::from_string(DbBackend::Postgres, sql)).await,
            sqlite => on_sqlite(sqlite, |transaction| transaction.execute_unprepared(sql)).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> std::result::Result<Option<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Postgres(_) => Ok(self.query_all_raw(statement).await?.into_iter().next()),
            sqlite => on_sqlite(sqlite, |transaction| transaction.query_one_raw(statement)).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> std::result::Result<Vec<QueryResult>, DbErr> {
        match &self.0 {
            Kind::Postgres(transaction) => transaction.run(&statement).await?.rows(),
            sqlite => on_sqlite(sqlite, |transaction| transaction.query_all_raw(statement)).await,
        }
    }
}

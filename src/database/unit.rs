//! The transaction of a unit of looking or of work, whoever else works in it.

use std::sync::atomic::Ordering;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement, prelude::async_trait,
};

use super::{COMMITS, group::Turn};
use crate::domain::error::Result;

/// A transaction. Dropped without [`Unit::commit`], nothing of it has happened.
#[derive(Debug)]
pub struct Unit(Kind);

#[derive(Debug)]
enum Kind {
    /// It has the transaction to itself.
    Own(DatabaseTransaction),
    /// It shares one with others, one after the other.
    Shared(Turn),
}

impl From<DatabaseTransaction> for Unit {
    fn from(transaction: DatabaseTransaction) -> Self {
        Self(Kind::Own(transaction))
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
            Kind::Own(transaction) => {
                COMMITS.fetch_add(1, Ordering::Relaxed);
                Ok(transaction.commit().await?)
            }
            Kind::Shared(turn) => turn.commit().await,
        }
    }

    fn transaction(&self) -> std::result::Result<&DatabaseTransaction, DbErr> {
        match &self.0 {
            Kind::Own(transaction) => Ok(transaction),
            Kind::Shared(turn) => turn.transaction(),
        }
    }

    fn seen<T>(&self, outcome: std::result::Result<T, DbErr>) -> std::result::Result<T, DbErr> {
        match &self.0 {
            Kind::Own(_) => outcome,
            Kind::Shared(turn) => turn.seen(outcome),
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Unit {
    fn get_database_backend(&self) -> DbBackend {
        match &self.0 {
            Kind::Own(transaction) => transaction.get_database_backend(),
            Kind::Shared(_) => DbBackend::Sqlite,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> std::result::Result<ExecResult, DbErr> {
        self.seen(self.transaction()?.execute_raw(statement).await)
    }

    async fn execute_unprepared(&self, sql: &str) -> std::result::Result<ExecResult, DbErr> {
        self.seen(self.transaction()?.execute_unprepared(sql).await)
    }

    async fn query_one_raw(&self, statement: Statement) -> std::result::Result<Option<QueryResult>, DbErr> {
        self.seen(self.transaction()?.query_one_raw(statement).await)
    }

    async fn query_all_raw(&self, statement: Statement) -> std::result::Result<Vec<QueryResult>, DbErr> {
        self.seen(self.transaction()?.query_all_raw(statement).await)
    }
}

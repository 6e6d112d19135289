//! Rows and counts as sea-orm hands them on. It makes them itself of what sqlx gives; for other drivers it has `proxy`,
//! which does not compile beside SQLite (2.0.4), and results that are told beforehand: here, just before.

use std::collections::BTreeMap;

use sea_orm::{
    DbBackend, DbErr, ExecResult, MockDatabase, MockDatabaseTrait as _, MockExecResult, QueryResult, Statement, Value,
};

/// A row, by the names of its columns.
pub(super) type Row = BTreeMap<String, Value>;

/// What a statement did.
#[derive(Debug, Default)]
pub struct Answer {
    pub(super) rows: Vec<Row>,
    pub(super) affected: u64,
}

impl Answer {
    /// Its rows.
    ///
    /// # Errors
    /// Never.
    pub fn rows(self) -> Result<Vec<QueryResult>, DbErr> {
        if self.rows.is_empty() {
            return Ok(Vec::new());
        }
        MockDatabase::new(DbBackend::Postgres).append_query_results([self.rows]).query(0, nothing())
    }

    /// How many rows it changed.
    ///
    /// # Errors
    /// Never.
    pub fn count(self) -> Result<ExecResult, DbErr> {
        let count = MockExecResult { last_insert_id: 0, rows_affected: self.affected };
        MockDatabase::new(DbBackend::Postgres).append_exec_results([count]).execute(0, nothing())
    }
}

fn nothing() -> Statement {
    Statement { sql: String::new(), values: None, db_backend: DbBackend::Postgres }
}

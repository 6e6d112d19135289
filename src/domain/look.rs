//! The unit of looking: one snapshot of the database, one `now`, and who looks. A unit of work is one that may write.

use chrono::{DateTime, Utc};
use entity::{id::UserId, platform::user};
use sea_orm::{ConnectionTrait as _, FromQueryResult, QueryResult, Statement, Value};

use super::{
    caller::Caller,
    error::{Code, Error, Result},
    policy::Action,
};
use crate::{
    database::Unit,
    read::sql::{Arg, Dialect, Sql},
};

/// A snapshot to look at, and who looks.
pub struct Look {
    /// The transaction.
    pub db: Unit,
    /// The one moment of everything in it.
    pub now: DateTime<Utc>,
    /// Who looks.
    pub who: Caller,
    /// Whether what is found is about to be changed.
    pub(super) writes: bool,
}

impl std::fmt::Debug for Look {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Look").field("now", &self.now).finish_non_exhaustive()
    }
}

impl Look {
    /// The person that an answer is about: the caller, or somebody who opened it to them. Whoever asks about another
    /// without the right is told so, whether there is such a person or not.
    ///
    /// # Errors
    /// `INSUFFICIENT_SCOPE`; `OWNER_REQUIRED` for machines that name nobody; `GRANT_REQUIRED`.
    pub async fn person(&self, wanted: Option<UserId>, action: Action) -> Result<user::Model> {
        self.who.has_scope_for(action)?;
        let id = wanted
            .or(self.who.user())
            .ok_or_else(|| Error::field(Code::OwnerRequired, "/userId", "A machine names whom it asks about."))?;
        match self.find::<user::Entity>(id, action).await {
            Err(error) if matches!(error.code(), Code::NotFound | Code::Forbidden) => {
                Err(Error::new(Code::GrantRequired, "This person has not opened it to you."))
            }
            other => other,
        }
    }

    /// Runs a statement of our own: rows of a declared form. Numbers are cast to `BIGINT` in the statement.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn rows<R: FromQueryResult>(&self, sql: &Sql) -> Result<Vec<R>> {
        let rows = self.raw(sql).await?;
        Ok(rows.iter().map(|row| R::from_query_result(row, "")).collect::<std::result::Result<_, _>>()?)
    }

    /// Runs a statement of our own that has one row, or none.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn row<R: FromQueryResult>(&self, sql: &Sql) -> Result<Option<R>> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    pub(super) async fn raw(&self, sql: &Sql) -> Result<Vec<QueryResult>> {
        let values = sql.args.iter().cloned().map(|arg| value(arg, sql.dialect)).collect();
        Ok(self.db.query_all_raw(self.statement(&sql.text, values)).await?)
    }

    /// A statement of our own, still to be written.
    #[must_use]
    pub fn sql(&self) -> Sql {
        Sql::new(self.who.house.database.dialect())
    }

    pub(super) fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.db.get_database_backend(), sql, values)
    }
}

/// An argument of our SQL as sea-orm binds it; lists travel as the text that the statement casts.
pub(super) fn value(arg: Arg, dialect: Dialect) -> Value {
    match arg {
        Arg::Uuid(value) => value.into(),
        Arg::Text(value) => value.into(),
        Arg::Int(value) => value.into(),
        Arg::Bool(value) => value.into(),
        Arg::Time(value) => value.into(),
        Arg::Date(value) => value.into(),
        Arg::Uuids(values) => listed(values.iter().map(|id| id.simple().to_string()).collect(), dialect),
        Arg::Texts(values) => listed(values, dialect),
        Arg::Ints(values) => listed(values.iter().map(ToString::to_string).collect(), dialect),
        // Only levels of a read have parents.
        Arg::Parents => Value::Uuid(None),
    }
}

/// A list as JSON for SQLite, as the text of an array for PostgreSQL.
fn listed(values: Vec<String>, dialect: Dialect) -> Value {
    if dialect == Dialect::Sqlite {
        return serde_json::json!(values).to_string().into();
    }
    let quoted: Vec<_> =
        values.iter().map(|value| format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))).collect();
    format!("{{{}}}", quoted.join(",")).into()
}

//! Finding rows to do something with: the only way to one, and it takes naming what will be done.

use sea_orm::FromQueryResult as _;
use serde_json::json;
use uuid::Uuid;

use super::{
    caller::forbidden,
    error::{Code, Error, Result},
    look::Look,
    policy::{Action, Rule, permission},
    tx::{Tx, version_of},
    verb::{External, Row, Target, spaced},
};
use crate::read::{
    shape::shape,
    sql::{Arg, Dialect, Sql},
};

/// A reference to what the caller may not know of.
pub(super) fn unknown<E: Row>(error: Error, pointer: &str) -> Error {
    if error.code() != Code::NotFound {
        return error;
    }
    Error::field(Code::ReferenceUnknown, pointer, format!("There is no such {}.", spaced(E::NAME)))
}

/// Whether a row is there, or was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// It is there.
    Living,
    /// It was deleted.
    Deleted,
}

impl Look {
    /// Finds a row to do something with: the only way to one. What the caller may not know of is not found.
    ///
    /// # Errors
    /// `NOT_FOUND`, `FORBIDDEN`, `INSUFFICIENT_SCOPE`.
    pub async fn find<E: Row>(&self, id: E::Id, action: Action) -> Result<E::Model> {
        self.find_row::<E>(id.into(), action, Life::Living).await
    }

    /// Finds the row that a verb acts on, in the version that the caller knows.
    ///
    /// # Errors
    /// Those of [`Look::find`], and `VERSION_MISMATCH`.
    pub async fn find_at<E: Row>(&self, target: &Target<E::Id>, action: Action) -> Result<E::Model> {
        let row = self.find_row::<E>(target.id.into(), action, Life::Living).await?;
        same_version::<E>(&row, target.version)?;
        Ok(row)
    }

    /// Finds a deleted row, to restore it.
    ///
    /// # Errors
    /// Those of [`Look::find_at`].
    pub async fn find_deleted<E: Row>(&self, target: &Target<E::Id>, action: Action) -> Result<E::Model> {
        let row = self.find_row::<E>(target.id.into(), action, Life::Deleted).await?;
        same_version::<E>(&row, target.version)?;
        Ok(row)
    }

    /// Finds what an input refers to.
    ///
    /// # Errors
    /// `REFERENCE_UNKNOWN` naming the member, when the caller may not know of it.
    pub async fn refer<E: Row>(&self, id: E::Id, pointer: &str) -> Result<E::Model> {
        let shape = shape(E::NAME);
        self.find::<E>(id, shape.view).await.map_err(|error| unknown::<E>(error, pointer))
    }

    /// Finds what an input refers to, to do something with it.
    ///
    /// # Errors
    /// `REFERENCE_UNKNOWN` naming the member, when the caller may not know of it; `FORBIDDEN`.
    pub async fn refer_to<E: Row>(&self, id: E::Id, action: Action, pointer: &str) -> Result<E::Model> {
        self.find::<E>(id, action).await.map_err(|error| unknown::<E>(error, pointer))
    }

    async fn find_row<E: Row>(&self, id: Uuid, action: Action, life: Life) -> Result<E::Model> {
        self.who.has_scope_for(action)?;
        let sql = self.finding(E::NAME, action, life, |sql| _ = sql.push(" = ").bind(Arg::Uuid(id)));
        let Some(row) = self.raw(&sql).await?.into_iter().next() else {
            return Err(Error::not_found(&spaced(E::NAME)));
        };
        if !row.try_get::<bool>("", "allowed")? {
            return Err(forbidden(action));
        }
        Ok(E::Model::from_query_result(&row, "")?)
    }

    /// The statement that finds rows, `which` saying of their id which: each with whether the action is `allowed`.
    pub(super) fn finding(&self, name: &str, action: Action, life: Life, which: impl FnOnce(&mut Sql)) -> Sql {
        let shape = shape(name);
        let mut sql = Sql::new(self.who.house.database.dialect());
        let (_, rule) = permission(action);
        // A column that names nobody is not the caller's: that is no, not unknown.
        sql.push("SELECT t0.*, COALESCE((").rule(&rule.settled(&self.who), "t0", &self.who);
        sql.push("), FALSE) AS allowed FROM \"").push(shape.table).push("\" t0 WHERE t0.\"id\"");
        which(&mut sql);
        if shape.deletable {
            sql.push(if life == Life::Living {
                " AND t0.deleted_at IS NULL"
            } else {
                " AND t0.deleted_at IS NOT NULL"
            });
        }
        sql.push(" AND ").tenant(shape, "t0", &self.who);
        // Whoever may do it may know of it, even without the right to read lists of it.
        let seen = Rule::Any(vec![permission(shape.view).1, permission(action).1]).settled(&self.who);
        sql.push(" AND ").rule(&seen, "t0", &self.who);
        if sql.dialect == Dialect::Postgres && self.writes && action != shape.view {
            // In one order, so that who locks several never waits for who waits for them.
            sql.push(" ORDER BY t0.\"id\" FOR NO KEY UPDATE OF t0");
        }
        sql
    }
}

impl Tx {
    /// Finds the row that an external id stands for, to change it. One that was deleted comes back first: whoever keeps
    /// a copy says that it is there.
    ///
    /// # Errors
    /// Those of [`Look::find_at`] and [`Tx::restore`].
    pub async fn find_external<E: Row>(&mut self, external: &External, id: Uuid, action: Action) -> Result<E::Model> {
        let (row, life) = self.find_either::<E>(external, id, action).await?;
        if life == Life::Living {
            return Ok(row);
        }
        let row = self.restore::<E>(row).await?;
        self.record("restored", &row, json!({}))?;
        Ok(row)
    }

    /// Finds the same, and leaves it to the caller to bring back what was deleted: where that has rules of its own.
    ///
    /// # Errors
    /// Those of [`Look::find_at`].
    pub async fn find_either<E: Row>(&self, external: &External, id: Uuid, action: Action) -> Result<(E::Model, Life)> {
        let target = Target { id: E::Id::from(id), version: external.version };
        match self.find_at::<E>(&target, action).await {
            Err(error) if error.code() == Code::NotFound => match self.find_deleted::<E>(&target, action).await {
                // Somebody else brought it back meanwhile.
                Err(error) if error.code() == Code::NotFound => {
                    Ok((self.find_at::<E>(&target, action).await?, Life::Living))
                }
                deleted => Ok((deleted?, Life::Deleted)),
            },
            living => Ok((living?, Life::Living)),
        }
    }
}

/// Whether a row is in the version that the caller knows.
///
/// # Errors
/// `VERSION_MISMATCH`.
pub fn same_version<E: Row>(row: &E::Model, known: Option<i64>) -> Result<()> {
    let current = version_of(row)?;
    match known {
        Some(known) if known != current => {
            let error = Error::new(Code::VersionMismatch, "It has changed since the version that you know.");
            Err(error.with(json!({ "expected": known, "current": current })))
        }
        _ => Ok(()),
    }
}

//! Many rows at once: as many statements for five hundred as for five, but for what one statement can hold.

use std::collections::HashMap;

use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, FromQueryResult as _, IntoActiveModel as _, QueryFilter as _, TryIntoModel,
    sea_query::{Expr, ExprTrait as _},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    error::{Code, Error, FieldError, Result},
    find::Life,
    look::Look,
    policy::Action,
    tx::{Tx, column, id_of, taken, version_of},
    verb::{Row, spaced},
};
use crate::read::sql::Arg;

/// How many rows one statement holds: neither database takes more than some ten thousand arguments gladly.
pub(super) const ROWS: usize = 500;

/// A row that was found, and whether the caller may do it.
struct Found<M> {
    allowed: bool,
    row: M,
}

impl Look {
    /// Finds all rows that a list in an input names, to do something with them: in the order of the list.
    ///
    /// # Errors
    /// `REFERENCE_UNKNOWN` with every place in the list that the caller may not know of; `FORBIDDEN` with every one
    /// that they may not do it to; `INSUFFICIENT_SCOPE`.
    pub async fn find_all<E: Row>(&self, ids: &[E::Id], action: Action, pointer: &str) -> Result<Vec<E::Model>> {
        self.who.has_scope_for(action)?;
        let wanted: Vec<Uuid> = ids.iter().map(|&id| id.into()).collect();
        let sql = self.finding(E::NAME, action, Life::Living, |sql| _ = sql.among(Arg::Uuids(wanted.clone())));
        let mut found: HashMap<Uuid, Found<E::Model>> = HashMap::new();
        for row in self.raw(&sql).await? {
            let one = Found { allowed: row.try_get("", "allowed")?, row: E::Model::from_query_result(&row, "")? };
            found.insert(row.try_get("", "id")?, one);
        }
        let refuse = |code: Code, message: &str, wrong: fn(Option<&Found<E::Model>>) -> bool| {
            let at = wanted.iter().enumerate().filter(|(_, id)| wrong(found.get(*id)));
            let fields: Vec<_> =
                at.map(|(place, _)| FieldError::new(format!("{pointer}/{place}"), code.as_str(), message)).collect();
            if fields.is_empty() { Ok(()) } else { Err(Error::fields(code, fields)) }
        };
        refuse(Code::ReferenceUnknown, &format!("There is no such {}.", spaced(E::NAME)), |one| one.is_none())?;
        refuse(Code::Forbidden, "This is not yours to do.", |one| one.is_some_and(|one| !one.allowed))
            .map_err(|error| error.with(json!({ "action": action.name() })))?;
        Ok(wanted.iter().filter_map(|id| found.get(id).map(|one| one.row.clone())).collect())
    }
}

impl Tx {
    /// Adds rows: as they stand now, in that order.
    ///
    /// # Errors
    /// `ALREADY_EXISTS` when the name, code or place of one is taken.
    pub async fn insert_all<E: Row>(&self, rows: Vec<E::ActiveModel>) -> Result<Vec<E::Model>>
    where
        E::ActiveModel: TryIntoModel<E::Model>,
    {
        for some in rows.chunks(ROWS) {
            let added = E::insert_many(some.to_vec()).exec_without_returning(&self.db).await;
            added.map_err(|error| taken::<E>(&error).unwrap_or_else(|| error.into()))?;
        }
        rows.into_iter().map(|row| row.try_into_model().map_err(Error::internal)).collect()
    }

    /// Changes rows alike, each of which was read to be changed (locked, on PostgreSQL) in this very transaction: as
    /// they stand now, in that order. Each counts its version up.
    ///
    /// # Errors
    /// `ALREADY_EXISTS` when the place of one is taken.
    pub async fn change_all<E: Row>(
        &self,
        was: Vec<E::Model>,
        with: impl Fn(&mut E::ActiveModel),
    ) -> Result<Vec<E::Model>>
    where
        E::ActiveModel: TryIntoModel<E::Model>,
    {
        let (id, version) = (column::<E>("id")?, column::<E>("version")?);
        let updated = column::<E>("updated_at")?;
        let mut change = <E::ActiveModel as ActiveModelTrait>::default();
        with(&mut change);
        for some in was.chunks(ROWS) {
            let ids = some.iter().map(id_of).collect::<Result<Vec<Uuid>>>()?;
            let update = E::update_many()
                .set(change.clone())
                .col_expr(version, Expr::col(version).add(1))
                .col_expr(updated, Expr::value(self.now))
                .filter(id.is_in(ids));
            let done = update.exec(&self.db).await;
            let done = done.map_err(|error| taken::<E>(&error).unwrap_or_else(|| error.into()))?;
            if done.rows_affected != some.len() as u64 {
                return Err(Error::contention("rows went since they were read"));
            }
        }
        let after = was.into_iter().map(|was| {
            let next = version_of(&was)? + 1;
            let mut row = was.into_active_model();
            with(&mut row);
            row.set(version, next.into());
            row.set(updated, self.now.into());
            row.try_into_model().map_err(Error::internal)
        });
        after.collect()
    }

    /// Deletes rows softly, each of which was read to be changed in this very transaction.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn delete_all<E: Row>(&self, was: Vec<E::Model>) -> Result<Vec<E::Model>>
    where
        E::ActiveModel: TryIntoModel<E::Model>,
    {
        let (gone, now) = (column::<E>("deleted_at")?, self.now);
        self.change_all::<E>(was, |row| row.set(gone, Some(now).into())).await
    }
}

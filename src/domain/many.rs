//! Many rows at once: as many statements for five hundred as for five, but for what one statement can hold.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{
    ActiveModelTrait, ColumnTrait as _, EntityTrait, FromQueryResult as _, IntoActiveModel, QueryFilter as _,
    TryIntoModel,
    sea_query::{Expr, ExprTrait as _},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    caller::forbidden,
    error::{Code, Error, FieldError, Result, is_duplicate},
    find::{Life, unknown},
    look::Look,
    policy::Action,
    tx::{Tx, column, id_of, taken, version_of},
    verb::{Row, spaced},
};
use crate::read::sql::Arg;

/// How many rows one statement holds: neither database takes more than some ten thousand arguments gladly.
pub(super) const ROWS: usize = 500;

/// A row that was found, and whether the caller may do it.
type Judged<E> = (<E as EntityTrait>::Model, bool);

/// What was found of several rows: each with whether the caller may do it.
#[derive(Debug)]
pub struct Found<E: Row> {
    rows: HashMap<Uuid, Judged<E>>,
    action: Action,
}

impl<E: Row> Found<E> {
    /// One of them, as [`Look::find`] tells it.
    ///
    /// # Errors
    /// `NOT_FOUND`, `FORBIDDEN`.
    pub fn get(&self, id: E::Id) -> Result<&E::Model> {
        match self.rows.get(&id.into()) {
            Some((row, true)) => Ok(row),
            Some(_) => Err(forbidden(self.action)),
            None => Err(Error::not_found(&spaced(E::NAME))),
        }
    }

    /// One of them that an input refers to, as [`Look::refer`] tells it.
    ///
    /// # Errors
    /// `REFERENCE_UNKNOWN` naming the member.
    pub fn refer(&self, id: E::Id, pointer: &str) -> Result<&E::Model> {
        self.get(id).map_err(|error| unknown::<E>(error, pointer))
    }
}

impl Look {
    /// Finds several rows to do something with, at once. Those to be changed are locked in one order, everybody's.
    ///
    /// # Errors
    /// `INSUFFICIENT_SCOPE`; what is found of each is told by [`Found::get`].
    pub async fn find_each<E: Row>(&self, ids: impl IntoIterator<Item = E::Id>, action: Action) -> Result<Found<E>> {
        self.who.has_scope_for(action)?;
        let ids: BTreeSet<Uuid> = ids.into_iter().map(Into::into).collect();
        let mut rows = HashMap::with_capacity(ids.len());
        if !ids.is_empty() {
            let ids = Arg::Uuids(ids.into_iter().collect());
            let sql = self.finding(E::NAME, action, Life::Living, |sql| _ = sql.among(ids));
            for row in self.raw(&sql).await? {
                let id: Uuid = row.try_get("", "id")?;
                rows.insert(id, (E::Model::from_query_result(&row, "")?, row.try_get::<bool>("", "allowed")?));
            }
        }
        Ok(Found { rows, action })
    }

    /// Finds all rows that a list in an input names, to do something with them: in the order of the list.
    ///
    /// # Errors
    /// `REFERENCE_UNKNOWN` with every place in the list that the caller may not know of; `FORBIDDEN` with every one
    /// that they may not do it to; `INSUFFICIENT_SCOPE`.
    pub async fn find_all<E: Row>(&self, ids: &[E::Id], action: Action, pointer: &str) -> Result<Vec<E::Model>> {
        let found = self.find_each::<E>(ids.iter().copied(), action).await?;
        let wanted: Vec<Option<&Judged<E>>> = ids.iter().map(|&id| found.rows.get(&id.into())).collect();
        let refuse = |code: Code, message: &str, wrong: fn(Option<&Judged<E>>) -> bool| {
            let at = wanted.iter().enumerate().filter(|(_, one)| wrong(**one));
            let fields: Vec<_> =
                at.map(|(place, _)| FieldError::new(format!("{pointer}/{place}"), code.as_str(), message)).collect();
            if fields.is_empty() { Ok(()) } else { Err(Error::fields(code, fields)) }
        };
        refuse(Code::ReferenceUnknown, &format!("There is no such {}.", spaced(E::NAME)), |one| one.is_none())?;
        refuse(Code::Forbidden, "This is not yours to do.", |one| one.is_some_and(|(_, allowed)| !allowed))
            .map_err(|error| error.with(json!({ "action": action.name() })))?;
        Ok(wanted.iter().filter_map(|one| one.map(|(row, _)| row.clone())).collect())
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

    /// Adds rows that are known as they will stand: of resources, and of what only links them.
    ///
    /// # Errors
    /// `ALREADY_EXISTS` when a name, code or place of one is taken.
    pub async fn add_all<E>(&self, rows: Vec<E::Model>) -> Result<()>
    where
        E: EntityTrait<Model: IntoActiveModel<E::ActiveModel>>,
    {
        let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
        while rows.peek().is_some() {
            let some: Vec<E::ActiveModel> = rows.by_ref().take(ROWS).collect();
            E::insert_many(some).exec_without_returning(&self.db).await.map_err(|error| {
                let taken = || Error::new(Code::AlreadyExists, "One of them is there already.");
                if is_duplicate(&error) { taken() } else { error.into() }
            })?;
        }
        Ok(())
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

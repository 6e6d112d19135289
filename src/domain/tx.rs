//! The unit of work: one transaction, one `now`, the events of what happened, and the outcome for idempotency.

use std::{str::FromStr as _, sync::Arc};

use chrono::{DateTime, Utc};
use entity::{
    id::{EventId, ProjectId, TypedId, UserId, encode},
    platform::event,
    vocabulary::Vocabulary as _,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ColumnTrait as _, ConnectionTrait as _, DbErr, EntityTrait, IntoActiveModel,
    ModelTrait, QueryFilter as _, sea_query::ValueType,
};
use uuid::Uuid;

use super::{
    caller::Caller,
    clock,
    error::{Code, Error, Result, is_duplicate},
    external::{self, Book, ExternalRef},
    feed, idempotency,
    look::{Look, value},
    policy::permission,
    verb::{Done, Row, Warning, snake, spaced},
};
use crate::{
    database::Unit,
    read::{
        shape::shape,
        sql::{Arg, Dialect},
    },
};

/// A unit of work. Dropped without [`Tx::done`], nothing of it has happened.
pub struct Tx {
    look: Look,
    events: Vec<event::ActiveModel>,
    warnings: Vec<Warning>,
    revealed: Option<String>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("now", &self.now).finish_non_exhaustive()
    }
}

impl std::ops::Deref for Tx {
    type Target = Look;

    fn deref(&self) -> &Look {
        &self.look
    }
}

impl Tx {
    /// Begins. With an idempotency key, only one request at a time works under it.
    pub(super) async fn begin(who: Caller, now: DateTime<Utc>, long: bool) -> Result<Self> {
        let db = who.house.database.begin(long).await?;
        let look = Look { db, now, who, writes: true };
        let tx = Self { look, events: Vec::new(), warnings: Vec::new(), revealed: None };
        if let Some(key) = &tx.who.idempotency {
            idempotency::take_turn(&tx, key).await?;
        }
        Ok(tx)
    }

    /// Waits for a name that only one transaction at a time may hold; SQLite has one writer anyway.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn lock(&self, name: &str) -> Result<()> {
        if self.who.house.database.dialect() == Dialect::Postgres {
            let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 2))";
            self.db.execute_raw(self.statement(sql, vec![name.into()])).await?;
        }
        Ok(())
    }

    /// The same for several names. Everybody waits for several in one order: two do not wait for each other for ever.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn lock_all(&self, names: Vec<String>) -> Result<()> {
        if self.who.house.database.dialect() == Dialect::Postgres && !names.is_empty() {
            let sql = "SELECT pg_advisory_xact_lock(one.key) FROM (SELECT DISTINCT hashtextextended(name, 2) AS key \
                       FROM unnest($1::text[]) AS name ORDER BY 1) AS one";
            let names = value(Arg::Texts(names), Dialect::Postgres);
            self.db.execute_raw(self.statement(sql, vec![names])).await?;
        }
        Ok(())
    }

    /// Lets PostgreSQL see how much there is in tables of which much was written: by itself it looks within a minute, and until then
    /// plans for what there was before.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn count_again(&self, tables: &'static str) -> Result<()> {
        if self.who.house.database.dialect() == Dialect::Postgres {
            self.db.execute_raw(self.statement(&format!("ANALYZE {tables}"), Vec::new())).await?;
        }
        Ok(())
    }

    /// Adds a row.
    ///
    /// # Errors
    /// `ALREADY_EXISTS` when its name, code or place is taken.
    pub async fn insert<E: Row>(&self, row: E::ActiveModel) -> Result<E::Model> {
        row.insert(&self.db).await.map_err(|error| taken::<E>(&error).unwrap_or_else(|| error.into()))
    }

    /// Changes a row: `with` sets columns, best by `set_if_not_equals`. What changes counts its version up.
    ///
    /// # Errors
    /// `ALREADY_EXISTS` when its name, code or place is taken.
    pub async fn change<E: Row>(
        &self,
        was: E::Model,
        with: impl FnOnce(&mut E::ActiveModel),
    ) -> Result<Changed<E::Model>> {
        let mut row = was.clone().into_active_model();
        with(&mut row);
        if !row.is_changed() {
            return Ok(Changed { row: was, changed: false });
        }
        self.touch::<E>(&was, &mut row)?;
        let row = self.update::<E>(&was, row).await?;
        Ok(Changed { row, changed: true })
    }

    /// Counts what changed beside a row, its names and links, as a change of it.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn beside<E: Row>(&self, after: Changed<E::Model>, beside: bool) -> Result<Changed<E::Model>> {
        if after.changed || !beside {
            return Ok(after);
        }
        let mut row = after.row.clone().into_active_model();
        self.touch::<E>(&after.row, &mut row)?;
        Ok(Changed { row: self.update::<E>(&after.row, row).await?, changed: true })
    }

    /// Deletes a row softly.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn delete<E: Row>(&self, was: E::Model) -> Result<E::Model> {
        self.set_deleted::<E>(was, Some(self.now)).await
    }

    /// Brings a deleted row back.
    ///
    /// # Errors
    /// `ALREADY_EXISTS` when its name, code or place was taken in the meantime.
    pub async fn restore<E: Row>(&self, was: E::Model) -> Result<E::Model> {
        self.set_deleted::<E>(was, None).await
    }

    async fn set_deleted<E: Row>(&self, was: E::Model, at: Option<DateTime<Utc>>) -> Result<E::Model> {
        let mut row = was.clone().into_active_model();
        row.set(column::<E>("deleted_at")?, at.into());
        self.touch::<E>(&was, &mut row)?;
        self.update::<E>(&was, row).await
    }

    /// Writes a row over the version that it was made from, and over no other.
    async fn update<E: Row>(&self, was: &E::Model, row: E::ActiveModel) -> Result<E::Model> {
        let version = column::<E>("version")?.eq(version_of(was)?);
        match E::update(row).validate()?.filter(version).exec(&self.db).await {
            Err(DbErr::RecordNotUpdated) => Err(Error::contention("the row changed since it was read")),
            other => other.map_err(|error| taken::<E>(&error).unwrap_or_else(|| error.into())),
        }
    }

    fn touch<E: Row>(&self, was: &E::Model, row: &mut E::ActiveModel) -> Result<()> {
        row.set(column::<E>("version")?, (version_of(was)? + 1).into());
        row.set(column::<E>("updated_at")?, self.now.into());
        Ok(())
    }

    /// Makes `refs` the names that other systems have for a row, when they are given: whether they were others.
    ///
    /// # Errors
    /// `EXTERNAL_REF_TAKEN`.
    pub async fn refs<M: ModelTrait>(&self, row: &M, refs: Option<&[ExternalRef]>) -> Result<bool>
    where
        M::Entity: Row<Model = M>,
    {
        let Some(refs) = refs else { return Ok(false) };
        let book = Book::of(shape(<M::Entity as Row>::NAME), M::Entity::owner(row));
        external::replace(&self.db, self.who.organization, &book, id_of(row)?, refs).await
    }

    /// Records that something happened to a row.
    ///
    /// # Errors
    /// Never, for rows that are declared rightly.
    pub fn record<M: ModelTrait>(&mut self, what: &str, row: &M, data: serde_json::Value) -> Result<()>
    where
        M::Entity: Row<Model = M>,
    {
        let shape = shape(<M::Entity as Row>::NAME);
        let subject_kind = snake(shape.name);
        let (scope, _) = permission(shape.view);
        let (actor_kind, actor_id) = self.who.actor();
        self.events.push(event::ActiveModel {
            seq: ActiveValue::NotSet,
            id: ActiveValue::Set(clock::new_id::<EventId>()),
            organization_id: ActiveValue::Set(self.who.organization),
            kind: ActiveValue::Set(format!("{subject_kind}.{what}")),
            subject_kind: ActiveValue::Set(subject_kind),
            subject_id: ActiveValue::Set(encode(shape.prefix, id_of(row)?)),
            subject_version: ActiveValue::Set(version_of(row)?),
            owner_id: ActiveValue::Set(M::Entity::owner(row)),
            project_id: ActiveValue::Set(project_of(row)),
            party_id: ActiveValue::Set(party_of(row)),
            area: ActiveValue::Set(scope.word().split(':').next().unwrap_or_default().to_owned()),
            actor_kind: ActiveValue::Set(actor_kind),
            actor_id: ActiveValue::Set(actor_id),
            occurred_at: ActiveValue::Set(self.now),
            data: ActiveValue::Set(data.to_string()),
        });
        Ok(())
    }

    /// Notes advice for the caller.
    pub fn warn(&mut self, code: &str, message: impl Into<String>) {
        self.warnings.push(Warning { code: code.to_owned(), message: message.into(), details: None });
    }

    /// The same with machine-readable details.
    pub fn warn_with(&mut self, code: &str, message: impl Into<String>, details: serde_json::Value) {
        self.warnings.push(Warning { code: code.to_owned(), message: message.into(), details: Some(details) });
    }

    /// Takes the advice that was noted so far: whoever does several things tells of which each of it is.
    pub fn advice(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }

    /// Shows something once, in the answer of this verb.
    pub fn reveal(&mut self, secret: String) {
        self.revealed = Some(secret);
    }

    /// Commits a verb that changed one row.
    ///
    /// # Errors
    /// `UNAVAILABLE`: then nothing has happened.
    pub async fn done<M: ModelTrait>(self, row: &M) -> Result<Done> {
        let ids = vec![id_of(row)?];
        self.finish(ids, false).await
    }

    /// Commits a verb that made one row.
    ///
    /// # Errors
    /// `UNAVAILABLE`: then nothing has happened.
    pub async fn made<M: ModelTrait>(self, row: &M) -> Result<Done> {
        let ids = vec![id_of(row)?];
        self.finish(ids, true).await
    }

    /// Commits: the rows, the events, and the outcome under the idempotency key, together or not at all.
    ///
    /// # Errors
    /// `UNAVAILABLE`: then nothing has happened.
    pub async fn finish(mut self, ids: Vec<Uuid>, created: bool) -> Result<Done> {
        let (warnings, events) = (std::mem::take(&mut self.warnings), std::mem::take(&mut self.events));
        let done = Done { ids, created, warnings, replayed: false, revealed: self.revealed.take() };
        self.end(&events, &done).await?;
        Ok(done)
    }

    /// The transaction alone.
    pub(super) fn into_db(self) -> Unit {
        self.look.db
    }

    /// Gives up, with nothing done, and waits until what it saw is there to stay: what is refused for it, or left as it
    /// is, may then be told.
    ///
    /// # Errors
    /// `UNAVAILABLE` when it saw what did not come to be.
    pub async fn give_up(self) -> Result<()> {
        let house = Arc::clone(&self.who.house);
        drop(self);
        house.database.settled().await
    }
}

/// A row after a change, and whether anything changed.
#[derive(Debug)]
pub struct Changed<M> {
    /// The row.
    pub row: M,
    /// Whether anything changed.
    pub changed: bool,
}

pub(super) fn taken<E: Row>(error: &DbErr) -> Option<Error> {
    is_duplicate(error).then(|| {
        let name = spaced(E::NAME);
        let article = if name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
        Error::new(Code::AlreadyExists, format!("There is such {article} {name} already."))
    })
}

fn prefix<E: Row>() -> &'static str {
    <E::Id as TypedId>::PREFIX
}

pub(super) fn column<E: EntityTrait>(name: &str) -> Result<E::Column> {
    E::Column::from_str(name).map_err(|_| Error::internal(format!("no column {name}")))
}

pub(super) fn id_of<M: ModelTrait>(row: &M) -> Result<Uuid> {
    let value = row.get(column::<M::Entity>("id")?);
    <Uuid as ValueType>::try_from(value).map_err(|_| Error::internal("an id that is no UUID"))
}

/// The project that a row is, or that it names as its own.
fn project_of<M: ModelTrait>(row: &M) -> Option<ProjectId>
where
    M::Entity: Row,
{
    let name = if prefix::<M::Entity>() == ProjectId::PREFIX { "id" } else { "project_id" };
    named(row, name).map(ProjectId)
}

/// Who has a part in a thing of somebody else's, and may know what happens to it.
fn party_of<M: ModelTrait>(row: &M) -> Option<UserId>
where
    M::Entity: Row,
{
    feed::PARTIES.iter().find_map(|name| named(row, name)).map(UserId)
}

/// The id in a column. Most rows have no such: a column that is not there is no fault.
fn named<M: ModelTrait>(row: &M, name: &str) -> Option<Uuid> {
    let value = row.get(<M::Entity as EntityTrait>::Column::from_str(name).ok()?);
    <Option<Uuid> as ValueType>::try_from(value).ok().flatten()
}

pub(super) fn version_of<M: ModelTrait>(row: &M) -> Result<i64> {
    let value = row.get(column::<M::Entity>("version")?);
    <i64 as ValueType>::try_from(value).map_err(|_| Error::internal("a version that is no number"))
}

//! The signing keys of an installation: made on its first start, rotated by its operator, and followed by every
//! instance that runs. Only the database says which keys there are; what a token claims never leads anywhere.

use std::{
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::platform::signing_key::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DatabaseTransaction, EntityTrait as _,
    QueryFilter as _, QueryOrder as _, TransactionTrait as _,
};

use super::{
    refusal,
    seal::Sealer,
    token::{KeySet, MAX_LIFETIME, SigningKey},
};
use crate::{
    database::Database,
    domain::{
        clock,
        error::{Error, Result},
    },
    house::House,
    read::sql::Dialect,
};

/// How often a running instance looks whether the keys were rotated.
const POLL: Duration = Duration::from_secs(15);
/// How often an unknown key in a token may make it look at once.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How long a retired key verifies: as long as its last token lives, and a clock's difference.
const ACCEPTED: TimeDelta = TimeDelta::seconds(MAX_LIFETIME.num_seconds() + 60);

/// The keys as an instance knows them.
#[derive(Debug)]
pub struct Keys {
    set: RwLock<KeySet>,
    looked: Mutex<Instant>,
}

impl Keys {
    /// Opens the keys of the database; the first instance of all makes one.
    ///
    /// # Errors
    /// When they cannot be opened with the secret key, or the database is away.
    pub async fn open(database: &Database, sealer: &Sealer, now: DateTime<Utc>) -> Result<Self> {
        let set = match load(&database.write, sealer, now).await? {
            Some(set) => set,
            None => first(database, sealer, now).await?,
        };
        Ok(Self { set: RwLock::new(set), looked: Mutex::new(Instant::now()) })
    }

    /// The keys that sign and verify now.
    #[must_use]
    pub fn set(&self) -> KeySet {
        self.set.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks whether the keys were rotated.
    ///
    /// # Errors
    /// When they cannot be opened, or the database is away; the known ones stay.
    pub async fn look(&self, database: &Database, sealer: &Sealer, now: DateTime<Utc>) -> Result<()> {
        if let Some(set) = load(&database.write, sealer, now).await? {
            *self.set.write().unwrap_or_else(PoisonError::into_inner) = set;
        }
        Ok(())
    }

    /// Looks because a token names an unknown key, unless somebody just looked: whether it did.
    ///
    /// # Errors
    /// Those of [`Keys::look`].
    pub async fn look_again(&self, database: &Database, sealer: &Sealer, now: DateTime<Utc>) -> Result<bool> {
        {
            let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
            if looked.elapsed() < LOOK_AGAIN {
                return Ok(false);
            }
            *looked = Instant::now();
        }
        self.look(database, sealer, now).await.map(|()| true)
    }
}

/// Follows rotations for as long as the instance runs.
pub async fn follow(house: Arc<House>) {
    loop {
        tokio::time::sleep(POLL).await;
        let auth = &house.auth;
        if let Err(error) = auth.keys.look(&house.database, &auth.sealer, clock::now()).await {
            tracing::warn!(%error, "the signing keys could not be looked at; those that are known stay");
        }
    }
}

/// Whether the keys of the database can be opened, and there are any.
///
/// # Errors
/// When they cannot be opened, or the database is away.
pub async fn check(database: &Database, sealer: &Sealer, now: DateTime<Utc>) -> Result<bool> {
    Ok(load(&database.write, sealer, now).await?.is_some())
}

/// Every key that is kept, the newest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn list(database: &Database) -> Result<Vec<Model>> {
    Ok(Entity::find().order_by_desc(Column::CreatedAt).order_by_desc(Column::Kid).all(&database.write).await?)
}

/// Whether tokens of a key are accepted still.
#[must_use]
pub fn is_accepted(key: &Model, now: DateTime<Utc>) -> bool {
    key.retired_at.is_none_or(|at| at + ACCEPTED > now)
}

/// Makes a new key that signs from now on. Those before it only verify, until their last token has expired.
///
/// # Errors
/// `UNAVAILABLE`, or when no key could be made.
pub async fn rotate(database: &Database, sealer: &Sealer, now: DateTime<Utc>) -> Result<String> {
    let tx = begin(database).await?;
    Entity::update_many().col_expr(Column::RetiredAt, now.into()).filter(Column::RetiredAt.is_null()).exec(&tx).await?;
    Entity::delete_many().filter(Column::RetiredAt.lt(now - ACCEPTED)).exec(&tx).await?;
    let kid = add(&tx, sealer, now).await?;
    tx.commit().await?;
    Ok(kid)
}

/// Makes the first key, unless another instance was faster.
async fn first(database: &Database, sealer: &Sealer, now: DateTime<Utc>) -> Result<KeySet> {
    let tx = begin(database).await?;
    if load(&tx, sealer, now).await?.is_none() {
        add(&tx, sealer, now).await?;
    }
    let set = load(&tx, sealer, now).await?;
    tx.commit().await?;
    set.ok_or_else(|| Error::internal("a signing key was made and is not there"))
}

/// Whoever changes the keys does it alone.
async fn begin(database: &Database) -> Result<DatabaseTransaction> {
    let tx = database.write.begin_with_options(database.write_options()).await?;
    if database.dialect() == Dialect::Postgres {
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(4773412062)").await?;
    }
    Ok(tx)
}

async fn add<C: ConnectionTrait>(db: &C, sealer: &Sealer, now: DateTime<Utc>) -> Result<String> {
    let key = SigningKey::generate().map_err(|why| refusal(format!("{why}.")))?;
    let sealed = sealer.seal(&context(&key.kid), key.pkcs8()).map_err(|why| refusal(format!("{why}.")))?;
    let row =
        ActiveModel { kid: Set(key.kid.clone()), sealed: Set(sealed), created_at: Set(now), retired_at: Set(None) };
    row.insert(db).await?;
    Ok(key.kid)
}

/// The keys of the database; none before the first start.
async fn load<C: ConnectionTrait>(db: &C, sealer: &Sealer, now: DateTime<Utc>) -> Result<Option<KeySet>> {
    let rows = Entity::find().order_by_desc(Column::CreatedAt).order_by_desc(Column::Kid).all(db).await?;
    let Some(current) = rows.iter().find(|row| row.retired_at.is_none()) else {
        return Ok(None);
    };
    let mut older = Vec::new();
    for row in rows.iter().filter(|row| row.kid != current.kid && is_accepted(row, now)) {
        older.push(open(sealer, row)?.public().clone());
    }
    let set = KeySet::new(&open(sealer, current)?, older).map_err(|why| refusal(format!("{why}.")))?;
    Ok(Some(set))
}

fn open(sealer: &Sealer, row: &Model) -> Result<SigningKey> {
    let key = sealer.open(&context(&row.kid), &row.sealed).map_err(|why| {
        refusal(format!(
            "The signing key {} {why}. Is CAIRN_SECRET_KEY, or the file cairn.key, the one of this database?",
            row.kid
        ))
    })?;
    SigningKey::from_pkcs8(&key).map_err(|why| refusal(format!("{why}.")))
}

fn context(kid: &str) -> String {
    format!("signing-key:{kid}")
}

//! Idempotency keys: what came of a request is kept with its effect, so that repeating it has none.

use std::future::Future;

use chrono::TimeDelta;
use entity::platform::idempotency_key::{self, Column};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Value};

use super::{
    caller::Caller,
    error::{Code, Error, Result},
    tx::Tx,
    verb::Done,
};
use crate::read::sql::Dialect;

/// How long a key is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// How often something is tried when others get in its way.
const TRIES: u32 = 3;

/// The key of a request, and the hash of everything that it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// As the client gave it.
    pub key: String,
    /// Of method, path and body.
    pub fingerprint: String,
}

/// What came of the request that had this caller's key before, if any.
///
/// # Errors
/// `IDEMPOTENCY_CONFLICT` when it asked for something else.
pub async fn recall(who: &Caller) -> Result<Option<Done>> {
    let Some(key) = &who.idempotency else { return Ok(None) };
    let Some(row) = find(&who.house.database.read, who, key).await? else { return Ok(None) };
    if row.fingerprint != key.fingerprint {
        return Err(Error::new(Code::IdempotencyConflict, "This Idempotency-Key was used for another request."));
    }
    let done: Done = serde_json::from_str(&row.outcome).map_err(Error::internal)?;
    Ok(Some(Done { replayed: true, ..done }))
}

/// Carries something out, unless an earlier request with the caller's key did, and again when it `lost` a race.
pub(super) async fn once<F: Future<Output = Result<Done>>>(
    who: &Caller,
    lost: impl Fn(&Error) -> bool,
    attempt: impl Fn() -> F,
) -> Result<Done> {
    if let Some(done) = recall(who).await? {
        return Ok(done);
    }
    let mut tries = TRIES;
    loop {
        tries -= 1;
        let outcome = attempt().await;
        if outcome.is_err() {
            // Nobody is refused for what does not come to be.
            who.house.database.settled().await?;
        }
        match outcome {
            Err(error) if tries > 0 && lost(&error) => {}
            // Another request with the same key may have ended while this one waited, or lost against it.
            Err(error) => return recall(who).await?.ok_or(error),
            done => return done,
        }
    }
}

/// A key as it is stored: each organization of a person has keys of its own.
fn stored(who: &Caller, key: &Key) -> String {
    format!("{} {}", who.organization, key.key)
}

/// The row of a key that is still kept.
async fn find<C: ConnectionTrait>(db: &C, who: &Caller, key: &Key) -> Result<Option<idempotency_key::Model>> {
    let row = idempotency_key::Entity::find_by_id((who.principal_id(), stored(who, key))).one(db).await?;
    Ok(row.filter(|row| row.created_at > who.now - KEPT))
}

/// Makes sure that nobody else works under the key, and that nobody did. SQLite has one writer; PostgreSQL locks the key
/// until the transaction ends. Who ended at this very moment may be overlooked: [`KEEP`] does not.
pub(super) async fn take_turn(tx: &Tx, key: &Key) -> Result<()> {
    if tx.who.house.database.dialect() == Dialect::Sqlite {
        return find(&tx.db, &tx.who, key).await?.map_or(Ok(()), |_| Err(in_flight()));
    }
    let (principal, key) = (tx.who.principal_id(), stored(&tx.who, key));
    let name = format!("{principal} {key}");
    let values = vec![name.into(), principal.into(), key.into(), (tx.who.now - KEPT).into()];
    match tx
        .db
        .query_one_raw(tx.statement(TURN, values))
        .await?
        .map(|row| row.try_get::<bool>("", "mine"))
        .transpose()?
    {
        Some(true) => Ok(()),
        _ => Err(in_flight()),
    }
}

const TURN: &str = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AND NOT EXISTS (SELECT 1 FROM idempotency_key \
                    WHERE principal = $2 AND key = $3 AND created_at > $4) AS mine";

/// Keeps what came of a request, in the transaction of its effect. A key that has expired makes room for itself; one
/// that has not is left alone.
pub(super) const KEEP: &str = "INSERT INTO idempotency_key (principal, key, fingerprint, outcome, created_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT (principal, key) DO UPDATE SET fingerprint = excluded.fingerprint, outcome = excluded.outcome, \
     created_at = excluded.created_at WHERE idempotency_key.created_at <= $6";

/// The arguments of [`KEEP`].
pub(super) fn values(who: &Caller, key: &Key, done: &Done) -> Result<Vec<Value>> {
    let outcome = serde_json::to_string(done).map_err(Error::internal)?;
    let fingerprint = key.fingerprint.clone();
    let (principal, key) = (who.principal_id(), stored(who, key));
    Ok(vec![principal.into(), key.into(), fingerprint.into(), outcome.into(), who.now.into(), (who.now - KEPT).into()])
}

pub(super) fn in_flight() -> Error {
    Error::new(Code::IdempotencyInFlight, "A request with this Idempotency-Key is being carried out now.")
        .retry_after(1)
}

/// Forgets the keys that are no longer kept.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn forget<C: ConnectionTrait>(db: &C, now: chrono::DateTime<chrono::Utc>) -> Result<u64> {
    let gone = idempotency_key::Entity::delete_many().filter(Column::CreatedAt.lt(now - KEPT)).exec(db).await?;
    Ok(gone.rows_affected)
}

//! Idempotency keys: what came of a request is kept with its effect, so that repeating it has none.

use std::future::Future;

use chrono::TimeDelta;
use entity::platform::idempotency_key::{self, Column};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};

use super::{
    caller::Caller,
    error::{Code, Error, Result},
    verb::Done,
};

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
            // Another request with the same key ended while this one waited for its turn.
            Err(error) if error.code() == Code::IdempotencyInFlight => return recall(who).await?.ok_or(error),
            Err(error) if tries > 0 && lost(&error) => {}
            other => return other,
        }
    }
}

/// A key as it is stored: each organization of a person has keys of its own.
pub(super) fn stored(who: &Caller, key: &Key) -> String {
    format!("{} {}", who.organization, key.key)
}

/// The row of a key that is still kept.
pub(super) async fn find<C: ConnectionTrait>(
    db: &C,
    who: &Caller,
    key: &Key,
) -> Result<Option<idempotency_key::Model>> {
    let row = idempotency_key::Entity::find_by_id((who.principal_id(), stored(who, key))).one(db).await?;
    Ok(row.filter(|row| row.created_at > who.now - KEPT))
}

/// Keeps what came of a request, in the transaction of its effect.
pub(super) async fn keep<C: ConnectionTrait>(db: &C, who: &Caller, key: &Key, done: &Done) -> Result<()> {
    // A key that has expired makes room for itself.
    idempotency_key::Entity::delete_many()
        .filter(Column::Principal.eq(who.principal_id()))
        .filter(Column::Key.eq(stored(who, key)))
        .exec(db)
        .await?;
    let row = idempotency_key::ActiveModel {
        principal: Set(who.principal_id()),
        key: Set(stored(who, key)),
        fingerprint: Set(key.fingerprint.clone()),
        outcome: Set(serde_json::to_string(done).map_err(Error::internal)?),
        created_at: Set(who.now),
    };
    idempotency_key::Entity::insert(row).exec(db).await?;
    Ok(())
}

/// Forgets the keys that are no longer kept.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn forget<C: ConnectionTrait>(db: &C, now: chrono::DateTime<chrono::Utc>) -> Result<u64> {
    let gone = idempotency_key::Entity::delete_many().filter(Column::CreatedAt.lt(now - KEPT)).exec(db).await?;
    Ok(gone.rows_affected)
}

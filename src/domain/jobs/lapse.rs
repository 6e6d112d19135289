//! What nobody answers in time expires: the clock ends it, in every instance that runs, once.
//!
//! Whoever reads or commands does not wait for that: a rule that asks where something stands looks at the clock itself. Here it
//! is written down, so that lists find it and the feed tells it.

use std::{future::Future, sync::Arc};

use chrono::{DateTime, Utc};
use entity::{
    id::OrganizationId,
    jobs::{help_request, offer, referral},
};
use sea_orm::{ColumnTrait as _, Condition, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use crate::{
    auth::identify,
    domain::{clock, error::Result, tx::Tx, verb::Row},
    house::House,
};

/// How many of a kind are looked for at once.
const MANY: usize = 100;

/// What expires.
pub(super) trait Lapses: Row<Model: Send + Sync> {
    /// Which rows have waited longer than they were to.
    fn overdue(now: DateTime<Utc>) -> Condition;
    /// The column of the id.
    fn id() -> Self::Column;
    /// The id.
    fn id_of(row: &Self::Model) -> Uuid;
    /// The tenant.
    fn organization(row: &Self::Model) -> OrganizationId;
    /// Ends one, and records it.
    fn end(tx: &mut Tx, row: Self::Model) -> impl Future<Output = Result<()>> + Send;
}

/// Ends what has waited too long, of every organization: how much that was.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn all(house: &Arc<House>) -> Result<usize> {
    let offers = of::<offer::Entity>(house).await?;
    let referrals = of::<referral::Entity>(house).await?;
    Ok(offers + referrals + of::<help_request::Entity>(house).await?)
}

/// Ends what has waited too long of one kind: each by itself, so that one that somebody answers at this moment, or that cannot be ended,
/// stops no other.
async fn of<E: Lapses>(house: &Arc<House>) -> Result<usize> {
    let now = clock::now();
    let (mut ended, mut seen) = (0, Uuid::nil());
    loop {
        let overdue = E::find().filter(E::overdue(now)).filter(E::id().gt(seen)).order_by_asc(E::id());
        let overdue = overdue.limit(u64::try_from(MANY).unwrap_or(u64::MAX)).all(&house.database.read).await?;
        let last = overdue.last().filter(|_| overdue.len() == MANY).map(E::id_of);
        for row in overdue {
            let id = E::id_of(&row);
            match end::<E>(house, row).await {
                Ok(()) => ended += 1,
                // Who changed it in the meantime has answered, or has ended it.
                Err(error) if error.is_contention() => {}
                // One that cannot be ended stops no other, of whichever organization: it is tried again the next time.
                Err(error) => {
                    tracing::error!(kind = E::NAME, %id, code = error.code().as_str(), "something could not expire");
                }
            }
        }
        let Some(last) = last else { return Ok(ended) };
        seen = last;
    }
}

/// Ends one, over the version that was read.
async fn end<E: Lapses>(house: &Arc<House>, row: E::Model) -> Result<()> {
    let who = identify::operator_of(house, E::organization(&row), Arc::from("expiry")).await?;
    let mut tx = who.begin().await?;
    E::end(&mut tx, row).await?;
    tx.finish(Vec::new(), false).await.map(drop)
}

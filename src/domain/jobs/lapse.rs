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
use sea_orm::{Condition, QueryFilter as _, QuerySelect as _};

use crate::{
    auth::identify,
    domain::{clock, error::Result, tx::Tx, verb::Row},
    house::House,
};

/// How many of a kind are looked for at once.
const MANY: u64 = 100;

/// What expires.
pub(super) trait Lapses: Row<Model: Send + Sync> {
    /// Which rows have waited longer than they were to.
    fn overdue(now: DateTime<Utc>) -> Condition;
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

/// Ends what has waited too long of one kind: each by itself, so that one that somebody answers at this moment stops no other.
async fn of<E: Lapses>(house: &Arc<House>) -> Result<usize> {
    let overdue = E::find().filter(E::overdue(clock::now())).limit(MANY).all(&house.database.read).await?;
    let mut ended = 0;
    for row in overdue {
        let who = identify::operator_of(house, E::organization(&row), Arc::from("expiry")).await?;
        let mut tx = who.begin().await?;
        // It is written over the version that was read: who changed it in the meantime has answered, or has ended it.
        let done = match E::end(&mut tx, row).await {
            Ok(()) => tx.finish(Vec::new(), false).await.map(drop),
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => ended += 1,
            Err(error) if error.is_contention() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(ended)
}

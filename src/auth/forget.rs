//! Forgetting what is of no more use: revoked tokens that have expired, tokens of sessions that are over, old links.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use entity::platform::{password_reset, refresh_token, revoked_token, session};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, ExprTrait as _},
};

use crate::{
    domain::{clock, error::Result, idempotency},
    house::House,
};

/// How often.
const EVERY: Duration = Duration::from_mins(10);
/// How long something stays after its use, for those who look into what happened.
const GRACE: TimeDelta = TimeDelta::days(7);

/// Forgets, for as long as the instance runs.
pub async fn follow(house: Arc<House>) {
    loop {
        tokio::time::sleep(EVERY).await;
        if let Err(error) = once(&house.database.write, clock::now()).await {
            tracing::warn!(%error, "what has expired could not be removed; it is tried again");
        }
    }
}

/// Forgets once.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn once<C: ConnectionTrait>(db: &C, now: DateTime<Utc>) -> Result<()> {
    let past = now - GRACE;
    revoked_token::Entity::delete_many().filter(revoked_token::Column::ExpiresAt.lt(now)).exec(db).await?;
    password_reset::Entity::delete_many().filter(password_reset::Column::ExpiresAt.lt(past)).exec(db).await?;
    let over = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::EndedAt.lt(past).or(session::Column::ExpiresAt.lt(past)));
    refresh_token::Entity::delete_many()
        .filter(Expr::col(refresh_token::Column::SessionId).in_subquery(over.into_query()))
        .exec(db)
        .await?;
    idempotency::forget(db, now).await?;
    Ok(())
}

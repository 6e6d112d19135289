//! Revoking access tokens before their end.

use chrono::{DateTime, Utc};
use entity::platform::revoked_token::{ActiveModel, Column, Entity};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait as _, sea_query::OnConflict};

use super::token::Claims;
use crate::domain::error::Result;

/// Revokes one access token; the second time changes nothing.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn access_token<C: ConnectionTrait>(db: &C, claims: &Claims, now: DateTime<Utc>) -> Result<()> {
    if claims.exp <= now {
        return Ok(());
    }
    let row = ActiveModel { jti: Set(claims.jti.clone()), expires_at: Set(claims.exp) };
    let once = OnConflict::column(Column::Jti).do_nothing_on([Column::Jti]).to_owned();
    Entity::insert(row).on_conflict(once).exec_without_returning(db).await?;
    Ok(())
}

//! Setting passwords: by a one-time link, and at the command line.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::UserId,
    kind::{Form, Kind, text},
    object,
    platform::{password_reset, session::SessionEnd, user},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{login, rules, secret};
use crate::{
    domain::{
        clock,
        error::{Code, Error, Result},
        platform::session::end_all,
    },
    house::House,
};

/// What the secrets of links begin with, so that scanners know what leaked.
const PREFIX: &str = "cairn_pr_";
/// How long a link works.
const LIFE: TimeDelta = TimeDelta::hours(24);

const TOKEN: Kind = text(Form::Secret, 1, 1024);

object! {
    /// A new password, by a one-time link.
    PasswordReset {
        /// The secret of the link.
        required token: SecretString = TOKEN,
        /// The new password.
        required password: SecretString = rules::NEW,
    }
}

/// Makes the secret of a link, in place of those that the person had.
pub(crate) async fn link<C: ConnectionTrait>(db: &C, user: UserId, now: DateTime<Utc>) -> Result<SecretString> {
    password_reset::Entity::delete_many().filter(password_reset::Column::UserId.eq(user)).exec(db).await?;
    let token = secret::random_token(PREFIX);
    let row = password_reset::ActiveModel {
        fingerprint: Set(secret::fingerprint(token.expose_secret())),
        user_id: Set(user),
        created_at: Set(now),
        expires_at: Set(now + LIFE),
        used_at: Set(None),
    };
    password_reset::Entity::insert(row).exec_without_returning(db).await?;
    Ok(token)
}

/// Sets the password of the person to whom the link was made, and ends their sessions.
///
/// # Errors
/// `RESET_REJECTED` when the link is unknown, used or expired, `VALIDATION_FAILED` for a bad password.
pub async fn reset(house: &Arc<House>, input: PasswordReset, request_id: Arc<str>) -> Result<()> {
    let now = clock::now();
    let db = &house.database.write;
    let fingerprint = secret::fingerprint(input.token.expose_secret());
    let row = password_reset::Entity::find_by_id(&*fingerprint).one(db).await?;
    let row = row.filter(|row| row.used_at.is_none() && row.expires_at > now).ok_or_else(rejected)?;
    let user = user::Entity::find_by_id(row.user_id).one(db).await?;
    let user = user.filter(|user| user.deleted_at.is_none()).ok_or_else(rejected)?;
    let home = login::homes(db, user.id).await?.into_iter().next().ok_or_else(rejected)?;
    rules::check(&input.password, &user.email, "/password")?;
    // Before the transaction: hashing takes long, and SQLite has one writer.
    let hash = house.auth.passwords.hash(&input.password).await?;

    let mut tx = home.caller(house, request_id).begin().await?;
    let used = password_reset::Entity::update_many()
        .col_expr(password_reset::Column::UsedAt, tx.now.into())
        .filter(password_reset::Column::Fingerprint.eq(fingerprint))
        .filter(password_reset::Column::UsedAt.is_null())
        .exec(&tx.db)
        .await?;
    if used.rows_affected == 0 {
        tx.give_up().await?;
        return Err(rejected());
    }
    let at = tx.now;
    let after = tx
        .change::<user::Entity>(user, |row| {
            row.password_hash = Set(Some(hash));
            row.password_changed_at = Set(Some(at));
        })
        .await?;
    end_all(&mut tx, after.row.id, None, SessionEnd::PasswordChanged).await?;
    tx.record("password_reset", &after.row, json!({}))?;
    tx.done(&after.row).await?;
    Ok(())
}

fn rejected() -> Error {
    Error::field(Code::ResetRejected, "/token", "The link is unknown, was used, or has expired.")
}

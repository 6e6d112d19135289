//! Passwords of people: changing one's own, and links that set a new one.

use std::net::{IpAddr, Ipv6Addr};

use entity::{
    id::UserId,
    object,
    platform::{
        session::SessionEnd,
        user::{Entity, Model},
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{manages, session};
use crate::{
    auth::{login, reset, rules},
    domain::{
        caller::{Caller, forbidden},
        clock,
        error::{Code, Error, Result},
        policy::Action,
        verb::{Done, Nothing, Target},
    },
};

object! {
    /// A change of one's own password.
    PasswordChange {
        /// The password as it is.
        required current_password: SecretString = rules::KNOWN,
        /// The password as it shall be.
        required new_password: SecretString = rules::NEW,
    }
}

/// The hash of a first password, when there is one. Before any transaction: hashing takes long, and SQLite has one
/// writer.
pub(super) async fn first(who: &Caller, password: Option<&SecretString>, email: &str) -> Result<Option<String>> {
    let Some(password) = password else { return Ok(None) };
    rules::check(password, email, "/password")?;
    Ok(Some(who.house.auth.passwords.hash(password).await?))
}

pub(super) async fn change(who: Caller, target: Target<UserId>, input: PasswordChange) -> Result<Done> {
    let me = target.id;
    if who.user() != Some(me) {
        // Not found, or forbidden: as for any row.
        who.begin().await?.find_at::<Entity>(&target, Action::ChangePassword).await?;
        return Err(forbidden(Action::ChangePassword));
    }
    let known = Entity::find_by_id(me).one(&who.house.database.write).await?.ok_or_else(|| Error::not_found("user"))?;
    is_current(&who, &known, &input.current_password).await?;
    rules::check(&input.new_password, &known.email, "/newPassword")?;
    let hash = who.house.auth.passwords.hash(&input.new_password).await?;

    let mut tx = who.begin().await?;
    let user = tx.find_at::<Entity>(&target, Action::ChangePassword).await?;
    // Somebody was faster: what was just checked is no longer the password.
    if user.password_hash != known.password_hash {
        return Err(wrong());
    }
    let (at, kept) = (tx.now, tx.who.session);
    let after = tx
        .change::<Entity>(user, |row| {
            row.password_hash = Set(Some(hash));
            row.password_changed_at = Set(Some(at));
        })
        .await?;
    session::end_all(&mut tx, me, kept, SessionEnd::PasswordChanged).await?;
    tx.record("password_changed", &after.row, json!({}))?;
    tx.done(&after.row).await
}

/// Whether it is the person's password. Guessing with a stolen token is throttled like guessing at the log-in.
async fn is_current(who: &Caller, known: &Model, password: &SecretString) -> Result<()> {
    let throttle = &who.house.auth.throttle;
    // The core knows no addresses: one's own id stands for it.
    let (account, address) =
        (format!("password of {}", known.id), IpAddr::V6(Ipv6Addr::from_bits(known.id.0.as_u128())));
    throttle.check(&account, address, clock::now()).map_err(login::throttled)?;
    let outcome = who.house.auth.passwords.verify(password, known.password_hash.as_deref()).await;
    let now = clock::now();
    match outcome {
        Ok(true) => throttle.succeeded(&account, address, now),
        Ok(false) => throttle.failed(&account, address, now),
        Err(_) => throttle.released(&account, address, now),
    }
    if outcome? { Ok(()) } else { Err(wrong()) }
}

fn wrong() -> Error {
    Error::field(Code::PasswordWrong, "/currentPassword", "This is not the current password.")
}

pub(super) async fn create_reset(who: Caller, target: Target<UserId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let user = tx.find_at::<Entity>(&target, Action::ManageLogin).await?;
    manages(&tx, user.id).await?;
    let token = reset::link(&tx.db, user.id, tx.now).await?;
    tx.record("password_reset_created", &user, json!({}))?;
    tx.reveal(token.expose_secret().to_owned());
    tx.done(&user).await
}

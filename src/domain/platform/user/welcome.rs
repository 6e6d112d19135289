//! What the operator does for people at the command line, where nobody has to log in.

use entity::{
    platform::{membership::Role, user::Model},
    vocabulary::Set as Words,
};
use secrecy::SecretString;
use serde_json::json;

use super::{NewUser, member::enroll, membership};
use crate::{
    auth::{login, reset},
    domain::{caller::Caller, error::Result},
};

/// Who was made a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Welcomed {
    /// Somebody new.
    New,
    /// Somebody whom the installation knows, and who keeps their password.
    Known,
}

/// Makes somebody a member, with these roles beside those that they have: a new person, or one who is known here or
/// in another organization.
///
/// # Errors
/// `VALIDATION_FAILED` for a bad password, `UNAVAILABLE`.
pub async fn welcome(who: Caller, new: NewUser) -> Result<Welcomed> {
    let Some(known) = login::by_email(&who.house.database.write, &new.email).await? else {
        return enroll(who, new).await.map(|_| Welcomed::New);
    };
    let mut tx = who.begin().await?;
    let roles = new.roles.unwrap_or(Words::EMPTY.with(Role::Learner));
    match membership::of(&tx, known.id).await? {
        None => {
            membership::join(&mut tx, known.id, roles).await?;
        }
        Some(mut place) => {
            if place.deleted_at.is_some() {
                place = membership::rejoin(&mut tx, place).await?;
            }
            let together = place.roles.iter().chain(roles.iter()).collect();
            membership::set_roles(&mut tx, place, together).await?;
        }
    }
    tx.done(&known).await?;
    Ok(Welcomed::Known)
}

/// The secret of a one-time link for setting a new password.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn reset_link(who: Caller, user: &Model) -> Result<SecretString> {
    let mut tx = who.begin().await?;
    let token = reset::link(&tx.db, user.id, tx.now).await?;
    tx.record("password_reset_created", user, json!({}))?;
    tx.done(user).await?;
    Ok(token)
}

//! People's coming to an organization and going from it.

use entity::{
    id::UserId,
    platform::{
        membership::Role,
        user::{ActiveModel, Entity, Model},
    },
    vocabulary::Set as Words,
};
use sea_orm::{ActiveValue::Set, EntityTrait as _, QuerySelect as _};
use serde_json::json;

use super::{NewUser, UserPatch, email_taken, folded, mail_sha1, membership, password, place, revise, session};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    find::same_version,
    policy::Action,
    tx::Tx,
    verb::{Done, External, Nothing, Target},
};

pub(super) async fn create(who: Caller, new: NewUser) -> Result<Done> {
    who.may(Action::CreateUser)?;
    enroll(who, new).await
}

/// Takes a person in, for somebody who may or for the operator at the command line.
pub(super) async fn enroll(who: Caller, new: NewUser) -> Result<Done> {
    let hash = password::first(&who, new.password.as_ref(), &new.email).await?;
    let mut tx = who.begin().await?;
    let user = add(&mut tx, new, hash).await?;
    tx.made(&user).await
}

pub(super) async fn upsert(who: Caller, external: External, mut new: NewUser) -> Result<Done> {
    who.may(Action::CreateUser)?;
    let Some(id) = external.id else {
        new.external_refs.get_or_insert_default().push(external.reference());
        return enroll(who, new).await;
    };
    let mut tx = who.begin().await?;
    let target = Target { id: UserId(id), version: external.version };
    let user = match tx.find_at::<Entity>(&target, Action::EditUser).await {
        Err(error) if error.code() == Code::NotFound => bring_back(&mut tx, &target).await?,
        other => other?,
    };
    if new.password.is_some() {
        tx.warn("PASSWORD_KEPT", "The person is here already, and keeps the password that they have.");
    }
    if let Some(roles) = new.roles {
        let place = place(&tx, user.id).await?;
        membership::set_roles(&mut tx, place, roles).await?;
    }
    let patch = UserPatch {
        name: Some(new.name),
        email: Some(new.email),
        time_zone: new.time_zone,
        external_refs: new.external_refs,
    };
    let user = revise(&mut tx, user, patch).await?;
    tx.done(&user).await
}

async fn add(tx: &mut Tx, new: NewUser, hash: Option<String>) -> Result<Model> {
    let roles = new.roles.unwrap_or(Words::EMPTY.with(Role::Learner));
    membership::may_handle(&tx.who, roles)?;
    let row = ActiveModel {
        id: Set(clock::new_id()),
        email_folded: Set(folded(&new.email)),
        mail_sha1: Set(Some(mail_sha1(&new.email))),
        mail_folded_sha1: Set(Some(mail_sha1(&folded(&new.email)))),
        email: Set(new.email),
        name: Set(new.name),
        time_zone: Set(new.time_zone.unwrap_or_else(|| "UTC".to_owned())),
        password_changed_at: Set(hash.is_some().then_some(tx.now)),
        password_hash: Set(hash),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    };
    let user = tx.insert::<Entity>(row).await.map_err(email_taken)?;
    membership::join(tx, user.id, roles).await?;
    tx.refs(&user, new.external_refs.as_deref()).await?;
    tx.record("created", &user, json!({}))?;
    Ok(user)
}

pub(super) async fn delete(who: Caller, target: Target<UserId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let user = tx.find_at::<Entity>(&target, Action::ManageUser).await?;
    let place = place(&tx, user.id).await?;
    membership::may_handle(&tx.who, place.roles)?;
    membership::leave(&mut tx, place).await?;
    session::end_here(&mut tx, user.id).await?;
    let user = if membership::is_elsewhere(&tx, user.id).await? { user } else { vanish(&tx, user).await? };
    tx.record("deleted", &user, json!({}))?;
    tx.done(&user).await
}

/// Deletes who belongs nowhere any more. Their address is free then: somebody may be taken in anew.
async fn vanish(tx: &Tx, user: Model) -> Result<Model> {
    let freed = format!("{} {}", folded(&user.email), user.id);
    let after = tx
        .change::<Entity>(user, |row| {
            row.email_folded = Set(freed);
            row.deleted_at = Set(Some(tx.now));
        })
        .await?;
    Ok(after.row)
}

pub(super) async fn restore(who: Caller, target: Target<UserId>, _: Nothing) -> Result<Done> {
    who.may(Action::ManageUser)?;
    let mut tx = who.begin().await?;
    let user = bring_back(&mut tx, &target).await?;
    tx.done(&user).await
}

/// Brings a removed person back into the organization.
async fn bring_back(tx: &mut Tx, target: &Target<UserId>) -> Result<Model> {
    let place = membership::of(tx, target.id).await?.filter(|place| place.deleted_at.is_some());
    let place = place.ok_or_else(|| Error::not_found("user"))?;
    let user =
        Entity::find_by_id(target.id).lock_exclusive().one(&tx.db).await?.ok_or_else(|| Error::not_found("user"))?;
    same_version::<Entity>(&user, target.version)?;
    membership::may_handle(&tx.who, place.roles)?;
    membership::rejoin(tx, place).await?;
    let user = if user.deleted_at.is_some() { reappear(tx, user).await? } else { user };
    tx.record("restored", &user, json!({}))?;
    Ok(user)
}

/// Brings a deleted person back, unless their address was taken in the meantime.
async fn reappear(tx: &Tx, user: Model) -> Result<Model> {
    let folded = folded(&user.email);
    let sums = (mail_sha1(&user.email), mail_sha1(&folded));
    let after = tx.change::<Entity>(user, |row| {
        row.email_folded = Set(folded);
        row.mail_sha1.set_if_not_equals(Some(sums.0));
        row.mail_folded_sha1.set_if_not_equals(Some(sums.1));
        row.deleted_at = Set(None);
    });
    Ok(after.await.map_err(email_taken)?.row)
}

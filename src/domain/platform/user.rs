//! People: who they are, once per installation, and their coming and going in an organization (§37).

mod password;
pub mod welcome;

use entity::{
    id::UserId,
    kind::{Form, Kind, id, int, line, text},
    object,
    platform::{
        membership::{self as row_of_member, Role},
        user::{ActiveModel, Column, Entity, Model},
    },
    vocabulary::Set as Words,
};
use sea_orm::{ActiveValue::Set, EntityTrait as _, QuerySelect as _};
use secrecy::SecretString;
use serde_json::json;

use super::{membership, session};
use crate::{
    auth::rules,
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, Tenant, leaf},
};

const NAME: Kind = line(1, 200);
/// An e-mail address.
pub const EMAIL: Kind = text(Form::Email, 3, 254);
const TIME_ZONE: Kind = text(Form::TimeZone, 1, 64);

impl Row for Entity {
    const NAME: &'static str = "User";
    type Id = UserId;
}

/// How each column is shown.
fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<UserId>(), "The id."),
        Column::Email => leaf(EMAIL, "The e-mail address, unique in the installation.").filter().sort(),
        Column::Name => leaf(NAME, "What the person is called.").sort(),
        Column::TimeZone => leaf(TIME_ZONE, "An IANA time zone: days and weeks are theirs."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When they were taken in.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When they last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When they were removed from the last organization; they can be restored."),
        Column::EmailFolded | Column::PasswordHash | Column::PasswordChangedAt => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>("User", "A person (§37).", "usr", Action::ViewUser, show)
        .tenant(Tenant::Members)
        .order("created_at", false)
        .external_refs()
        .many("memberships", "user_id", "Membership", "Their place in this organization.");
    Resource { shape, plural: "users", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    vec![
        Verb::create(Action::CreateUser, "Take a person in, as a member of the organization.", create),
        Verb::upsert(Action::CreateUser, "Take in or change the person that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", Action::EditUser, "Change a person.", update),
        Verb::on::<Entity, _, _, _>("delete", Action::ManageUser, "Remove a person from the organization; they can be restored.", delete),
        Verb::on::<Entity, _, _, _>("restore", Action::ManageUser, "Bring a removed person back.", restore),
        Verb::on::<Entity, _, _, _>("changePassword", Action::ChangePassword, "Change one's own password; one's other sessions end.", password::change),
        Verb::on::<Entity, _, _, _>("createPasswordReset", Action::ManageUser, "Make a one-time link for setting a new password.", password::create_reset)
            .reveals("token", "The secret of the link, for POST /auth/reset-password; it works once, for 24 hours."),
    ]
}

object! {
    /// A person to take in.
    NewUser {
        /// What the person is called.
        required name: String = NAME,
        /// The e-mail address.
        required email: String = EMAIL,
        /// An IANA time zone; `UTC` when it is not given.
        optional time_zone: String = TIME_ZONE,
        /// As what; `LEARNER` when it is not given. Only an administrator makes administrators.
        optional roles: Words<Role> = membership::ROLES,
        /// A first password. Without one, a one-time link sets it.
        optional password: SecretString = rules::NEW,
        /// The names that other systems have for them.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a person.
    UserPatch {
        /// What the person is called.
        change name: String = NAME,
        /// The e-mail address: changed by those who manage people, of those who belong to no other organization.
        change email: String = EMAIL,
        /// An IANA time zone.
        change time_zone: String = TIME_ZONE,
        /// The names that other systems have for them, in place of those that they had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewUser) -> Result<Done> {
    who.may(Action::CreateUser)?;
    enroll(who, new).await
}

/// Takes a person in, for somebody who may or for the operator at the command line.
pub(crate) async fn enroll(who: Caller, new: NewUser) -> Result<Done> {
    let hash = password::first(&who, new.password.as_ref(), &new.email).await?;
    let mut tx = who.begin().await?;
    let user = add(&mut tx, new, hash).await?;
    tx.made(&user).await
}

async fn upsert(who: Caller, external: External, mut new: NewUser) -> Result<Done> {
    who.may(Action::CreateUser)?;
    let Some(id) = external.id else {
        new.external_refs.get_or_insert_default().push(external.reference());
        return enroll(who, new).await;
    };
    let mut tx = who.begin().await?;
    let target = Target { id: UserId(id), version: external.version };
    let user = tx.find_at::<Entity>(&target, Action::EditUser).await?;
    if new.password.is_some() {
        tx.warn("PASSWORD_KEPT", "The person is here already, and keeps the password that they have.");
    }
    if let Some(roles) = new.roles {
        let place = place(&tx, user.id).await?;
        membership::may_handle(&tx.who, roles)?;
        membership::may_handle(&tx.who, place.roles)?;
        membership::set_roles(&mut tx, place, roles).await?;
    }
    let patch = UserPatch { name: Some(new.name), email: Some(new.email), time_zone: new.time_zone, external_refs: new.external_refs };
    let user = revise(&mut tx, user, patch).await?;
    tx.done(&user).await
}

async fn add(tx: &mut Tx, new: NewUser, hash: Option<String>) -> Result<Model> {
    let roles = new.roles.unwrap_or(Words::EMPTY.with(Role::Learner));
    membership::may_handle(&tx.who, roles)?;
    let row = ActiveModel {
        id: Set(clock::new_id()),
        email_folded: Set(folded(&new.email)),
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
    tx.record("created", &user, Some(user.id), json!({}))?;
    Ok(user)
}

async fn update(who: Caller, target: Target<UserId>, patch: UserPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let user = tx.find_at::<Entity>(&target, Action::EditUser).await?;
    let user = revise(&mut tx, user, patch).await?;
    tx.done(&user).await
}

async fn revise(tx: &mut Tx, user: Model, patch: UserPatch) -> Result<Model> {
    let email = patch.email.filter(|email| *email != user.email);
    if email.is_some() {
        manages(tx, user.id).await?;
    }
    let after = tx
        .change::<Entity>(user, |row| {
            if let Some(name) = patch.name {
                row.name.set_if_not_equals(name);
            }
            if let Some(zone) = patch.time_zone {
                row.time_zone.set_if_not_equals(zone);
            }
            if let Some(email) = email {
                row.email_folded.set_if_not_equals(folded(&email));
                row.email.set_if_not_equals(email);
            }
        })
        .await
        .map_err(email_taken)?;
    tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    if after.changed {
        tx.record("updated", &after.row, Some(after.row.id), json!({}))?;
    }
    Ok(after.row)
}

/// Whether the caller may change how a person gets in: their e-mail and their password. Not of those who belong to
/// another organization too, which would be opened with it; and only administrators of administrators.
async fn manages(tx: &Tx, user: UserId) -> Result<()> {
    tx.who.may(Action::ManageUser)?;
    membership::may_handle(&tx.who, place(tx, user).await?.roles)?;
    if membership::is_elsewhere(tx, user).await? {
        return Err(Error::new(Code::Forbidden, "The person belongs to another organization too: only they themself, or the operator, can do this."));
    }
    Ok(())
}

/// A member's place here.
async fn place(tx: &Tx, user: UserId) -> Result<row_of_member::Model> {
    let here = membership::of(tx, user).await?.filter(|place| place.deleted_at.is_none());
    here.ok_or_else(|| Error::not_found("user"))
}

async fn delete(who: Caller, target: Target<UserId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let user = tx.find_at::<Entity>(&target, Action::ManageUser).await?;
    let place = place(&tx, user.id).await?;
    membership::may_handle(&tx.who, place.roles)?;
    membership::leave(&mut tx, place).await?;
    session::end_here(&mut tx, user.id).await?;
    let user = if membership::is_elsewhere(&tx, user.id).await? { user } else { vanish(&tx, user).await? };
    tx.record("deleted", &user, Some(user.id), json!({}))?;
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

async fn restore(who: Caller, target: Target<UserId>, _: Nothing) -> Result<Done> {
    who.may(Action::ManageUser)?;
    let mut tx = who.begin().await?;
    let place = membership::of(&tx, target.id).await?.filter(|place| place.deleted_at.is_some());
    let place = place.ok_or_else(|| Error::not_found("user"))?;
    let user = Entity::find_by_id(target.id).lock_exclusive().one(&tx.db).await?.ok_or_else(|| Error::not_found("user"))?;
    if target.version.is_some_and(|known| known != user.version) {
        let error = Error::new(Code::VersionMismatch, "It has changed since the version that you know.");
        return Err(error.with(json!({ "expected": target.version, "current": user.version })));
    }
    membership::may_handle(&tx.who, place.roles)?;
    membership::rejoin(&mut tx, place).await?;
    let user = if user.deleted_at.is_some() { reappear(&tx, user).await? } else { user };
    tx.record("restored", &user, Some(user.id), json!({}))?;
    tx.done(&user).await
}

/// Brings a deleted person back, unless their address was taken in the meantime.
pub(crate) async fn reappear(tx: &Tx, user: Model) -> Result<Model> {
    let folded = folded(&user.email);
    let after = tx.change::<Entity>(user, |row| {
        row.email_folded = Set(folded);
        row.deleted_at = Set(None);
    });
    Ok(after.await.map_err(email_taken)?.row)
}

fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The only thing about a person that can be taken is the address.
fn email_taken(error: Error) -> Error {
    if error.code() != Code::AlreadyExists {
        return error;
    }
    Error::field(Code::EmailTaken, "/email", "Somebody in this installation has this e-mail address.")
}

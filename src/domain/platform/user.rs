//! People: who they are, once per installation, and their coming and going in an organization (§37).

mod member;
mod password;
pub mod welcome;

use std::fmt::Write as _;

use entity::{
    id::UserId,
    kind::{Form, Kind, id, int, line, text},
    object,
    platform::{
        membership::{self as row_of_member, Role},
        user::{Column, Entity, Model},
    },
    vocabulary::Set as Words,
};
use secrecy::SecretString;
use serde_json::json;

use super::{membership, session};
use crate::{
    auth::rules,
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, Tenant, leaf},
};

const NAME: Kind = line(1, 200);
/// An e-mail address.
pub const EMAIL: Kind = text(Form::Email, 3, 254);
/// An IANA time zone.
pub const TIME_ZONE: Kind = text(Form::TimeZone, 1, 64);

impl Row for Entity {
    const NAME: &'static str = "User";
    type Id = UserId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.id)
    }
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
        Column::DeletedAt => {
            leaf(Kind::Time, "When they were removed from the last organization; they can be restored.")
        }
        Column::EmailFolded
        | Column::MailSha1
        | Column::MailFoldedSha1
        | Column::PasswordHash
        | Column::PasswordChangedAt => return None,
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
        Verb::create(Action::CreateUser, "Take a person in, as a member of the organization.", member::create),
        Verb::upsert(
            Action::CreateUser,
            "Take in or change the person that another system's name stands for.",
            member::upsert,
        ),
        Verb::on::<Entity, _, _, _>("update", Action::EditUser, "Change a person.", update),
        Verb::on::<Entity, _, _, _>(
            "delete",
            Action::ManageUser,
            "Remove a person from the organization; they can be restored.",
            member::delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", Action::ManageUser, "Bring a removed person back.", member::restore),
        Verb::on::<Entity, _, _, _>(
            "changePassword",
            Action::ChangePassword,
            "Change one's own password; one's other sessions end.",
            password::change,
        ),
        Verb::on::<Entity, _, _, _>(
            "createPasswordReset",
            Action::ManageLogin,
            "Make a one-time link for setting a new password.",
            password::create_reset,
        )
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

async fn update(who: Caller, target: Target<UserId>, patch: UserPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let user = tx.find_at::<Entity>(&target, Action::EditUser).await?;
    let user = revise(&mut tx, user, patch).await?;
    tx.done(&user).await
}

/// Changes the time zone that somebody lives in, which they have only one of: whether it was another.
pub(crate) async fn live_in(tx: &mut Tx, user: UserId, zone: String) -> Result<bool> {
    let user = tx.find::<Entity>(user, Action::EditUser).await?;
    let was = user.time_zone.clone();
    let patch = UserPatch { name: None, email: None, time_zone: Some(zone), external_refs: None };
    Ok(revise(tx, user, patch).await?.time_zone != was)
}

async fn revise(tx: &mut Tx, user: Model, patch: UserPatch) -> Result<Model> {
    let email = patch.email.filter(|email| *email != user.email);
    if email.is_some() {
        manages(tx, user.id).await?;
    }
    // Whoever claims a name that another system has for somebody else would be changed in their place.
    if patch.external_refs.is_some() {
        tx.who.may(Action::ManageUser)?;
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
                row.mail_sha1.set_if_not_equals(Some(mail_sha1(&email)));
                row.mail_folded_sha1.set_if_not_equals(Some(mail_sha1(&folded(&email))));
                row.email.set_if_not_equals(email);
            }
        })
        .await
        .map_err(email_taken)?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

/// Whether the caller may change how a person gets in: their e-mail and their password. Not of those who belong to
/// another organization too, which would be opened with it; and only administrators of administrators.
async fn manages(tx: &Tx, user: UserId) -> Result<()> {
    tx.who.may(Action::ManageLogin)?;
    membership::may_handle(&tx.who, place(tx, user).await?.roles)?;
    if membership::is_elsewhere(tx, user).await? {
        return Err(Error::new(
            Code::Forbidden,
            "The person belongs to another organization too: only they themself, or the operator, can do this.",
        ));
    }
    Ok(())
}

/// A member's place here.
async fn place(tx: &Tx, user: UserId) -> Result<row_of_member::Model> {
    let here = membership::of(tx, user).await?.filter(|place| place.deleted_at.is_none());
    here.ok_or_else(|| Error::not_found("user"))
}

fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

/// The name that xAPI makes of an address for those who would not tell it.
fn mail_sha1(email: &str) -> String {
    let digest =
        aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, format!("mailto:{email}").as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The only thing about a person that can be taken is the address.
fn email_taken(error: Error) -> Error {
    if error.code() != Code::AlreadyExists {
        return error;
    }
    Error::field(Code::EmailTaken, "/email", "Somebody in this installation has this e-mail address.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_name_that_xapi_makes_of_it() {
        // The example of the standard.
        assert_eq!(mail_sha1("xapi@adlnet.gov"), "cd9b00a5611f94eaa7b1661edab976068e364975");
    }
}

//! Grants: what people open to each other, for as long as they want (§37).

use chrono::{DateTime, Utc};
use entity::{
    id::{GrantId, UserId},
    kind::{Form, Kind, Patch, id, int, text, word},
    object,
    platform::{
        client::Scope,
        grant::{ActiveModel, Column, Entity, Model},
    },
    vocabulary::Set as Words,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::membership;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const SCOPE: Kind = word::<Scope>();
/// What is opened: something at least.
const SCOPES: Kind = Kind::List { of: &SCOPE, min: 1, max: 64 };

impl Row for Entity {
    const NAME: &'static str = "Grant";
    type Id = GrantId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

/// How each column is shown.
fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<GrantId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who opens what is theirs.").filter(),
        Column::GranteeId => leaf(id::<UserId>(), "To whom.").filter(),
        Column::Scopes => leaf(SCOPES, "What."),
        Column::ExpiresAt => leaf(Kind::Time, "Until when; without it, until it is revoked.").filter().sort(),
        Column::RevokedAt => leaf(Kind::Time, "When it was revoked.").filter(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::OrganizationId | Column::DeletedAt => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Grant",
        "What a person opens to another, such as a coach; revoked, it works no more at once.",
        "grt",
        Action::ViewGrant,
        show,
    )
    .order("created_at", false)
    .one("owner", "owner_id", "User", "Who opens what is theirs.")
    .one("grantee", "grantee_id", "User", "To whom.");
    let verbs = vec![
        Verb::create(Action::CreateGrant, "Open what is yours to somebody of your organization.", create),
        Verb::on::<Entity, _, _, _>("update", Action::EditGrant, "Change what is opened, or until when.", update),
        Verb::on::<Entity, _, _, _>("revoke", Action::EditGrant, "Take it back, at once.", revoke),
    ];
    Resource { shape, plural: "grants", verbs }
}

object! {
    /// Something to open.
    NewGrant {
        /// To whom, by their id; this or the e-mail address.
        optional grantee_id: UserId = id::<UserId>(),
        /// To whom, by their e-mail address.
        optional grantee_email: String = text(Form::Email, 3, 254),
        /// What: scopes of areas that people own, or `reports:read` for reports about you.
        required scopes: Words<Scope> = SCOPES,
        /// Until when; in the future.
        optional expires_at: DateTime<Utc> = Kind::Time,
    }
}

object! {
    /// Changes to a grant.
    GrantPatch {
        /// What.
        change scopes: Words<Scope> = SCOPES,
        /// Until when; in the future.
        clear expires_at: DateTime<Utc> = Kind::Time,
    }
}

async fn create(who: Caller, new: NewGrant) -> Result<Done> {
    who.may(Action::CreateGrant)?;
    let owner = who.person()?;
    let mut tx = who.begin().await?;
    openable(new.scopes)?;
    is_ahead(new.expires_at, tx.now)?;
    let grantee = grantee(&tx, &new).await?;
    not_oneself(owner, grantee)?;
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(owner),
            grantee_id: Set(grantee),
            scopes: Set(new.scopes),
            expires_at: Set(new.expires_at),
            revoked_at: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &row, said(&row))?;
    tx.made(&row).await
}

async fn update(who: Caller, target: Target<GrantId>, patch: GrantPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditGrant).await?;
    if was.revoked_at.is_some() {
        let error = Error::new(Code::InvalidTransition, "The grant was revoked; open a new one.");
        return Err(error.with(json!({ "from": "REVOKED", "command": "update", "allowed": [] })));
    }
    let scopes = patch.scopes.unwrap_or(was.scopes);
    openable(scopes)?;
    if let Patch::Set(at) = patch.expires_at {
        is_ahead(Some(at), tx.now)?;
    }
    let expires_at = patch.expires_at.over(was.expires_at);
    let after = tx
        .change::<Entity>(was, |row| {
            row.scopes.set_if_not_equals(scopes);
            row.expires_at.set_if_not_equals(expires_at);
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, said(&after.row))?;
    }
    tx.done(&after.row).await
}

async fn revoke(who: Caller, target: Target<GrantId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditGrant).await?;
    if was.revoked_at.is_some() {
        return tx.done(&was).await;
    }
    let at = tx.now;
    let after = tx.change::<Entity>(was, |row| row.revoked_at = Set(Some(at))).await?;
    tx.record("revoked", &after.row, json!({ "granteeId": after.row.grantee_id }))?;
    tx.done(&after.row).await
}

fn said(row: &Model) -> serde_json::Value {
    json!({ "granteeId": row.grantee_id, "scopes": row.scopes, "expiresAt": row.expires_at.map(clock::rfc3339) })
}

/// To whom: anybody who is a member here. Whoever knows an address may open to it; nobody else is told of.
async fn grantee(tx: &Tx, new: &NewGrant) -> Result<UserId> {
    match (new.grantee_id, &new.grantee_email) {
        (Some(id), None) => membership::member(tx, id, "/granteeId").await,
        (None, Some(email)) => membership::member_by_email(tx, email, "/granteeEmail").await,
        _ => Err(Error::field(Code::GranteeAmbiguous, "/granteeId", "Name either granteeId or granteeEmail.")),
    }
}

fn not_oneself(owner: UserId, grantee: UserId) -> Result<()> {
    if owner == grantee { Err(Error::new(Code::SelfGrant, "What is yours is open to you already.")) } else { Ok(()) }
}

/// Only what somebody owns can be opened: nobody opens the organization's people or its feed.
fn openable(scopes: Words<Scope>) -> Result<()> {
    let closed =
        [Scope::IdentityRead, Scope::IdentityWrite, Scope::EventsRead, Scope::EventsWrite, Scope::ReportsWrite];
    match closed.into_iter().find(|scope| scopes.has(*scope)) {
        Some(scope) => Err(Error::field(
            Code::ScopeNotGrantable,
            "/scopes",
            format!("{scope} is not something that a person owns."),
        )),
        None => Ok(()),
    }
}

fn is_ahead(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<()> {
    match at {
        Some(at) if at <= now => Err(Error::field(Code::ExpiryPast, "/expiresAt", "must be in the future.")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn what_can_be_opened_and_until_when() {
        assert!(openable([Scope::LearningReview, Scope::JobsRead, Scope::ReportsRead].into_iter().collect()).is_ok());
        assert_eq!(openable(Words::EMPTY.with(Scope::IdentityWrite)).unwrap_err().field_errors()[0].pointer, "/scopes");
        let now = clock::now();
        assert!(is_ahead(None, now).is_ok() && is_ahead(Some(now + TimeDelta::seconds(1)), now).is_ok());
        assert!(is_ahead(Some(now), now).is_err());
        let me = clock::new_id();
        assert_eq!(not_oneself(me, me).unwrap_err().code(), Code::SelfGrant);
    }
}

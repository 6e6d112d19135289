//! Whom and what reports name: people and learning resources, by the names that other systems have for them.

use entity::{
    id::{LearningResourceId, UserId},
    learning::learning_resource,
    platform::{membership, user},
};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::domain::{
    error::Result,
    external::{self, ExternalRef},
    tx::Tx,
};

/// The source of the names that xAPI has for things.
pub(in crate::domain::learning) const XAPI: &str = "xapi";

/// A name of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::domain::learning) enum Name {
    /// The id.
    Id(UserId),
    /// The name that another system has for them.
    Ref(ExternalRef),
    /// The e-mail address.
    Email(String),
    /// The SHA-1 of `mailto:` and the e-mail address, in small hexadecimal digits.
    MailSha1(String),
}

/// A name of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::domain::learning) enum Thing {
    /// The name that another system has for it.
    Ref(ExternalRef),
    /// Its IRI: a name that xAPI has for it, or else where it is.
    Iri(String),
}

/// The person of this organization who has the first of these names that somebody has.
pub(in crate::domain::learning) async fn person(tx: &Tx, names: &[Name]) -> Result<Option<UserId>> {
    for name in names {
        if let Some(id) = named(tx, name).await? {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

async fn named(tx: &Tx, name: &Name) -> Result<Option<UserId>> {
    let found = match name {
        Name::Id(id) => Some(*id),
        Name::Ref(one) => external::find_in(
            &tx.db,
            tx.who.organization,
            &external::Book::shared("usr"),
            &one.source,
            &one.external_id,
        )
        .await?
        .map(UserId),
        // PostgreSQL has no text with NUL: there is no such address.
        Name::Email(address) if address.contains('\0') => None,
        Name::Email(address) => {
            by(tx, Condition::all().add(user::Column::EmailFolded.eq(address.to_lowercase()))).await?
        }
        Name::MailSha1(sum) => {
            let as_given = user::Column::MailSha1.eq(sum.as_str());
            by(tx, Condition::any().add(as_given).add(user::Column::MailFoldedSha1.eq(sum.as_str()))).await?
        }
    };
    let Some(id) = found else { return Ok(None) };
    let member = membership::Entity::find()
        .filter(membership::Column::OrganizationId.eq(tx.who.organization))
        .filter(membership::Column::UserId.eq(id))
        .filter(membership::Column::DeletedAt.is_null())
        .one(&tx.db)
        .await?;
    Ok(member.map(|_| id))
}

/// Among the living an address, however it is written, is one person's.
async fn by(tx: &Tx, address: Condition) -> Result<Option<UserId>> {
    let found = user::Entity::find().filter(address).filter(user::Column::DeletedAt.is_null()).one(&tx.db).await?;
    Ok(found.map(|row| row.id))
}

/// The learning resource that has a name.
pub(in crate::domain::learning) async fn resource(tx: &Tx, thing: &Thing) -> Result<Option<learning_resource::Model>> {
    match thing {
        Thing::Ref(one) => by_name(tx, &one.source, &one.external_id).await,
        Thing::Iri(iri) => match by_name(tx, XAPI, iri).await? {
            None => by_address(tx, iri).await,
            found => Ok(found),
        },
    }
}

async fn by_name(tx: &Tx, source: &str, external_id: &str) -> Result<Option<learning_resource::Model>> {
    let id =
        external::find_in(&tx.db, tx.who.organization, &external::Book::shared("res"), source, external_id).await?;
    let Some(id) = id else { return Ok(None) };
    let found = learning_resource::Entity::find_by_id(LearningResourceId(id))
        .filter(learning_resource::Column::DeletedAt.is_null());
    Ok(found.one(&tx.db).await?)
}

async fn by_address(tx: &Tx, url: &str) -> Result<Option<learning_resource::Model>> {
    let found = learning_resource::Entity::find()
        .filter(learning_resource::Column::OrganizationId.eq(tx.who.organization))
        .filter(learning_resource::Column::Url.eq(url))
        .filter(learning_resource::Column::DeletedAt.is_null())
        // Of several at one address, the first that was added.
        .order_by_asc(learning_resource::Column::Id);
    Ok(found.one(&tx.db).await?)
}

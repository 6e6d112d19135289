//! The people whom a project names: what the caller may know of them, and who of them is known here.

use std::collections::{BTreeMap, BTreeSet};

use entity::id::{ContactId, UserId};
use sea_orm::FromQueryResult;

use super::document::people::{ContactName, PersonName};
use crate::{
    domain::{error::Result, look::Look, tx::Tx},
    read::{shape::shape, sql::Arg},
};

/// What the caller may know of people.
#[derive(Debug, Default)]
pub struct Names {
    people: BTreeMap<UserId, (String, String)>,
    contacts: BTreeMap<ContactId, String>,
}

#[derive(FromQueryResult)]
struct Person {
    id: UserId,
    email: String,
    name: String,
}

#[derive(FromQueryResult)]
struct Contact {
    id: ContactId,
    name: String,
}

impl Names {
    /// Of these people, in two statements.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn of(look: &Look, people: BTreeSet<UserId>, contacts: BTreeSet<ContactId>) -> Result<Self> {
        let mut sql = look.sql();
        sql.push("SELECT u.id, u.email, u.name FROM \"user\" u WHERE u.deleted_at IS NULL AND ").column("u", "id");
        sql.among(Arg::Uuids(people.into_iter().map(|id| id.0).collect())).push(" AND ");
        sql.visible(shape("User"), "u", &look.who);
        let people = look.rows::<Person>(&sql).await?.into_iter().map(|row| (row.id, (row.email, row.name))).collect();
        let mut sql = look.sql();
        sql.push("SELECT c.id, c.name FROM \"contact\" c WHERE c.deleted_at IS NULL AND ").column("c", "id");
        sql.among(Arg::Uuids(contacts.into_iter().map(|id| id.0).collect())).push(" AND ");
        sql.visible(shape("Contact"), "c", &look.who);
        let contacts = look.rows::<Contact>(&sql).await?.into_iter().map(|row| (row.id, row.name)).collect();
        Ok(Self { people, contacts })
    }

    /// Somebody of the organization, in a document.
    #[must_use]
    pub fn person(&self, id: UserId) -> PersonName {
        let (email, name) = self.people.get(&id).cloned().unzip();
        PersonName { id: Some(id), email, name }
    }

    /// Somebody whom the owner knows, in a document.
    #[must_use]
    pub fn contact(&self, id: ContactId) -> ContactName {
        ContactName { id: Some(id), name: self.contacts.get(&id).cloned() }
    }

    /// What somebody is called, when the caller may know it.
    #[must_use]
    pub fn called(&self, id: UserId) -> Option<&str> {
        self.people.get(&id).map(|(_, name)| name.as_str())
    }

    /// What a contact is called, when the caller may know it.
    #[must_use]
    pub fn contact_called(&self, id: ContactId) -> Option<&str> {
        self.contacts.get(&id).map(String::as_str)
    }
}

/// Who of the people whom a document names is known here.
#[derive(Debug, Default)]
pub struct Known {
    people: BTreeSet<UserId>,
    emails: BTreeMap<String, UserId>,
    contacts: BTreeSet<ContactId>,
}

#[derive(FromQueryResult)]
struct Member {
    id: UserId,
    email_folded: String,
}

#[derive(FromQueryResult)]
struct ContactHere {
    id: ContactId,
}

impl Known {
    /// Finds people who belong to the organization, by their ids and addresses, and contacts of the owner, in two
    /// statements.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(tx: &Tx, owner: UserId, people: &[&PersonName], contacts: BTreeSet<ContactId>) -> Result<Self> {
        let ids = people.iter().filter_map(|name| name.id).map(|id| id.0).collect();
        let emails = people.iter().filter_map(|name| name.email.as_deref()).map(folded).collect();
        let mut sql = tx.sql();
        // Each half has an index of its own.
        for (place, (column, list)) in
            [("id", Arg::Uuids(ids)), ("email_folded", Arg::Texts(emails))].into_iter().enumerate()
        {
            sql.push(if place == 0 { "" } else { " UNION " });
            sql.push("SELECT u.id, u.email_folded FROM \"user\" u JOIN \"membership\" m ON m.user_id = u.id ");
            sql.push("WHERE m.deleted_at IS NULL AND u.deleted_at IS NULL AND m.organization_id = ");
            sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND ").column("u", column).among(list);
        }
        let rows = tx.rows::<Member>(&sql).await?;
        let mut sql = tx.sql();
        sql.push("SELECT c.id FROM \"contact\" c WHERE c.deleted_at IS NULL AND c.organization_id = ");
        sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND c.owner_id = ").bind(Arg::Uuid(owner.0)).push(" AND ");
        sql.column("c", "id").among(Arg::Uuids(contacts.into_iter().map(|id| id.0).collect()));
        let contacts = tx.rows::<ContactHere>(&sql).await?.into_iter().map(|row| row.id).collect();
        let people = rows.iter().map(|row| row.id).collect();
        Ok(Self { people, emails: rows.into_iter().map(|row| (row.email_folded, row.id)).collect(), contacts })
    }

    /// Somebody of the organization: by the id, else by the e-mail address.
    #[must_use]
    pub fn person(&self, name: &PersonName) -> Option<UserId> {
        let by_id = name.id.filter(|id| self.people.contains(id));
        by_id.or_else(|| self.emails.get(&folded(name.email.as_deref()?)).copied())
    }

    /// A contact of the owner.
    #[must_use]
    pub fn contact(&self, id: ContactId) -> Option<ContactId> {
        Some(id).filter(|id| self.contacts.contains(id))
    }
}

fn folded(email: &str) -> String {
    email.trim().to_lowercase()
}

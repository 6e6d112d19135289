//! Whom and what a statement names: the people and learning resources behind accounts, addresses and IRIs.

use entity::{
    id::UserId,
    learning::learning_resource::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{
    super::completion::{self, Person},
    meaning::{Actor, SOURCE},
};
use crate::domain::{
    error::{Code, Error, Result},
    external::ExternalRef,
    tx::Tx,
};

/// The person of this organization whom a statement names.
pub(super) async fn person(tx: &Tx, actor: &Actor, at: &str) -> Result<UserId> {
    for person in names(actor) {
        if let Some(id) = completion::person(tx, &person).await? {
            return Ok(id);
        }
    }
    let why = match actor {
        Actor::Other(name) => format!("Nobody is found by {name}: name people by mbox or by account."),
        _ => "There is no such person in this organization.".to_owned(),
    };
    Err(Error::field(Code::UserUnknown, &format!("{at}/actor"), why))
}

/// The names under which somebody may be known here, the surest first.
fn names(actor: &Actor) -> Vec<Person> {
    let by_email = |email: &str| Person { id: None, external_ref: None, email: Some(email.to_owned()) };
    let by_ref = |source: &str, external_id: String| {
        let external_ref = ExternalRef { source: source.to_owned(), external_id };
        Person { id: None, external_ref: Some(external_ref), email: None }
    };
    match actor {
        Actor::Mail(address) => vec![by_email(address)],
        Actor::Account(home, name) => {
            let mut names = vec![by_ref(SOURCE, format!("{home}|{name}"))];
            names.extend(name.contains('@').then(|| by_email(name)));
            names.extend(host(home).map(|host| by_ref(&host, name.clone())));
            names
        }
        Actor::Other(_) => Vec::new(),
    }
}

/// The host of an address, without the port: the source of the names that an installation has.
fn host(home: &str) -> Option<String> {
    let (_, rest) = home.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// The learning resource that an IRI stands for: by the name that it was given, or by where it is.
pub(super) async fn resource(tx: &Tx, iri: &str, at: &str) -> Result<Model> {
    let named = ExternalRef { source: SOURCE.to_owned(), external_id: iri.to_owned() };
    if let Some(found) = completion::resource_named(tx, &named).await? {
        return Ok(found);
    }
    let found = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::Url.eq(iri))
        .filter(Column::DeletedAt.is_null())
        // Of several at one address, the first that was added.
        .order_by_asc(Column::Id)
        .one(&tx.db)
        .await?;
    found.ok_or_else(|| {
        let why = "No learning resource has this address, or this external id of the source xapi.";
        Error::field(Code::ResourceUnknown, &format!("{at}/object"), why)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_looked_for_by_three_names() {
        let shown = |home: &str, name: &str| {
            let names = names(&Actor::Account(home.to_owned(), name.to_owned()));
            let one = |person: Person| match (person.external_ref, person.email) {
                (Some(one), _) => format!("{} {}", one.source, one.external_id),
                (_, email) => email.unwrap_or_default(),
            };
            names.into_iter().map(one).collect::<Vec<_>>()
        };
        assert_eq!(
            shown("https://Moodle.example:8443/x", "42"),
            ["xapi https://Moodle.example:8443/x|42", "moodle.example 42"]
        );
        assert_eq!(
            shown("http://m.example", "ada@example.org"),
            ["xapi http://m.example|ada@example.org", "ada@example.org", "m.example ada@example.org"]
        );
        assert_eq!(shown("urn:x", "1"), ["xapi urn:x|1"]);
    }
}

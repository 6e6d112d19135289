//! `cairn token`: a bearer token from the operator's own shell.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::{id::ClientId, platform::client};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::{Outcome, TokenArgs, open, say};
use crate::{
    auth::{
        access::{self, Subject, Ticket},
        login::{self, Home},
        scopes,
        token::MAX_LIFETIME,
    },
    config::Config,
    domain::clock,
    house::House,
};

/// Prints the token, and nothing else.
pub(super) async fn run(config: Config, args: TokenArgs) -> Outcome {
    let life = TimeDelta::from_std(args.ttl).ok().filter(|life| *life <= MAX_LIFETIME);
    let life = life.ok_or_else(|| format!("--ttl is at most {}d", MAX_LIFETIME.num_days()))?;
    let token = open::with(config, async |house| match (args.email, args.client) {
        (Some(email), _) => of_person(house, &home(house, &email, args.org.as_deref()).await?, life),
        (None, client) => of_client(house, &living(house, &client.unwrap_or_default()).await?, life),
    });
    say(&token.await?);
    Ok(())
}

/// A token of a person, outside of any session.
pub(super) fn of_person(house: &Arc<House>, home: &Home, life: TimeDelta) -> Outcome<String> {
    let ticket = Ticket {
        subject: Subject::User(home.membership.user_id),
        organization: home.organization.id,
        session: None,
        scopes: scopes::scopes_of(home.membership.roles),
        life,
    };
    access::issue(house, &ticket, clock::now()).map_err(|error| open::told(&error))
}

/// A token of a machine.
pub(super) fn of_client(house: &Arc<House>, client: &client::Model, life: TimeDelta) -> Outcome<String> {
    let ticket = Ticket {
        subject: Subject::Client(client.id),
        organization: client.organization_id,
        session: None,
        scopes: client.scopes,
        life,
    };
    access::issue(house, &ticket, clock::now()).map_err(|error| open::told(&error))
}

/// Where somebody is to act.
pub(super) async fn home(house: &Arc<House>, email: &str, wanted: Option<&str>) -> Outcome<Home> {
    let db = &house.database.write;
    let user = login::by_email(db, email).await.map_err(|error| open::told(&error))?;
    let user = user.ok_or_else(|| format!("nobody here has the address {email}"))?;
    let homes = login::homes(db, user.id).await.map_err(|error| open::told(&error))?;
    login::choose(homes, wanted).map_err(|error| match error.details() {
        Some(details) => format!("{email} belongs to several organizations; name one with --org: {}", names(details)),
        None => format!("{email} does not belong to such an organization"),
    })
}

fn names(details: &serde_json::Value) -> String {
    let known = details["organizations"].as_array().into_iter().flatten().filter_map(|known| known["name"].as_str());
    known.collect::<Vec<_>>().join(", ")
}

/// The living client of an id, or of a name that only one has.
pub(super) async fn living(house: &Arc<House>, client: &str) -> Outcome<client::Model> {
    let known = client::Entity::find().filter(client::Column::DeletedAt.is_null());
    let known = match client.trim().parse::<ClientId>() {
        Ok(id) => known.filter(client::Column::Id.eq(id)),
        Err(_) => known.filter(client::Column::Name.eq(client)),
    };
    let mut rows = known.all(&house.database.read).await.map_err(|why| open::told(&why.into()))?;
    match (rows.pop(), rows.is_empty()) {
        (Some(row), true) => Ok(row),
        (Some(_), false) => Err(format!("several clients are called {client}: name one by its id")),
        (None, _) => Err(format!("there is no client {client}")),
    }
}

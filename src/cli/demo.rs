//! `cairn demo`: a sample organization to try things on.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc, Weekday};
use entity::{
    platform::{
        client,
        membership::Role,
        organization::{self, Model as Organization},
    },
    vocabulary::Vocabulary as _,
};
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;
use serde_json::json;

use super::{
    Outcome,
    demo_data::{self, Peer, People, on},
    open, say, serve, token,
};
use crate::{
    auth::{login::Home, scopes},
    config::Config,
    database::Database,
    domain::{
        clock,
        platform::{
            client::{NewClient, add, renew},
            organization::named,
            user::{NewUser, welcome},
        },
    },
    house::House,
};

/// Where the demo is when nobody says.
pub(super) const DATABASE_URL: &str = "sqlite://cairn-demo.db";

const ORGANIZATION: &str = "Demo";
const INTEGRATION: &str = "Demo integration";
/// Known to everybody who reads this: a demo holds nothing else.
const PASSWORD: &str = "cairn-demo-only";
const TOKENS: TimeDelta = TimeDelta::hours(12);
const ACCOUNTS: [(&str, &str, Role); 4] = [
    ("Lena Learner", "learner@demo.example", Role::Learner),
    ("Carl Coach", "coach@demo.example", Role::Coach),
    ("Ana Analyst", "analyst@demo.example", Role::OrgAnalyst),
    ("Ada Admin", "admin@demo.example", Role::Admin),
];

/// Who learns beside the learner: reports tell of five people at the least. They log in as the others do.
const COHORT: [&str; 6] = ["Mia", "Noah", "Olu", "Priya", "Sam", "Yuki"];

/// What the demo tells about itself.
#[derive(Serialize)]
struct Card {
    url: String,
    organization: String,
    accounts: Vec<Account>,
    clients: Vec<Client>,
}

#[derive(Serialize)]
struct Account {
    name: &'static str,
    email: &'static str,
    password: &'static str,
    role: &'static str,
    token: String,
}

#[derive(Serialize)]
struct Client {
    name: String,
    id: String,
    secret: String,
    scopes: Vec<&'static str>,
    token: String,
}

/// Serves the demo.
pub(super) async fn run(config: Config, json: bool, reset: bool) -> Outcome {
    open::settled(&config)?;
    let (config, listener) = serve::listen(config).await?;
    prepare(&config, reset).await?;
    let house = open::house(config).await?;
    let card = card(&house).await?;
    if json {
        say(&serde_json::to_string(&card).map_err(|why| why.to_string())?);
    } else {
        show(&card);
    }
    serve::serve(house, listener).await
}

/// Refuses a database that is more than a demo, and empties one that is to start over.
async fn prepare(config: &Config, reset: bool) -> Outcome {
    let database = open::reach(config).await?;
    is_ours(&database).await?;
    if reset {
        Migrator::fresh(&database.write).await.map_err(|why| open::told(&why.into()))?;
    }
    database.close().await;
    Ok(())
}

/// Looked at before it is migrated: somebody else's database is left as it is.
async fn is_ours(database: &Database) -> Outcome {
    let applied = Migrator::get_applied_migrations(&database.write).await.map_err(|why| open::told(&why.into()))?;
    if applied.is_empty() {
        return Ok(());
    }
    let others = organization::Entity::find()
        .filter(organization::Column::NameFolded.ne(ORGANIZATION.to_lowercase()))
        .one(&database.write);
    match others.await.map_err(|why| open::told(&why.into()))? {
        Some(other) => Err(format!(
            "this database holds the organization {}: the demo runs on a database of its own (DATABASE_URL), or on none yet",
            other.name
        )),
        None => Ok(()),
    }
}

async fn card(house: &Arc<House>) -> Outcome<Card> {
    let is_new = named(&house.database.write, ORGANIZATION).await.map_err(|error| open::told(&error))?.is_none();
    // A week before its people do anything.
    let founded = on(13, Weekday::Mon, 8);
    let organization = clock::at(founded, open::organization(house, ORGANIZATION)).await?;
    let mut accounts = Vec::new();
    let mut homes = Vec::new();
    for (name, email, role) in ACCOUNTS {
        let home = account(house, &organization, (name, email, role), is_new.then_some(founded)).await?;
        let token = token::of_person(house, &home, TOKENS)?;
        accounts.push(Account { name, email, password: PASSWORD, role: role.word(), token });
        homes.push(home);
    }
    if is_new && let [learner, coach, ..] = homes.as_slice() {
        let caller = |home: &Home| home.caller(house, Arc::from("demo"));
        let mut cohort = Vec::new();
        for name in COHORT {
            let email = format!("{}@demo.example", name.to_lowercase());
            let home = account(house, &organization, (name, &email, Role::Learner), Some(founded)).await?;
            cohort.push(Peer { name, email, caller: caller(&home) });
        }
        let operator = open::operator(house, &organization);
        demo_data::fill(&People { learner: caller(learner), coach: caller(coach), cohort, operator }).await?;
    }
    let clients = vec![integration(house, &organization).await?];
    Ok(Card { url: house.config.public_url.clone(), organization: organization.name, accounts, clients })
}

async fn account(
    house: &Arc<House>,
    organization: &Organization,
    who: (&str, &str, Role),
    welcomed: Option<DateTime<Utc>>,
) -> Outcome<Home> {
    let (name, email, role) = who;
    if let Some(then) = welcomed {
        let new =
            json!({ "name": name, "email": email, "timeZone": "Europe/Vienna", "roles": [role], "password": PASSWORD });
        let new: NewUser = serde_json::from_value(new).map_err(|why| why.to_string())?;
        let welcome = welcome::welcome(open::operator(house, organization), new);
        clock::at(then, welcome).await.map_err(|error| open::told(&error))?;
    }
    token::home(house, email, Some(ORGANIZATION)).await
}

/// The machine of the demo. Its secret is stored nowhere, so that each start gives it a new one.
async fn integration(house: &Arc<House>, organization: &Organization) -> Outcome<Client> {
    let told = |error| open::told(&error);
    let known = client::Entity::find()
        .filter(client::Column::OrganizationId.eq(organization.id))
        .filter(client::Column::Name.eq(INTEGRATION))
        .filter(client::Column::DeletedAt.is_null())
        .order_by_asc(client::Column::CreatedAt)
        .one(&house.database.write)
        .await
        .map_err(|why| open::told(&why.into()))?;
    let operator = open::operator(house, organization);
    let done = match known {
        Some(known) => renew(operator, known).await.map_err(told)?,
        None => add(operator, NewClient { name: INTEGRATION.to_owned(), scopes: scopes::all() }).await.map_err(told)?,
    };
    let id = done.ids.first().map(|id| entity::id::ClientId(*id).to_string()).unwrap_or_default();
    let row = token::living(house, &id).await?;
    Ok(Client {
        name: row.name.clone(),
        id,
        secret: done.revealed.unwrap_or_default(),
        scopes: row.scopes.iter().map(entity::vocabulary::Vocabulary::word).collect(),
        token: token::of_client(house, &row, TOKENS)?,
    })
}

fn show(card: &Card) {
    let url = &card.url;
    say(&format!("Cairn demo: {url}\n  explorer  {url}/graphiql\n  docs      {url}/docs\n"));
    for account in &card.accounts {
        say(&format!(
            "{} ({})\n  log-in  {} / {}\n  token   {}\n",
            account.name, account.role, account.email, account.password, account.token
        ));
    }
    for client in &card.clients {
        say(&format!("{}\n  client  {} / {}\n  token   {}\n", client.name, client.id, client.secret, client.token));
    }
    let Some(learner) = card.accounts.first() else {
        return;
    };
    say(&format!("TOKEN={}", learner.token));
    say(&format!("curl -H \"Authorization: Bearer $TOKEN\" {url}/api/v1/learning-plans"));
    say(&format!(
        "curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{{\"title\":\"Learn to prompt\"}}' {url}/api/v1/learning-plans"
    ));
    say(&format!(
        "curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{{\"query\":\"{{ learningPlans {{ nodes {{ id title status }} }} }}\"}}' {url}/graphql"
    ));
}

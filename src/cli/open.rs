//! Opening an installation for a command.

use std::sync::Arc;

use entity::platform::organization::Model as Organization;
use migration::{Migrator, MigratorTrait as _};

use super::{Outcome, say};
use crate::{
    auth::{Auth, access, key_file},
    config::Config,
    database::Database,
    domain::{
        caller::Caller,
        error::{Error, FieldError},
        learning::built_in,
        platform::organization,
    },
    house::House,
};

/// The database, up to date.
pub(super) async fn database(config: &Config) -> Outcome<Database> {
    let database = reach(config).await?;
    database.migrate().await.map_err(|error| format!("{}: {}", config.database(), told(&error)))?;
    Ok(database)
}

/// The database as it is.
pub(super) async fn reach(config: &Config) -> Outcome<Database> {
    Database::open(config).await.map_err(|why| format!("the database {} cannot be opened: {why}", config.database()))
}

/// Carries out a command on the whole installation, and leaves it tidy.
pub(super) async fn with<T>(config: Config, act: impl AsyncFnOnce(&Arc<House>) -> Outcome<T>) -> Outcome<T> {
    let house = house(config).await?;
    let outcome = act(&house).await;
    house.database.close().await;
    outcome
}

/// The whole installation.
pub(super) async fn house(config: Config) -> Outcome<Arc<House>> {
    settled(&config)?;
    let database = database(&config).await?;
    built_in::ensure(&database).await.map_err(|error| told(&error))?;
    let auth = Auth::open(&config, &database).await.map_err(|error| told(&error))?;
    Ok(House::new(config, database, auth))
}

/// Whether the settings hold what they must.
pub(super) fn settled(config: &Config) -> Outcome {
    key_file::is_settled(config).map_err(|error| told(&error))
}

/// An error, for the operator.
pub(super) fn told(error: &Error) -> String {
    let fields = error
        .field_errors()
        .iter()
        .map(|FieldError { pointer, message, .. }| format!("{}: {message}", pointer.trim_start_matches('/')));
    let fields: Vec<String> = fields.collect();
    if fields.is_empty() { error.detail().to_owned() } else { fields.join("\n") }
}

/// The organization of a name or an id; one of a new name is founded.
pub(super) async fn organization(house: &Arc<House>, name: &str) -> Outcome<Organization> {
    if let Some(known) = organization::named(&house.database.write, name).await.map_err(|error| told(&error))? {
        return Ok(known);
    }
    if name.trim().is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err("an organization's name is one line of at most 200 characters".to_owned());
    }
    let founded = organization::found(house, name, Arc::from("cli")).await.map_err(|error| told(&error))?;
    tracing::warn!(organization = %founded.id, "there was no organization of this name: it was founded");
    Ok(founded)
}

/// The operator, in an organization.
pub(super) fn operator(house: &Arc<House>, organization: &Organization) -> Caller {
    access::operator(house, organization, Arc::from("cli"))
}

/// `cairn migrate`.
pub(super) async fn migrate(config: &Config, status: bool) -> Outcome {
    if !status {
        database(config).await?;
        say("The database is up to date.");
        return Ok(());
    }
    let database = reach(config).await?;
    let known = Migrator::get_migration_with_status_read_only(&database.read).await.map_err(|why| told(&why.into()))?;
    for migration in known {
        let status = migration.status().to_string().to_lowercase();
        say(&format!("{status:<8} {}", migration.name()));
    }
    Ok(())
}

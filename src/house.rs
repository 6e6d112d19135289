//! What one running instance holds: its settings, its database, its keys and its bounded memories.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::{
    auth::Auth,
    budget::Budget,
    config::Config,
    database::Database,
    domain::{error::Result, learning::built_in},
};

/// How many points a minute an address has at most, without an account: a hundred pages, or twenty answers.
const GUESTS: u64 = 1_200;

/// One running instance.
#[derive(Debug)]
pub struct House {
    /// The settings, checked.
    pub config: Config,
    /// The database.
    pub database: Database,
    /// Keys, passwords, throttles and remembered tokens.
    pub auth: Auth,
    /// What each principal may still spend.
    pub budget: Budget,
    /// What the addresses of those without an account may still spend.
    pub guests: Budget,
    /// Rings when there is work to carry out beside the requests.
    pub work: Notify,
}

impl House {
    /// Opens an installation: brings its database up to date, and makes what every one has.
    ///
    /// # Errors
    /// When the database cannot be opened or migrated, or the keys cannot be opened.
    pub async fn open(config: Config) -> Result<Arc<Self>> {
        let database = Database::open(&config).await?;
        database.migrate().await?;
        built_in::ensure(&database).await?;
        let auth = Auth::open(&config, &database).await?;
        Ok(Self::new(config, database, auth))
    }

    /// Puts an instance together.
    #[must_use]
    pub fn new(config: Config, database: Database, auth: Auth) -> Arc<Self> {
        let budget = Budget::new(config.rate_limit);
        let guests = Budget::new(config.rate_limit.min(GUESTS));
        Arc::new(Self { config, database, auth, budget, guests, work: Notify::new() })
    }
}

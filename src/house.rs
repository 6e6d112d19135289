//! What one running instance holds: its settings, its database, its keys and its bounded memories.

use std::sync::Arc;

use crate::{auth::Auth, budget::Budget, config::Config, database::Database};

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
}

impl House {
    /// Puts an instance together.
    #[must_use]
    pub fn new(config: Config, database: Database, auth: Auth) -> Arc<Self> {
        let budget = Budget::new(config.rate_limit);
        Arc::new(Self { config, database, auth, budget })
    }
}

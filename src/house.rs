//! What one running instance holds: its settings, its database, its keys and its bounded memories.

use std::sync::Arc;

use crate::{auth::Auth, config::Config, database::Database};

/// One running instance.
#[derive(Debug)]
pub struct House {
    /// The settings, checked.
    pub config: Config,
    /// The database.
    pub database: Database,
    /// Keys, passwords, throttles and remembered tokens.
    pub auth: Auth,
}

impl House {
    /// Puts an instance together.
    #[must_use]
    pub fn new(config: Config, database: Database, auth: Auth) -> Arc<Self> {
        Arc::new(Self { config, database, auth })
    }
}

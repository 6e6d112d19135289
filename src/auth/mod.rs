//! Who asks: from passwords, secrets and tokens to a [`Caller`](crate::domain::caller::Caller). What the rest of the
//! house knows of a request's sender, it knows from here.

pub mod access;
pub mod address;
pub mod basic;
pub mod forget;
pub mod identify;
pub mod key_file;
pub mod keys;
pub mod link;
pub mod login;
pub mod metadata;
pub mod oauth;
pub mod password;
pub mod recall;
pub mod reset;
pub mod revoke;
pub mod routes;
pub mod rules;
pub mod scopes;
pub mod seal;
pub mod secret;
pub mod session;
pub mod throttle;
pub mod token;

use std::sync::Arc;

use quick_cache::sync::Cache;

use crate::{
    config::Config,
    database::Database,
    domain::{
        clock,
        error::{Code, Error, Result},
    },
};
use keys::Keys;
use password::{PasswordFault, Passwords};
use recall::Verified;
use seal::Sealer;
use throttle::Throttle;

/// How many verified tokens are remembered: a kilobyte each.
const REMEMBERED: usize = 20_000;

/// Keys, passwords, throttles and remembered tokens of an instance.
#[derive(Debug)]
pub struct Auth {
    /// The keys of access tokens.
    pub keys: Keys,
    /// What seals secrets at rest.
    pub sealer: Sealer,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Slows down who guesses.
    pub throttle: Throttle,
    /// Tokens whose signature was found good, by their fingerprint.
    verified: Cache<String, Arc<Verified>>,
}

impl Auth {
    /// Opens the keys of a database that has been migrated; the first time, makes them.
    ///
    /// # Errors
    /// When there is no secret key and none may be made, or the signing keys cannot be opened with it.
    pub async fn open(config: &Config, database: &Database) -> Result<Self> {
        let sealer = key_file::sealer(config, database).await?;
        let keys = Keys::open(database, &sealer, clock::now()).await?;
        let passwords = Passwords::new().map_err(|fault| refusal(fault.to_string()))?;
        Ok(Self { keys, sealer, passwords, throttle: Throttle::new(), verified: Cache::new(REMEMBERED) })
    }
}

/// Why an instance cannot start, for its operator.
pub(crate) fn refusal(why: impl Into<String>) -> Error {
    Error::new(Code::Internal, why)
}

impl From<PasswordFault> for Error {
    fn from(fault: PasswordFault) -> Self {
        match fault {
            PasswordFault::Busy => {
                Self::new(Code::Unavailable, "Too many passwords are being checked at the moment.").retry_after(1)
            }
            PasswordFault::TooLong => Self::field(Code::ValidationFailed, "/password", format!("{fault}.")),
            PasswordFault::Failed => Self::internal(fault),
        }
    }
}

//! The settings: read once from the environment, checked all at once, secrets kept as secrets.

#[cfg(test)]
mod tests;
pub mod value;

use std::{
    fmt::{self, Display},
    net::SocketAddr,
    path::PathBuf,
    str::FromStr as _,
    thread,
};

use ipnet::IpNet;
use sea_orm::sqlx::sqlite::SqliteConnectOptions;
use secrecy::SecretString;

/// Where the database is when nobody says.
pub const DATABASE_URL: &str = "sqlite://cairn.db";
/// Where an instance listens when nobody says.
pub const BIND: &str = "127.0.0.1:8080";
/// What is logged when nobody says: ourselves, and what worries those we stand on; not that a stranger sent what is no HTTP.
pub const LOG: &str = "warn,cairn=info,actix_http::h1=off";

/// In which form the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one object a line.
    Json,
}

/// The settings of an instance.
#[derive(Clone)]
pub struct Config {
    /// Where the database is; it may hold a password.
    pub database_url: String,
    /// Host and port to listen on.
    pub bind: String,
    /// The address that clients use, without a slash at its end: the `iss` of our tokens.
    pub public_url: String,
    /// Whether the public address was set, rather than taken from the one that is listened on.
    pub has_public_url: bool,
    /// The `aud` of our tokens.
    pub audience: String,
    /// What seals secrets at rest, when it was set.
    pub secret_key: Option<SecretString>,
    /// Points per minute and principal; 0 for no limit.
    pub rate_limit: u64,
    /// Whose `Forwarded` and `X-Forwarded-For` are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Which origins of web pages may call; `*` for all.
    pub cors_origins: Vec<String>,
    /// What is logged, as directives: `info`, `cairn=debug,info`.
    pub log: String,
    /// In which form.
    pub log_format: LogFormat,
    /// How many threads serve.
    pub workers: usize,
    /// How many connections each of the two pools holds at most.
    pub db_pool: u32,
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("database", &self.database())
            .field("bind", &self.bind)
            .field("public_url", &self.public_url)
            .field("audience", &self.audience)
            .field("secret_key", &self.secret_key.as_ref().map(|_| "[redacted]"))
            .finish_non_exhaustive()
    }
}

impl Config {
    /// Reads every setting through `get`.
    ///
    /// # Errors
    /// One line for every wrong setting, each naming it and saying what is allowed.
    pub fn from(get: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let mut settings = Settings { get: &get, wrong: Vec::new() };
        let bind = settings.read("CAIRN_BIND", BIND.to_owned(), value::bind);
        let public_url = settings.read("CAIRN_PUBLIC_URL", None, |text| value::public_url(text).map(Some));
        let config = Self {
            database_url: settings.read("DATABASE_URL", DATABASE_URL.to_owned(), value::database_url),
            has_public_url: public_url.is_some(),
            public_url: public_url.unwrap_or_else(|| format!("http://{bind}")),
            bind,
            audience: settings.read("CAIRN_AUDIENCE", "cairn".to_owned(), value::audience),
            secret_key: settings.secret_key(),
            rate_limit: settings.read("CAIRN_RATE_LIMIT", 120_000, |text| value::number(text, 0, 1_000_000_000)),
            trusted_proxies: settings
                .read("CAIRN_TRUSTED_PROXIES", Vec::new(), |text| value::list(text, value::network)),
            cors_origins: settings.read("CAIRN_CORS_ORIGINS", Vec::new(), |text| value::list(text, value::origin)),
            log: settings.read("CAIRN_LOG", LOG.to_owned(), value::directives),
            log_format: settings.read("CAIRN_LOG_FORMAT", LogFormat::Text, value::log_format),
            workers: settings.read("CAIRN_WORKERS", processors(), |text| value::number(text, 1, 1024)),
            db_pool: settings.read("CAIRN_DB_POOL", 8, |text| value::number(text, 1, 1000)),
        };
        settings.read("CAIRN_TRUSTED_ISSUERS", (), value::trusted_issuers);
        if settings.wrong.is_empty() { Ok(config) } else { Err(settings.wrong.join("\n")) }
    }

    /// Whether the database is PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        value::is_postgres(&self.database_url)
    }

    /// The file of the database, when it is SQLite.
    #[must_use]
    pub fn database_file(&self) -> Option<PathBuf> {
        if self.is_postgres() {
            return None;
        }
        SqliteConnectOptions::from_str(&self.database_url).ok().map(|options| options.get_filename().to_owned())
    }

    /// The database without what must not be shown.
    #[must_use]
    pub fn database(&self) -> String {
        value::without_password(&self.database_url)
    }

    /// The settings of an instance that listens on `address`: where no public address was set, it is that one.
    #[must_use]
    pub fn listening_on(mut self, address: SocketAddr) -> Self {
        if !self.has_public_url && self.bind.ends_with(":0") {
            self.public_url = format!("http://{address}");
        }
        self
    }
}

/// The settings while they are read, and what is wrong with them.
struct Settings<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    wrong: Vec<String>,
}

impl Settings<'_> {
    /// A setting's text. An empty one is as good as none: that is how compose files leave them out.
    fn text(&self, name: &str) -> Option<String> {
        (self.get)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn read<T>(&mut self, name: &str, otherwise: T, parse: impl FnOnce(&str) -> Result<T, String>) -> T {
        let Some(text) = self.text(name) else {
            return otherwise;
        };
        parse(&text).unwrap_or_else(|why| {
            self.refuse(name, why);
            otherwise
        })
    }

    fn secret_key(&mut self) -> Option<SecretString> {
        const KEY: &str = "CAIRN_SECRET_KEY";
        const FILE: &str = "CAIRN_SECRET_KEY_FILE";
        let (name, key) = match (self.text(KEY), self.text(FILE)) {
            (None, None) => return None,
            (Some(_), Some(_)) => {
                self.wrong.push(format!("{KEY} and {FILE} are both set: set one of them."));
                return None;
            }
            (Some(key), None) => (KEY, Ok(SecretString::from(key))),
            (None, Some(file)) => (FILE, value::secret_file(&file)),
        };
        match key.and_then(|key| value::secret_key(&key).map(|()| key)) {
            Ok(key) => Some(key),
            Err(why) => {
                self.refuse(name, why);
                None
            }
        }
    }

    fn refuse(&mut self, name: &str, why: impl Display) {
        self.wrong.push(format!("{name} {why}"));
    }
}

fn processors() -> usize {
    thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

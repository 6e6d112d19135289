//! A fresh database for each test: a copy of one that was migrated once per run.

use std::{fs, path::Path};

use cairn::{config::Config, domain::clock};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use tempfile::TempDir;

use super::{api, cluster, run};

/// Which database a story is told on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file of its own.
    Sqlite,
    /// A database of its own on the server of the run.
    Postgres,
}

/// A database that lives as long as this.
#[derive(Debug)]
pub struct Fresh {
    /// Its address.
    pub url: String,
    _folder: Option<TempDir>,
    drop: Option<(String, String)>,
}

/// The key that seals in the tests, so that copies of a database can be opened.
pub const KEY: &str = "dGhpcyBpcyBhIGtleSBmb3IgdGhlIHRlc3RzIG9ubHk=";

impl Fresh {
    /// A copy of the migrated database.
    pub async fn migrated(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => sqlite().await,
            Backend::Postgres => postgres(Some(&template().await)).await,
        }
    }

    /// One without anything in it.
    pub async fn empty(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => at(folder()),
            Backend::Postgres => postgres(None).await,
        }
    }

    /// A database that somebody else made.
    pub fn at(url: &str) -> Self {
        Self { url: url.to_owned(), _folder: None, drop: None }
    }

    /// Lets go of a database on a server that is not ours to leave things on.
    pub async fn end(&self) {
        if let Some((server, name)) = &self.drop {
            let admin = connect(server).await;
            let _ = admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

/// The settings of an instance on a database.
pub fn settings(url: &str, more: &[(&str, &str)]) -> Config {
    let base = [
        ("DATABASE_URL", url),
        ("CAIRN_BIND", "127.0.0.1:0"),
        ("CAIRN_SECRET_KEY", KEY),
        ("CAIRN_WORKERS", "1"),
        ("CAIRN_DB_POOL", "4"),
        // The laws ask for everything there is within a minute.
        ("CAIRN_RATE_LIMIT", "1200000"),
    ];
    let get =
        |name: &str| more.iter().chain(&base).find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Config::from(get).expect("the settings of the tests")
}

fn folder() -> TempDir {
    TempDir::new_in(run::folder()).expect("a folder")
}

fn at(folder: TempDir) -> Fresh {
    Fresh { url: sqlite_url(&folder.path().join("cairn.db")), _folder: Some(folder), drop: None }
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

async fn sqlite() -> Fresh {
    let template = run::folder().join("template.db");
    {
        let _turn = run::turn("template-sqlite");
        if !template.exists() {
            let draft = run::folder().join("draft.db");
            let house = api::open(settings(&sqlite_url(&draft), &[])).await;
            house.database.close().await;
            fs::rename(&draft, &template).expect("the template");
        }
    }
    let folder = folder();
    fs::copy(&template, folder.path().join("cairn.db")).expect("a copy of the template");
    at(folder)
}

async fn template() -> String {
    let (server, name) = (cluster::shared(), format!("cairn_test_{}_template", run::name()));
    let _turn = run::turn("template-postgres");
    let mark = run::folder().join("template-postgres.done");
    if !mark.exists() {
        let admin = connect(&server).await;
        admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("a database");
        let house = api::open(settings(&database_url(&server, &name), &[])).await;
        house.database.close().await;
        fs::write(mark, "").expect("a mark");
    }
    name
}

async fn postgres(template: Option<&str>) -> Fresh {
    let server = cluster::shared();
    let name = format!("cairn_test_{}_{}", run::name(), clock::new_uuid().simple());
    let from = template.map(|template| format!(" TEMPLATE {template}")).unwrap_or_default();
    let admin = connect(&server).await;
    admin.execute_unprepared(&format!("CREATE DATABASE {name}{from}")).await.expect("a database");
    let _ = admin.close().await;
    let borrowed = std::env::var_os("CAIRN_TEST_POSTGRES").is_some();
    Fresh { url: database_url(&server, &name), _folder: None, drop: borrowed.then_some((server, name)) }
}

async fn connect(url: &str) -> DatabaseConnection {
    Database::connect(url).await.unwrap_or_else(|why| panic!("the PostgreSQL of the tests cannot be reached: {why}"))
}

/// The address of a server with another database in it.
fn database_url(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').map_or((server, String::new()), |(a, b)| (a, format!("?{b}")));
    let (scheme, rest) = address.split_once("://").expect("an address with a scheme");
    let host = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{host}/{name}{options}")
}

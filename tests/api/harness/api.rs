//! A running instance, as `cairn serve` makes one, and how stories are told on it.

use std::{
    future::Future,
    net::TcpListener,
    sync::{Arc, Mutex, PoisonError},
};

use cairn::{auth::Auth, config::Config, database::Database, house::House};
use sea_orm::{ConnectionTrait as _, Statement, Value};

use super::{
    Actor, Backend, Face, Organization,
    database::{Fresh, settings},
    world,
};

/// A running instance with a database of its own.
#[derive(Clone)]
pub struct Api {
    /// Where it listens.
    pub url: String,
    /// The instance.
    pub house: Arc<House>,
    /// Through which face its actors speak when they do not say.
    pub face: Face,
    /// The client of all its actors.
    pub http: reqwest::Client,
    /// Its database.
    pub database: Arc<Fresh>,
}

/// Tells a story on a fresh instance.
pub async fn tell<F: Future<Output = ()>>(backend: Backend, story: impl Fn(Api) -> F) {
    let api = Api::start(backend).await;
    let database = Arc::clone(&api.database);
    story(api).await;
    database.end().await;
}

/// Tells a story on a fresh instance through one face.
pub async fn tell_through<F: Future<Output = ()>>(backend: Backend, face: Face, story: impl Fn(Api) -> F) {
    let api = Api { face, ..Api::start(backend).await };
    let database = Arc::clone(&api.database);
    story(api).await;
    database.end().await;
}

/// Opens an instance as `cairn serve` does.
pub async fn open(config: Config) -> Arc<House> {
    // `CAIRN_TEST_LOG=cairn=debug` shows what the instance has to say.
    if let Ok(directives) = std::env::var("CAIRN_TEST_LOG") {
        let _ = tracing_subscriber::fmt().with_env_filter(directives).with_test_writer().try_init();
    }
    House::open(config).await.expect("an instance")
}

/// Opens an instance whose database has every table and no row.
pub async fn bare(backend: Backend) -> Arc<House> {
    let fresh = Fresh::empty(backend).await;
    let config = settings(&fresh.url, &[("CAIRN_RATE_LIMIT", "0")]);
    // It goes with the run.
    std::mem::forget(fresh);
    let database = Database::open(&config).await.expect("the database");
    database.migrate().await.expect("migrations");
    let auth = Auth::open(&config, &database).await.expect("keys");
    House::new(config, database, auth)
}

impl Api {
    /// Starts an instance on a fresh database.
    pub async fn start(backend: Backend) -> Self {
        Self::with(backend, &[]).await
    }

    /// Starts an instance with some settings of its own.
    pub async fn with(backend: Backend, more: &[(&str, &str)]) -> Self {
        Self::on(Arc::new(Fresh::migrated(backend).await), more).await
    }

    /// Starts an instance on a database that somebody else made.
    pub async fn at(url: &str, more: &[(&str, &str)]) -> Self {
        Self::on(Arc::new(Fresh::at(url)), more).await
    }

    /// Starts another instance on the same database.
    pub async fn another(&self, more: &[(&str, &str)]) -> Self {
        let more: Vec<_> = more.iter().copied().chain([("CAIRN_PUBLIC_URL", self.url.as_str())]).collect();
        Self { face: self.face, ..Self::on(Arc::clone(&self.database), &more).await }
    }

    async fn on(database: Arc<Fresh>, more: &[(&str, &str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let house = open(settings(&database.url, more).listening_on(address)).await;
        Self::serving(house, listener, database)
    }

    /// Starts another instance on the same database, whose answers and commands tell of each statement that they send.
    pub async fn watched(&self, sent: &Arc<Mutex<Vec<Statement>>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let own = settings(&self.database.url, &[("CAIRN_PUBLIC_URL", &self.url), ("CAIRN_RATE_LIMIT", "0")]);
        let config = own.listening_on(listener.local_addr().expect("its address"));
        let mut database = Database::open(&config).await.expect("the database");
        let sent = Arc::clone(sent);
        database.watch(move |told| {
            sent.lock().unwrap_or_else(PoisonError::into_inner).push(told.statement.clone());
        });
        let auth = Auth::open(&config, &database).await.expect("keys");
        Self::serving(House::new(config, database, auth), listener, Arc::clone(&self.database))
    }

    fn serving(house: Arc<House>, listener: TcpListener, database: Arc<Fresh>) -> Self {
        let address = listener.local_addr().expect("its address");
        tokio::spawn(cairn::http::serve(Arc::clone(&house), listener));
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self { url: format!("http://{address}"), house, face: Face::Rest, http, database }
    }

    /// A new organization.
    pub async fn organization(&self, name: &str) -> Organization {
        world::organization(self, name).await
    }

    /// Somebody without a token.
    pub fn anyone(&self) -> Actor {
        Actor::new(self, "anyone", String::new(), None)
    }

    /// Changes rows behind the rules' back: for what only time does.
    pub async fn execute(&self, sql: &str, values: Vec<Value>) {
        let db = &self.house.database.write;
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        db.execute_raw(statement).await.expect("a statement of the tests");
    }
}

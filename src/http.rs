//! The whole server: every route, what frames them, and how it stops.

pub mod cors;
pub mod docs;
pub mod frame;
pub mod health;
pub mod pages;

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use actix_web::{
    App, HttpResponse, HttpServer,
    dev::ServerHandle,
    middleware::{Compress, from_fn},
    web::{self, Data, ServiceConfig},
};
use tokio::sync::watch;

use crate::{
    auth,
    domain::error::{Code, Error},
    graphql, guest,
    house::House,
    metrics::Metrics,
    rest::{self, problem::Problem},
};

/// How long a client may take to send the head of a request.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long new requests are still taken once `/readyz` is red, so that balancers see it first.
const GRACE: Duration = Duration::from_secs(1);
/// How long requests in flight may take to end.
const FINISH: u64 = 25;

/// What the frame and the health routes need of a running server.
#[derive(Debug)]
pub struct Serving {
    /// The house.
    pub house: Arc<House>,
    /// What is counted.
    pub metrics: Metrics,
    /// Turns true when the server is to stop; sockets and streams end themselves then.
    pub stopping: watch::Receiver<bool>,
}

/// Serves on `listener` until the process is told to stop.
///
/// # Errors
/// When the listener cannot be used.
pub async fn serve(house: Arc<House>, listener: TcpListener) -> io::Result<()> {
    let (stop, stopping) = watch::channel(false);
    let workers = house.config.workers;
    let metrics = Metrics::new().map_err(io::Error::other)?;
    let serving = Arc::new(Serving { house, metrics, stopping });
    let app = move || {
        let serving = Arc::clone(&serving);
        App::new().wrap(Compress::default()).wrap(from_fn(frame::frame)).configure(move |cfg| routes(&serving, cfg))
    };
    let server = HttpServer::new(app)
        .workers(workers)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_DEADLINE)
        .disable_signals()
        .shutdown_timeout(FINISH)
        .listen(listener)?
        .run();
    let end = tokio::spawn(end(server.handle(), stop));
    let served = server.await;
    end.abort();
    served
}

/// Waits for the signal to stop: readiness goes red at once, then no connection is taken any more, and what is in
/// flight may end.
async fn end(server: ServerHandle, stop: watch::Sender<bool>) {
    signal().await;
    tracing::info!("stopping");
    let _ = stop.send(true);
    tokio::time::sleep(GRACE).await;
    server.stop(true).await;
}

async fn signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = interrupt.await;
}

/// Registers everything that is served.
fn routes(serving: &Arc<Serving>, cfg: &mut ServiceConfig) {
    cfg.app_data(Data::from(Arc::clone(serving)))
        .app_data(Data::from(Arc::clone(&serving.house)))
        .configure(pages::routes)
        .configure(docs::routes)
        .configure(health::routes)
        .configure(graphql::explorer::routes)
        .configure(graphql::http::routes)
        .configure(auth::routes::routes)
        .configure(rest::calendar::routes)
        .configure(guest::routes)
        .configure(rest::routes::routes)
        .default_service(web::to(nothing));
}

async fn nothing() -> Result<HttpResponse, Problem> {
    Err(Error::new(Code::NotFound, "There is nothing at this address.").into())
}

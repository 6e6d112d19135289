//! Whether the server lives, whether it is ready, and its metrics.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::header::CONTENT_TYPE,
    web::{self, Data, ServiceConfig},
};

use super::Serving;
use crate::{
    domain::error::{Code, Error, Result},
    metrics,
    rest::problem::Problem,
};

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// Registers the paths.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/livez").route(web::get().to(live)).route(web::head().to(live)))
        .service(web::resource("/readyz").route(web::get().to(ready)).route(web::head().to(ready)))
        .service(web::resource("/metrics").route(web::get().to(exposition)).route(web::head().to(exposition)));
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(serde_json::json!({ "status": "LIVE" }))
}

async fn ready(serving: Data<Serving>) -> Result<HttpResponse, Problem> {
    let unready = |why| Error::new(Code::Unavailable, why).retry_after(1);
    if *serving.stopping.borrow() {
        return Err(unready("The server is stopping.").into());
    }
    match database(&serving).await {
        Ok(true) => Ok(HttpResponse::Ok().json(serde_json::json!({ "status": "READY" }))),
        Ok(false) => Err(unready("The database lacks migrations.").into()),
        Err(_) => Err(unready("The database cannot be reached.").into()),
    }
}

async fn exposition(serving: Data<Serving>) -> Result<HttpResponse, Problem> {
    let up = database(&serving).await.is_ok();
    let text = serving.metrics.text(up).map_err(Error::internal)?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, metrics::MEDIA_TYPE)).body(text))
}

async fn database(serving: &Serving) -> Result<bool> {
    let answer = tokio::time::timeout(PATIENCE, serving.house.database.is_ready()).await;
    answer.map_err(|_| Error::unavailable("no answer within two seconds"))?
}

//! `/docs/`: a browser for the OpenAPI document. All its files are in the binary.

use std::sync::{Arc, LazyLock};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION},
    web::{self, ServiceConfig},
};
use utoipa_swagger_ui::Config;

use crate::{
    domain::error::{Code, Error},
    rest::problem::Problem,
};

/// Swagger UI styles elements directly; apart from that nothing comes from elsewhere or goes there.
const POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The page: as Swagger UI's own, with what it is called, and as wide as the screen that shows it.
const PAGE: &str = include_str!("pages/docs.html");

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config =
        Config::from("/openapi.json").deep_linking(true).display_operation_id(true).display_request_duration(true);
    Arc::new(config.try_it_out_enabled(true).filter(true).doc_expansion("none"))
});

/// Registers the paths.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/docs").route(web::get().to(enter)).route(web::head().to(enter)))
        .service(web::resource("/docs/{file:.*}").route(web::get().to(file)).route(web::head().to(file)));
}

/// The page names its files relative to itself: it stands at `/docs/`.
async fn enter() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

async fn file(req: HttpRequest) -> Result<HttpResponse, Problem> {
    let name = req.match_info().query("file");
    if matches!(name, "" | "index.html") {
        let mut answer = HttpResponse::Ok();
        answer.insert_header((CONTENT_TYPE, "text/html; charset=utf-8"));
        return Ok(kept(&mut answer).body(PAGE));
    }
    let file = utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG)).map_err(Error::internal)?;
    let file = file.ok_or_else(|| Error::new(Code::NotFound, "There is nothing at this address."))?;
    let mut answer = HttpResponse::Ok();
    kept(&mut answer).insert_header((CONTENT_TYPE, file.content_type));
    if file.gzpipped {
        answer.insert_header((CONTENT_ENCODING, "gzip"));
    }
    Ok(answer.body(file.bytes.into_owned()))
}

/// Browsers may keep it for a while.
fn kept(answer: &mut HttpResponseBuilder) -> &mut HttpResponseBuilder {
    answer.insert_header((CONTENT_SECURITY_POLICY, POLICY)).insert_header((CACHE_CONTROL, "public, max-age=3600"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_that_the_page_names_is_there() {
        assert!(PAGE.contains("width=device-width") && PAGE.contains("<title>Cairn"));
        let named: Vec<_> = PAGE.split("=\"./").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(named.len(), 7, "{named:?}");
        for name in named {
            let file = utoipa_swagger_ui::serve(name, Arc::clone(&CONFIG)).unwrap();
            assert!(file.is_some(), "{name}");
        }
    }
}

//! The page for people at `/`, and the two contracts, readable without a token.

use std::{fmt::Write as _, sync::LazyLock};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG},
    web::{self, ServiceConfig},
};
use aws_lc_rs::digest::{SHA256, digest};

use crate::{
    graphql,
    rest::{caller::house, headers::is_known, openapi, policy::hash, problem::Problem},
};

const PAGE: &str = include_str!("pages/index.html");
const STYLE: &str = include_str!("pages/index.css");

/// A text that never changes while the server runs.
struct Text {
    body: String,
    media_type: &'static str,
    etag: String,
    policy: Option<String>,
}

/// The page for people, which says at which address the server is called.
fn index(url: &str) -> Text {
    let style = hash(STYLE);
    let policy =
        format!("default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    let url = maud::html! { (url.trim_end_matches('/')) }.into_string();
    let body = PAGE.replace("{style}", STYLE).replace("{version}", env!("CARGO_PKG_VERSION")).replace("{url}", &url);
    Text { policy: Some(policy), ..Text::new(body, "text/html; charset=utf-8") }
}

static OPENAPI: LazyLock<Text> = LazyLock::new(|| Text::new(openapi::document(), "application/json"));
static GRAPHQL: LazyLock<Text> = LazyLock::new(|| Text::new(graphql::schema::sdl(), "text/plain; charset=utf-8"));

impl Text {
    fn new(body: String, media_type: &'static str) -> Self {
        let mut etag = String::from('"');
        for byte in digest(&SHA256, body.as_bytes()).as_ref().iter().take(16) {
            let _ = write!(etag, "{byte:02x}");
        }
        etag.push('"');
        Self { body, media_type, etag, policy: None }
    }

    fn show(&self, req: &HttpRequest) -> HttpResponse {
        let known = is_known(req, &self.etag);
        let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer.insert_header((ETAG, self.etag.as_str())).insert_header((CACHE_CONTROL, "no-cache"));
        if let Some(policy) = &self.policy {
            answer.insert_header((CONTENT_SECURITY_POLICY, policy.as_str()));
        }
        if known {
            return answer.finish();
        }
        answer.insert_header((CONTENT_TYPE, self.media_type)).body(self.body.clone())
    }
}

/// Registers the paths.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/").route(web::get().to(home)).route(web::head().to(home)));
    for (path, text) in [("/openapi.json", &OPENAPI), ("/schema.graphql", &GRAPHQL)] {
        let show = move |req: HttpRequest| async move { text.show(&req) };
        cfg.service(web::resource(path).route(web::get().to(show)).route(web::head().to(show)));
    }
}

async fn home(req: HttpRequest) -> Result<HttpResponse, Problem> {
    Ok(index(&house(&req)?.config.public_url).show(&req))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{http::StatusCode, test::TestRequest};

    #[test]
    fn a_known_text_is_not_sent_again() {
        let page = index("https://cairn.example/");
        let first = page.show(&TestRequest::get().to_http_request());
        let etag = first.headers().get(ETAG).unwrap().clone();
        let again = TestRequest::get().insert_header(("if-none-match", etag)).to_http_request();
        assert_eq!((first.status(), page.show(&again).status()), (StatusCode::OK, StatusCode::NOT_MODIFIED));
    }

    #[test]
    fn the_page_needs_no_other_host() {
        let body = index("https://cairn.example/?a&\"<b>").body;
        let shown = "https://cairn.example/?a&amp;&quot;&lt;b&gt;/api/v1/me";
        assert!(body.contains(shown) && body.matches("://").count() == 1, "{body}");
        assert!(!body.contains("<script"));
        for left in ["{style}", "{version}", "{url}"] {
            assert!(!body.contains(left), "{left}");
        }
    }
}

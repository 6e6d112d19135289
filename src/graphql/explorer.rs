//! `/graphiql`: an explorer that works without the internet. All its files are in the binary; see
//! `explorer/NOTICE`.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
        X_CONTENT_TYPE_OPTIONS,
    },
    web::{self, ServiceConfig},
};
use aws_lc_rs::digest::{SHA256, digest};
use std::{fmt::Write, sync::LazyLock};

/// Nothing is fetched from, sent to or framed by another host. GraphiQL embeds its fonts, and while a dialog
/// is open it adds one style element of its own, the one with this hash.
const POLICY: &str = "default-src 'self'; \
                      style-src 'self' 'sha256-Y/huXlwoYkVyQlxwSVcCi1RCDGDCSVBzDt0hYP9qlTc='; \
                      font-src 'self' data:; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

struct Asset {
    name: &'static str,
    content_type: &'static str,
    body: &'static [u8],
    etag: String,
}

/// The page itself has no name of its own.
static ASSETS: LazyLock<[Asset; 8]> = LazyLock::new(|| {
    [
        asset("", HTML, include_bytes!("explorer/index.html")),
        asset("explorer.css", CSS, include_bytes!("explorer/explorer.css")),
        asset("explorer.js", SCRIPT, include_bytes!("explorer/explorer.js")),
        asset("graphiql.min.css", CSS, include_bytes!("explorer/graphiql.min.css")),
        asset("graphiql.min.js", SCRIPT, include_bytes!("explorer/graphiql.min.js")),
        asset("react.production.min.js", SCRIPT, include_bytes!("explorer/react.production.min.js")),
        asset("react-dom.production.min.js", SCRIPT, include_bytes!("explorer/react-dom.production.min.js")),
        asset("NOTICE", TEXT, include_bytes!("explorer/NOTICE")),
    ]
});

/// Registers `/graphiql` and the files beneath it.
pub fn routes(cfg: &mut ServiceConfig) {
    for path in ["/graphiql", "/graphiql/{asset}"] {
        cfg.service(web::resource(path).route(web::get().to(serve)).route(web::head().to(serve)));
    }
}

async fn serve(request: HttpRequest) -> HttpResponse {
    let name = request.match_info().query("asset");
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name) else {
        return HttpResponse::NotFound().finish();
    };
    let mut response = if is_known(&request, &asset.etag) { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((CONTENT_TYPE, asset.content_type))
        .insert_header((ETAG, asset.etag.as_str()))
        // Asked for again each time, answered from the browser's own copy: a new version is seen at once.
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    if is_known(&request, &asset.etag) { response.finish() } else { response.body(asset.body) }
}

fn is_known(request: &HttpRequest, etag: &str) -> bool {
    let known = request.headers().get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    // A proxy that compresses makes the tag a weak one, which is still the same file.
    known
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag)
}

fn asset(name: &'static str, content_type: &'static str, body: &'static [u8]) -> Asset {
    let hash = digest(&SHA256, body);
    let etag = hash.as_ref().iter().take(16).fold(String::from('"'), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }) + "\"";
    Asset { name, content_type, body, etag }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{
        App,
        body::to_bytes,
        dev::ServiceResponse,
        http::Method,
        test::{TestRequest, call_service, init_service},
    };

    async fn call(request: TestRequest) -> ServiceResponse {
        let app = init_service(App::new().configure(routes)).await;
        call_service(&app, request.to_request()).await
    }

    fn header<'a>(response: &'a ServiceResponse, name: &str) -> &'a str {
        response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    #[actix_web::test]
    async fn everything_the_page_names_is_here() {
        let page = include_str!("explorer/index.html");
        let named = page.split('"').filter(|part| part.starts_with("/graphiql/"));
        assert_eq!(named.clone().count(), 6);
        for uri in named.chain(["/graphiql", "/graphiql/NOTICE"]) {
            let response = call(TestRequest::get().uri(uri)).await;
            assert_eq!(response.status(), 200, "{uri}");
            assert!(header(&response, "content-type").ends_with("charset=utf-8"));
            assert!(to_bytes(response.into_body()).await.is_ok_and(|body| !body.is_empty()), "{uri}");
        }
        assert_eq!(call(TestRequest::get().uri("/graphiql/other.js")).await.status(), 404);
        assert_eq!(call(TestRequest::post().uri("/graphiql")).await.status(), 405);
        assert_eq!(call(TestRequest::default().method(Method::HEAD).uri("/graphiql")).await.status(), 200);
    }

    #[actix_web::test]
    async fn no_script_stands_in_the_page_and_no_other_host_is_named() {
        let (page, script) = (include_str!("explorer/index.html"), include_str!("explorer/explorer.js"));
        assert_eq!(page.matches("<script").count(), page.matches("<script defer src=\"/graphiql/").count());
        assert!(!page.contains("://") && !script.contains("://"));
        let response = call(TestRequest::get().uri("/graphiql")).await;
        assert!(header(&response, "content-security-policy").starts_with("default-src 'self'; "));
    }

    #[actix_web::test]
    async fn a_known_file_is_not_sent_again() {
        let first = call(TestRequest::get().uri("/graphiql/explorer.js")).await;
        let etag = header(&first, "etag").to_owned();
        for known in [etag.clone(), format!("\"x\", W/{etag}"), "*".to_owned()] {
            let request = TestRequest::get().uri("/graphiql/explorer.js").insert_header((IF_NONE_MATCH, known));
            assert_eq!(call(request).await.status(), 304);
        }
        let request = TestRequest::get().uri("/graphiql").insert_header((IF_NONE_MATCH, etag));
        assert_eq!(call(request).await.status(), 200);
    }
}

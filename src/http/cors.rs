//! Which web pages may call: the origins that the settings name. Tokens travel in headers, never in cookies, so that a
//! page gets nothing that it was not given.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
            ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN, VARY,
        },
    },
};

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const EXPOSED: &str = "ETag, Location, Link, Allow, Retry-After, WWW-Authenticate, X-Request-Id, RateLimit, RateLimit-Policy, \
                       Idempotency-Replayed, Deprecation, Sunset, X-Experience-API-Version, X-Experience-API-Consistent-Through";

/// The answer to a browser that asks whether it may ask.
#[must_use]
pub fn preflight(origins: &[String], req: &HttpRequest) -> Option<HttpResponse> {
    let asks = req.method() == Method::OPTIONS && req.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    if !asks || allowed(origins, req.headers().get(ORIGIN)).is_none() {
        return None;
    }
    let mut answer = HttpResponse::NoContent();
    answer.insert_header((ACCESS_CONTROL_ALLOW_METHODS, METHODS)).insert_header((ACCESS_CONTROL_MAX_AGE, "600"));
    if let Some(headers) = req.headers().get(ACCESS_CONTROL_REQUEST_HEADERS) {
        answer.insert_header((ACCESS_CONTROL_ALLOW_HEADERS, headers.clone()));
    }
    Some(answer.finish())
}

/// Lets the page of an allowed origin read the answer.
pub fn allow(origins: &[String], origin: Option<&HeaderValue>, headers: &mut HeaderMap) {
    if origins.is_empty() {
        return;
    }
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed(origins, origin) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
}

fn allowed(origins: &[String], origin: Option<&HeaderValue>) -> Option<HeaderValue> {
    let origin = origin?;
    if origins.iter().any(|known| known == "*") {
        return Some(HeaderValue::from_static("*"));
    }
    origins.iter().any(|known| known.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn asked(origins: &[&str]) -> Option<HttpResponse> {
        let req = TestRequest::default()
            .method(Method::OPTIONS)
            .insert_header((ORIGIN, "https://a.example"))
            .insert_header((ACCESS_CONTROL_REQUEST_METHOD, "PATCH"))
            .insert_header((ACCESS_CONTROL_REQUEST_HEADERS, "if-match"));
        preflight(&origins.iter().map(|&origin| origin.to_owned()).collect::<Vec<_>>(), &req.to_http_request())
    }

    #[test]
    fn only_named_origins_may_ask() {
        assert!(asked(&[]).is_none() && asked(&["https://b.example"]).is_none());
        let answer = asked(&["https://a.example"]).unwrap();
        assert_eq!(answer.headers().get(ACCESS_CONTROL_ALLOW_HEADERS).unwrap(), "if-match");
        let mut headers = HeaderMap::new();
        allow(&["*".to_owned()], Some(&HeaderValue::from_static("https://a.example")), &mut headers);
        assert_eq!(headers.get(ACCESS_CONTROL_ALLOW_ORIGIN).unwrap(), "*");
    }
}

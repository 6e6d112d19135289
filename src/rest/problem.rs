//! Errors as RFC 9457 has them: `application/problem+json`.

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER},
    },
};
use serde::Serialize;
use serde_json::Value;

use crate::domain::error::{Code, Error, FieldError};

/// The media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";
/// Where the codes are listed.
pub const CODES: &str = "/api/v1/error-codes";

/// A problem, as it stands in the body.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    errors: &'a [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'a Value>,
    request_id: &'a str,
}

/// The scope that a token lacks: what a refusal's `WWW-Authenticate` names.
#[derive(Clone, Debug)]
pub struct LacksScope(pub String);

/// An error on its way out of a handler. It becomes a problem where the request's id is known: in the frame around
/// all handlers.
#[derive(Debug)]
pub struct Problem(pub Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status(self.0.code())
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.0.clone());
        response
    }
}

/// The problem that an error is.
#[must_use]
pub fn respond(error: &Error, request_id: &str) -> HttpResponse {
    let code = error.code();
    let body = Body {
        r#type: format!("{CODES}#{}", code.as_str()),
        title: code.title(),
        status: code.status(),
        detail: error.detail(),
        code: code.as_str(),
        errors: error.field_errors(),
        details: error.details(),
        request_id,
    };
    let body = serde_json::to_vec(&body).unwrap_or_default();
    let mut response = HttpResponse::build(status(code)).insert_header((CONTENT_TYPE, MEDIA_TYPE)).body(body);
    if let Some(seconds) = error.seconds_to_wait() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if code == Code::InsufficientScope {
        let scope = error.details().and_then(|details| details.get("scope")).and_then(Value::as_str);
        response.extensions_mut().insert(LacksScope(scope.unwrap_or_default().to_owned()));
    }
    response
}

fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The challenge of RFC 6750 that goes with a refusal for want of a token, or of a scope in it; it names the metadata of RFC 9728.
#[must_use]
pub fn challenge(public_url: &str, had_token: bool, lacks: Option<&LacksScope>) -> String {
    let metadata = format!("{}/.well-known/oauth-protected-resource", public_url.trim_end_matches('/'));
    let why = match lacks {
        Some(LacksScope(scope)) => format!(", error=\"insufficient_scope\", scope=\"{scope}\""),
        None if had_token => ", error=\"invalid_token\"".to_owned(),
        // Who brought nothing is told nothing but where to get it.
        None => String::new(),
    };
    format!("Bearer realm=\"cairn\", resource_metadata=\"{metadata}\"{why}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;

    #[actix_web::test]
    async fn a_problem_says_everything_and_nothing_twice() {
        let error = Error::field(Code::DueDatePast, "/dueOn", "The day is past.").retry_after(3);
        let response = respond(&error, "r1");
        assert_eq!(
            (response.status().as_u16(), response.headers().get(RETRY_AFTER).unwrap().as_bytes()),
            (409, &b"3"[..])
        );
        let body = to_bytes(response.into_body()).await.unwrap();
        let expected = r#"{"type":"/api/v1/error-codes#DUE_DATE_PAST","title":"The day is past.","status":409,"detail":"The day is past.","code":"DUE_DATE_PAST","errors":[{"pointer":"/dueOn","code":"DUE_DATE_PAST","message":"The day is past."}],"requestId":"r1"}"#;
        assert_eq!(std::str::from_utf8(&body).unwrap(), expected);
    }

    #[test]
    fn a_challenge_says_what_is_missing() {
        let to = |had, lacks: Option<LacksScope>| challenge("http://a/", had, lacks.as_ref());
        let bare = "Bearer realm=\"cairn\", resource_metadata=\"http://a/.well-known/oauth-protected-resource\"";
        assert_eq!(to(false, None), bare);
        assert_eq!(to(true, None), format!("{bare}, error=\"invalid_token\""));
        let lacks = Some(LacksScope("learning:read".to_owned()));
        assert_eq!(to(true, lacks), format!("{bare}, error=\"insufficient_scope\", scope=\"learning:read\""));
    }
}

//! What frames every request: its id, its problem when it fails, headers for safety, the log and the metrics.

use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::{Duration, Instant},
};

use actix_web::{
    Error as ActixError, HttpMessage as _, HttpRequest, HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        Method, StatusCode,
        header::{
            self, ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName,
            HeaderValue, WWW_AUTHENTICATE,
        },
    },
    middleware::Next,
    web::Data,
};
use tracing::Instrument as _;

use super::{Serving, cors};
use crate::{
    budget::Standing,
    domain::{
        clock,
        error::{Code, Error},
    },
    rest::{
        caller::{Actor, Operation, RequestId},
        problem::{self, LacksScope},
    },
};

/// The header that names a request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// What stands in every answer that does not say otherwise.
const DEFAULTS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (CACHE_CONTROL, "no-store"),
];

/// What is known of a request before it is answered.
struct Asked {
    id: Arc<str>,
    method: Method,
    had_token: bool,
    origin: Option<HeaderValue>,
    since: Instant,
}

/// Answers a request within the frame.
///
/// # Errors
/// What failed so badly that its request is gone; the error carries the whole answer.
pub async fn frame(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, ActixError> {
    let Some(serving) = req.app_data::<Data<Serving>>().cloned() else {
        return Err(problem::Problem(Error::internal("the application serves nothing")).into());
    };
    let asked = Asked::of(&req);
    let _counted = serving.metrics.begun();
    if let Some(answer) = cors::preflight(&serving.house.config.cors_origins, req.request()) {
        let (req, _) = req.into_parts();
        return Ok(finished(&serving, &asked, req, answer));
    }
    req.extensions_mut().insert(RequestId(Arc::clone(&asked.id)));
    let span = tracing::info_span!("request", id = %asked.id);
    match catching(next.call(req)).instrument(span).await {
        Ok(Ok(answer)) => {
            let (req, answer) = answer.map_into_boxed_body().into_parts();
            Ok(finished(&serving, &asked, req, answer))
        }
        Ok(Err(error)) => Err(lost(&serving, &asked, error.error_response())),
        Err(panic) => {
            let error = Error::internal(format!("panicked: {}", message(panic.as_ref())));
            Err(lost(&serving, &asked, problem::respond(&error, &asked.id)))
        }
    }
}

impl Asked {
    fn of(req: &ServiceRequest) -> Self {
        let given = req.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok()).filter(|id| is_sane(id));
        Self {
            id: given.map_or_else(|| clock::new_uuid().simple().to_string().into(), Arc::from),
            method: req.method().clone(),
            had_token: req.headers().contains_key(AUTHORIZATION),
            origin: req.headers().get(header::ORIGIN).cloned(),
            since: Instant::now(),
        }
    }
}

/// Whether an id that a client gave may stand in our log and in our answer.
fn is_sane(id: &str) -> bool {
    (8..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
}

/// Carries a future out, and catches a panic in it: one request must not take the others' connection with it.
async fn catching<F: Future>(future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a message")
}

/// The answer to a request that did not come back with it.
fn lost(serving: &Serving, asked: &Asked, answer: HttpResponse) -> ActixError {
    let mut answer = rendered(answer, asked);
    dress(serving, asked, &mut answer);
    note(serving, asked, answer.status(), None);
    InternalError::from_response("lost", answer).into()
}

fn finished(serving: &Serving, asked: &Asked, req: HttpRequest, answer: HttpResponse) -> ServiceResponse<BoxBody> {
    let mut answer = rendered(answer, asked);
    dress(serving, asked, &mut answer);
    if let Some((policy, standing)) = req.extensions().get::<Standing>().and_then(Standing::headers) {
        put(answer.headers_mut(), RATE_LIMIT_POLICY, &policy);
        put(answer.headers_mut(), RATE_LIMIT, &standing);
    }
    note(serving, asked, answer.status(), Some(&req));
    ServiceResponse::new(req, answer)
}

/// Gives a refusal its body, when it came without one: only here is the request's id known.
fn rendered(answer: HttpResponse, asked: &Asked) -> HttpResponse {
    let status = answer.status();
    if status == StatusCode::METHOD_NOT_ALLOWED
        && asked.method == Method::OPTIONS
        && answer.headers().contains_key(ALLOW)
    {
        return with_headers(HttpResponse::new(StatusCode::NO_CONTENT), answer.headers());
    }
    let kept = answer.extensions().get::<Error>().cloned();
    let bare = (status.is_client_error() || status.is_server_error())
        && !answer.headers().contains_key(CONTENT_TYPE)
        && matches!(answer.body().size(), BodySize::None | BodySize::Sized(0));
    match kept.or_else(|| bare.then(|| of_status(status)).flatten()) {
        Some(error) => with_headers(problem::respond(&error, &asked.id), answer.headers()),
        None => answer,
    }
}

/// Keeps what an answer said besides its body.
fn with_headers(mut answer: HttpResponse, others: &HeaderMap) -> HttpResponse {
    for (name, value) in others.iter().filter(|(name, _)| **name != CONTENT_TYPE && **name != CONTENT_ENCODING) {
        if !answer.headers().contains_key(name) {
            answer.headers_mut().insert(name.clone(), value.clone());
        }
    }
    answer
}

/// The error that a bare status stands for.
fn of_status(status: StatusCode) -> Option<Error> {
    let code = match status.as_u16() {
        400 => Code::BadInput,
        404 => Code::NotFound,
        405 => Code::MethodNotAllowed,
        406 => Code::NotAcceptable,
        408 => Code::RequestTimeout,
        413 => Code::TooLarge,
        415 => Code::UnsupportedMediaType,
        500 => Code::Internal,
        503 => Code::Unavailable,
        _ => return None,
    };
    let detail = match code {
        Code::NotFound => "There is nothing at this address.",
        Code::MethodNotAllowed => "The method is not offered here; Allow says which are.",
        _ => code.title(),
    };
    Some(Error::new(code, detail))
}

/// Adds the headers that every answer has.
fn dress(serving: &Serving, asked: &Asked, answer: &mut HttpResponse) {
    let config = &serving.house.config;
    let status = answer.status();
    let lacks = answer.extensions().get::<LacksScope>().cloned();
    let headers = answer.headers_mut();
    let challenges = status == StatusCode::UNAUTHORIZED || lacks.is_some();
    if challenges && !headers.contains_key(WWW_AUTHENTICATE) {
        put(headers, WWW_AUTHENTICATE, &problem::challenge(&config.public_url, asked.had_token, lacks.as_ref()));
    }
    for (name, value) in DEFAULTS {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if config.public_url.starts_with("https://") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    put(headers, REQUEST_ID, &asked.id);
    cors::allow(&config.cors_origins, asked.origin.as_ref(), headers);
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// Counts and logs a request. Neither its query nor its body nor its token is written down.
fn note(serving: &Serving, asked: &Asked, status: StatusCode, req: Option<&HttpRequest>) {
    let took = asked.since.elapsed();
    let pattern = req.and_then(HttpRequest::match_pattern);
    let route = pattern.as_deref().unwrap_or("(none)");
    let method = known(&asked.method);
    serving.metrics.answered(method, route, status.as_u16(), took);
    let extensions = req.map(HttpRequest::extensions);
    let known = extensions.as_deref();
    let actor = known.and_then(|known| known.get::<Actor>()).map(|actor| actor.0.as_str());
    let operation = known.and_then(|known| known.get::<Operation>()).map(|named| &*named.0);
    let line = Line { method, route, status: status.as_u16(), took, actor, operation };
    line.log(&asked.id);
}

struct Line<'a> {
    method: &'a str,
    route: &'a str,
    status: u16,
    took: Duration,
    actor: Option<&'a str>,
    operation: Option<&'a str>,
}

impl Line<'_> {
    fn log(&self, id: &str) {
        let Self { method, route, status, actor, operation, .. } = self;
        let ms = self.took.as_secs_f64() * 1000.0;
        // Probes come every few seconds, and say nothing when all is well.
        if matches!(*route, "/livez" | "/readyz" | "/metrics") && *status < 400 {
            tracing::debug!(target: "cairn::access", method, route, status, ms, request = id, "answered");
        } else {
            tracing::info!(target: "cairn::access", method, route, status, ms, request = id, actor, operation, "answered");
        }
    }
}

/// Methods are words of the client's: only those that we know become a label.
fn known(method: &Method) -> &'static str {
    const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    METHODS.iter().find(|known| **known == method.as_str()).copied().unwrap_or("OTHER")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sane_ids_are_taken() {
        assert!(is_sane("5f0c1f4e-nightly") && is_sane(&"a".repeat(128)));
        for id in ["short", "has a blank", "line\nbreak", "quote\"\"\"", &"a".repeat(129)] {
            assert!(!is_sane(id), "{id}");
        }
    }

    #[actix_web::test]
    async fn a_panic_is_caught() {
        let panic = catching(async { panic!("on purpose") }).await.map(|(): ()| 0).unwrap_err();
        assert_eq!(message(panic.as_ref()), "on purpose");
        assert_eq!(catching(async { 1 }).await.ok(), Some(1));
    }
}

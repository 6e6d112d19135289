//! GraphQL over HTTP: `/graphql` by POST and GET, and its status codes and headers.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{Method, StatusCode, header},
    web,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::StreamExt as _;

use super::{
    execute::{Executed, execute},
    request::{Ask, Asked, Malformed, Media, read_get, read_post},
    response::{Answer, Fault, Outcome},
};
use crate::{
    budget::Standing,
    domain::{
        caller::Caller,
        error::{Code, Error},
        idempotency::Key,
    },
    rest::caller::{caller, request_id},
};

/// How large a body may be.
const BODY: usize = 1024 * 1024;
/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);

/// The routes.
pub fn routes(cfg: &mut web::ServiceConfig) {
    let resource = web::resource("/graphql").route(web::get().to(handle)).route(web::post().to(handle));
    cfg.service(resource.default_service(web::to(other_method)));
}

async fn other_method(req: HttpRequest) -> HttpResponse {
    let fault = Fault::new(Code::MethodNotAllowed.as_str(), "Use POST, or GET for queries");
    let answer = Answer::one(&Outcome::refused(405, fault), Media::Json, &request_id(&req));
    let mut response = HttpResponse::build(StatusCode::METHOD_NOT_ALLOWED);
    response.insert_header((header::ALLOW, "GET, POST")).content_type(answer.content_type).body(answer.body)
}

async fn handle(req: HttpRequest, payload: web::Payload) -> HttpResponse {
    let id = request_id(&req);
    let media = match Media::negotiate(req.headers()) {
        Ok(media) => media,
        Err(why) => return Answer::malformed(why, Media::Json, &id).into(),
    };
    let mut who = match caller(&req).await {
        Ok(who) => who,
        Err(error) => return refused(&error, media, &id),
    };
    let by_get = req.method() == Method::GET;
    let asked = if by_get {
        read_get(req.query_string()).map(Asked::One)
    } else {
        match body(payload).await {
            Ok(bytes) => read_post(content_type(&req), &bytes).and_then(|asked| {
                who.idempotency = idempotency(&req, &bytes)?;
                Ok(asked)
            }),
            Err(error) => return refused(&error, media, &id),
        }
    };
    match asked {
        Ok(Asked::One(ask)) => one(&who, ask, by_get, media, &id).await,
        Ok(Asked::Batch(asks)) => batch(&who, asks, media, &id).await,
        Err(why) => Answer::malformed(why, media, &id).into(),
    }
}

fn content_type(req: &HttpRequest) -> Option<&str> {
    req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
}

async fn body(mut payload: web::Payload) -> Result<web::BytesMut, Error> {
    let reading = async {
        let mut bytes = web::BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Error::new(Code::BadInput, "The body ended early."))?;
            if bytes.len() + chunk.len() > BODY {
                return Err(Error::new(Code::TooLarge, "The body is larger than 1 MiB."));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    let late = || Error::new(Code::RequestTimeout, "The body took too long to arrive.");
    tokio::time::timeout(ARRIVAL, reading).await.unwrap_or_else(|_| Err(late()))
}

/// The idempotency key of a request, with the hash of its body.
fn idempotency(req: &HttpRequest, body: &[u8]) -> Result<Option<Arc<Key>>, Malformed> {
    let Some(value) = req.headers().get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()));
    let malformed = || Malformed { status: 400, code: "BAD_INPUT", message: "Idempotency-Key takes 1 to 255 visible ASCII characters".to_owned() };
    let key = key.ok_or_else(malformed)?.to_owned();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body);
    Ok(Some(Arc::new(Key { key, fingerprint: URL_SAFE_NO_PAD.encode(digest.as_ref()) })))
}

async fn one(who: &Caller, ask: Ask, by_get: bool, media: Media, id: &str) -> HttpResponse {
    let executed = execute(who, ask, by_get).await;
    let mut response: HttpResponse = Answer::one(&executed.outcome, media, id).into();
    headers(&mut response, &executed);
    response
}

async fn batch(who: &Caller, asks: Vec<Ask>, media: Media, id: &str) -> HttpResponse {
    if who.idempotency.is_some() {
        let fault = Fault::new(Code::BadInput.as_str(), "Idempotency-Key is for requests with exactly one mutation field");
        return Answer::one(&Outcome::refused(400, fault), Media::GraphqlResponse, id).into();
    }
    let (mut outcomes, mut last) = (Vec::with_capacity(asks.len()), None);
    for ask in asks {
        let Executed { outcome, standing, .. } = execute(who, ask, false).await;
        last = Some(standing);
        outcomes.push(outcome);
    }
    let mut response: HttpResponse = Answer::batch(&outcomes, media, id).into();
    if let Some(standing) = last {
        budget(&mut response, &standing);
    }
    response
}

fn headers(response: &mut HttpResponse, executed: &Executed) {
    budget(response, &executed.standing);
    if executed.replayed {
        insert(response, "idempotency-replayed", "true");
    }
    if let Some(seconds) = executed.retry_after {
        insert(response, "retry-after", &seconds.to_string());
    }
}

fn budget(response: &mut HttpResponse, standing: &Standing) {
    if let Some((policy, limit)) = standing.headers() {
        insert(response, "ratelimit-policy", &policy);
        insert(response, "ratelimit", &limit);
    }
}

fn insert(response: &mut HttpResponse, name: &'static str, value: &str) {
    if let Ok(value) = header::HeaderValue::from_str(value) {
        response.headers_mut().insert(header::HeaderName::from_static(name), value);
    }
}

/// A refusal of the whole request: no token, too large, too slow, no database.
fn refused(error: &Error, media: Media, id: &str) -> HttpResponse {
    let mut fault = Fault::new(error.code().as_str(), error.detail());
    fault.details = error.details().cloned();
    let answer = Answer::one(&Outcome::refused(error.code().status(), fault), media, id);
    let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response: HttpResponseBuilder = HttpResponse::build(status);
    if error.code() == Code::Unauthenticated {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if let Some(seconds) = error.seconds_to_wait() {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    response.content_type(answer.content_type).body(answer.body)
}

//! GraphQL over HTTP: `/graphql` by POST and GET, and its status codes and headers.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{Method, StatusCode, header},
    web,
};

use super::{
    execute::{Executed, execute},
    request::{Ask, Asked, Media, read_get, read_post},
    response::{Answer, Fault, Outcome},
};
use crate::{
    budget::Standing,
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
    },
    rest::{
        body,
        caller::{caller, recalled, request_id},
        headers,
    },
};

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
    let mut who = match recalled(&req).await {
        Ok(who) => who,
        Err(error) => return refused(&error, media, &id),
    };
    let by_get = req.method() == Method::GET;
    let asked = if by_get {
        read_get(req.query_string()).map(Asked::One)
    } else {
        let read = match body::read(&req, payload).await {
            Ok(bytes) => headers::idempotency(&req, &bytes).map(|key| (bytes, key)),
            Err(error) => Err(error),
        };
        match read {
            Ok((bytes, key)) => {
                who.idempotency = key.map(Arc::new);
                read_post(content_type(&req), &bytes)
            }
            Err(error) => return refused(&confirmed(&req, who).await.err().unwrap_or(error), media, &id),
        }
    };
    match asked {
        Ok(Asked::One(ask)) => one(&req, who, ask, by_get, media).await,
        Ok(Asked::Batch(asks)) => batch(&req, who, asks, media).await,
        Err(why) => match confirmed(&req, who).await {
            Ok(_) => Answer::malformed(why, media, &id).into(),
            Err(error) => refused(&error, media, &id),
        },
    }
}

/// The caller as they stand now, unless that was asked already.
async fn confirmed(req: &HttpRequest, who: Caller) -> Result<Caller> {
    if who.recalled.is_none() {
        return Ok(who);
    }
    Ok(Caller { idempotency: who.idempotency, ..caller(req).await? })
}

/// Carries out an operation: for the caller as recalled if that is enough, else as they stand now.
async fn carried_out(req: &HttpRequest, who: &mut Caller, ask: &Ask, by_get: bool) -> Result<Executed> {
    loop {
        match execute(who, ask, by_get).await {
            Some(executed) => return Ok(executed),
            None => *who = confirmed(req, who.clone()).await?,
        }
    }
}

fn content_type(req: &HttpRequest) -> Option<&str> {
    req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok())
}

async fn one(req: &HttpRequest, mut who: Caller, ask: Ask, by_get: bool, media: Media) -> HttpResponse {
    let id = request_id(req);
    match carried_out(req, &mut who, &ask, by_get).await {
        Ok(executed) => {
            let mut response: HttpResponse = Answer::one(&executed.outcome, media, &id).into();
            describe(&mut response, &executed);
            response
        }
        Err(error) => refused(&error, media, &id),
    }
}

async fn batch(req: &HttpRequest, mut who: Caller, asks: Vec<Ask>, media: Media) -> HttpResponse {
    let id = request_id(req);
    if who.idempotency.is_some() {
        let fault =
            Fault::new(Code::BadInput.as_str(), "Idempotency-Key is for requests with exactly one mutation field");
        return Answer::one(&Outcome::refused(400, fault), Media::GraphqlResponse, &id).into();
    }
    let (mut outcomes, mut last) = (Vec::with_capacity(asks.len()), None);
    for ask in asks {
        match carried_out(req, &mut who, &ask, false).await {
            Ok(Executed { outcome, standing, .. }) => {
                last = Some(standing);
                outcomes.push(outcome);
            }
            Err(error) => return refused(&error, media, &id),
        }
    }
    let mut response: HttpResponse = Answer::batch(&outcomes, media, &id).into();
    if let Some(standing) = last {
        budget(&mut response, &standing);
    }
    response
}

fn describe(response: &mut HttpResponse, executed: &Executed) {
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

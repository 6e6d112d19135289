//! The paths of log-in and of OAuth: each one resource, so that a wrong method is answered with `Allow`.

use std::future::Future;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderName, RETRY_AFTER, USER_AGENT, WWW_AUTHENTICATE},
    },
    web::{self, Data, Payload, ServiceConfig},
};
use entity::kind::Declared;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    address::client_ip,
    login::{self, LogIn, Origin},
    metadata,
    oauth::{self, Refusal},
    reset::{self, PasswordReset},
    session::{self, LogOut, Refresh},
};
use crate::{
    domain::{
        check,
        error::{Code, Error, Result},
    },
    house::House,
    json::{self, Fault},
    rest::{caller::request_id, problem::Problem},
};

/// No body here is longer.
const BODY: usize = 16 * 1024;

type Answer = Result<HttpResponse, Problem>;

/// Every path of this wing.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/auth/login").route(web::post().to(log_in)))
        .service(web::resource("/auth/refresh").route(web::post().to(refresh)))
        .service(web::resource("/auth/logout").route(web::post().to(log_out)))
        .service(web::resource("/auth/reset-password").route(web::post().to(reset_password)))
        .service(web::resource("/oauth/token").route(web::post().to(token)))
        .service(web::resource("/oauth/revoke").route(web::post().to(revoke)))
        .service(known("/.well-known/jwks.json", metadata::jwks))
        .service(known("/.well-known/oauth-authorization-server", metadata::authorization_server))
        .service(known("/.well-known/oauth-protected-resource", metadata::protected_resource));
}

/// A document that anybody may read.
fn known(path: &str, document: fn(&House) -> Value) -> actix_web::Resource {
    let show = move |house: Data<House>| async move {
        HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=60")).json(document(&house))
    };
    web::resource(path).route(web::get().to(show)).route(web::head().to(show))
}

async fn log_in(house: Data<House>, request: HttpRequest, payload: Payload) -> Answer {
    let origin = origin(&house, &request);
    with(
        &request,
        payload,
        |input: LogIn| async move { login::login(&house.into_inner(), &origin, input).await.map(Some) },
    )
    .await
}

async fn refresh(house: Data<House>, request: HttpRequest, payload: Payload) -> Answer {
    let id = request_id(&request);
    with(&request, payload, |input: Refresh| async move {
        session::refresh(&house.into_inner(), &input.refresh_token, id).await.map(Some)
    })
    .await
}

async fn log_out(house: Data<House>, request: HttpRequest, payload: Payload) -> Answer {
    let id = request_id(&request);
    let bearer = header(&request, &AUTHORIZATION).and_then(bearer).map(str::to_owned);
    let out = |input: LogOut| async move {
        session::logout(&house.into_inner(), input.refresh_token.as_ref(), bearer.as_deref(), id)
            .await
            .map(|()| None::<()>)
    };
    with(&request, payload, out).await
}

async fn reset_password(house: Data<House>, request: HttpRequest, payload: Payload) -> Answer {
    let id = request_id(&request);
    with(&request, payload, |input: PasswordReset| async move {
        reset::reset(&house.into_inner(), input, id).await.map(|()| None::<()>)
    })
    .await
}

/// Reads the body, carries out `act`, and answers with what came of it, or with nothing.
async fn with<I, A, F, T>(request: &HttpRequest, payload: Payload, act: A) -> Answer
where
    I: Declared + DeserializeOwned,
    A: FnOnce(I) -> F,
    F: Future<Output = Result<Option<T>>>,
    T: Serialize,
{
    let input = read::<I>(request, payload).await?;
    let answer = act(input).await?;
    Ok(answer.map_or_else(|| HttpResponse::NoContent().finish(), |answer| HttpResponse::Ok().json(answer)))
}

/// Reads a JSON body by its declaration. What is wrong with it is said without repeating it: it holds secrets.
async fn read<I: Declared + DeserializeOwned>(request: &HttpRequest, payload: Payload) -> Result<I> {
    let body = body(payload).await?;
    let value = if body.is_empty() {
        json!({})
    } else if media_type(request) == "application/json" {
        json::read(&body).map_err(|fault| match fault {
            Fault::Malformed { line, column } => {
                Error::new(Code::BadInput, format!("The body is not JSON (line {line}, column {column})."))
            }
            Fault::Ambiguous(pointer) => Error::field(Code::BadInput, &pointer, "This member is there twice."),
        })?
    } else {
        return Err(Error::new(Code::UnsupportedMediaType, "Send application/json."));
    };
    check::object(I::object(), &value)?;
    serde_json::from_value(value).map_err(|_| Error::new(Code::BadInput, "The body cannot be read."))
}

async fn body(payload: Payload) -> Result<web::Bytes> {
    let read = payload.to_bytes_limited(BODY).await;
    let read = read.map_err(|_| Error::new(Code::TooLarge, format!("The body has at most {BODY} bytes here.")))?;
    read.map_err(|_| Error::new(Code::BadInput, "The body did not arrive as it was announced."))
}

async fn token(house: Data<House>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let origin = origin(&house, &request);
    let answer = match form(&request, payload).await {
        Ok(body) => oauth::token(&house.into_inner(), &origin, header(&request, &AUTHORIZATION), &body).await,
        Err(refusal) => Err(refusal),
    };
    answer.map_or_else(refused, |granted| HttpResponse::Ok().json(granted))
}

async fn revoke(house: Data<House>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let origin = origin(&house, &request);
    let answer = match form(&request, payload).await {
        Ok(body) => oauth::revoke(&house.into_inner(), &origin, header(&request, &AUTHORIZATION), &body).await,
        Err(refusal) => Err(refusal),
    };
    answer.map_or_else(refused, |()| HttpResponse::Ok().finish())
}

async fn form(request: &HttpRequest, payload: Payload) -> Result<web::Bytes, Refusal> {
    let refusal =
        |status, why: String| Refusal { status, error: "invalid_request", description: why, retry_after: None };
    if media_type(request) != "application/x-www-form-urlencoded" {
        return Err(refusal(415, "Send application/x-www-form-urlencoded.".to_owned()));
    }
    body(payload).await.map_err(|error| refusal(error.code().status(), error.detail().to_owned()))
}

fn refused(refusal: Refusal) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST));
    if refusal.status == 401 {
        response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"cairn\", charset=\"UTF-8\""));
    }
    if let Some(seconds) = refusal.retry_after {
        response.insert_header((RETRY_AFTER, seconds));
    }
    response.json(json!({ "error": refusal.error, "error_description": refusal.description }))
}

/// Where a request comes from.
pub(crate) fn origin(house: &House, request: &HttpRequest) -> Origin {
    Origin {
        address: client_ip(request, &house.config.trusted_proxies),
        user_agent: header(request, &USER_AGENT).map(str::to_owned),
        request_id: request_id(request),
    }
}

fn header<'a>(request: &'a HttpRequest, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The media type of the body, without its parameters.
fn media_type(request: &HttpRequest) -> String {
    let value = header(request, &CONTENT_TYPE).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

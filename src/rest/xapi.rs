//! The xAPI face: the HTTP rules of that standard around what the core makes of statements.

use std::sync::Arc;

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    http::{
        Method,
        header::{ALLOW, CACHE_CONTROL, HeaderName, HeaderValue, WWW_AUTHENTICATE},
    },
    web::{self, Payload, ServiceConfig},
};
use serde_json::json;

use super::{
    body,
    caller::{Operation as Named, caller_or_client, charge, house, request_id},
    headers, problem, query,
    serve::COMMAND_COST,
};
use crate::{
    domain::{
        clock,
        error::{Code, Error, Result},
        learning::xapi::{self, NOT_OFFERED, Version},
    },
    percent,
};

/// The version of the standard: in every request but `about`, and in every answer.
pub const VERSION: HeaderName = HeaderName::from_static("x-experience-api-version");
/// Until when everything that came is kept: in every answer about statements.
pub const CONSISTENT_THROUGH: HeaderName = HeaderName::from_static("x-experience-api-consistent-through");

/// Registers the paths, below that of everything.
pub fn routes(cfg: &mut ServiceConfig) {
    let at = |path: &str| web::resource(format!("/xapi/{path}"));
    cfg.service(at("about").route(web::get().to(about)).route(web::head().to(about)))
        .service(
            at("statements")
                .route(web::post().to(statements))
                .route(web::put().to(statements))
                .default_service(web::to(no_queries)),
        )
        .service(at("{rest:.*}").default_service(web::to(nothing)));
}

/// Which versions are offered.
async fn about(req: HttpRequest) -> HttpResponse {
    req.extensions_mut().insert(Named("getXapiAbout".into()));
    let answer = headers::accepts_json(&req).and_then(|()| query::none(req.query_string())).map(|()| {
        let versions = json!({ "version": Version::ALL.map(Version::latest) });
        HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=3600")).json(versions)
    });
    told(&req, answer)
}

async fn statements(req: HttpRequest, payload: Payload) -> HttpResponse {
    let put = req.method() == Method::PUT;
    req.extensions_mut().insert(Named(if put { "putXapiStatement" } else { "postXapiStatements" }.into()));
    let answer = take(&req, payload, put).await;
    at_statements(told(&req, answer))
}

async fn take(req: &HttpRequest, payload: Payload, put: bool) -> Result<HttpResponse> {
    let mut who = caller_or_client(req).await?;
    let version = Version::read(named(req))?;
    headers::accepts_json(req)?;
    let place = place(req.query_string(), put)?;
    let bytes = body::read(req, payload).await?;
    let input = body::json(req, &bytes, &["application/json"])?;
    who.idempotency = headers::idempotency(req, &bytes)?.map(Arc::new);
    charge(req, &who, COMMAND_COST + xapi::count(&input))?;
    let taken = xapi::take(&who, version, input, place.as_deref()).await?;
    if put {
        return Ok(HttpResponse::NoContent().finish());
    }
    let mut answer = HttpResponse::Ok();
    if taken.replayed {
        answer.insert_header((headers::IDEMPOTENCY_REPLAYED, "true"));
    }
    Ok(answer.json(taken.ids))
}

/// The id that `PUT` names; `POST` takes no parameters, the `method` of old browsers neither.
fn place(query: &str, put: bool) -> Result<Option<String>> {
    if !put {
        return query::none(query).map(|()| None);
    }
    let id = query.strip_prefix("statementId=").filter(|id| !id.contains('&'));
    let id = id.and_then(|id| percent::decode(id, true));
    id.map(Some).ok_or_else(|| {
        Error::field(Code::BadInput, "statementId", "PUT takes the parameter statementId, and no other.")
    })
}

/// The queries of the standard.
async fn no_queries(req: HttpRequest) -> HttpResponse {
    let refused = told(&req, Err(Error::new(Code::MethodNotAllowed, NOT_OFFERED)));
    let mut answer = at_statements(refused);
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static("POST, PUT"));
    answer
}

/// The other resources of the standard.
async fn nothing(req: HttpRequest) -> HttpResponse {
    told(&req, Err(Error::new(Code::NotFound, NOT_OFFERED)))
}

fn named(req: &HttpRequest) -> Option<&str> {
    let mut given = req.headers().get_all(&VERSION);
    let one = given.next().filter(|_| given.next().is_none())?;
    one.to_str().ok()
}

/// The answer with what the standard has every answer say.
fn told(req: &HttpRequest, answer: Result<HttpResponse>) -> HttpResponse {
    let mut answer = answer.unwrap_or_else(|error| {
        let mut refused = problem::respond(&error, &request_id(req));
        if error.code() == Code::Unauthenticated {
            challenge(req, &mut refused);
        }
        refused
    });
    // Who names none that is offered is told of the newest.
    let version = Version::read(named(req)).unwrap_or(Version::Two);
    answer.headers_mut().insert(VERSION, HeaderValue::from_static(version.latest()));
    answer
}

/// Here a token is as good as an id and a secret.
fn challenge(req: &HttpRequest, refused: &mut HttpResponse) {
    let authorization = req.headers().get(actix_web::http::header::AUTHORIZATION);
    let basic = authorization.is_some_and(|given| given.as_bytes().to_ascii_lowercase().starts_with(b"basic"));
    if let (false, Ok(house)) = (basic, house(req)) {
        let bearer = problem::challenge(&house.config.public_url, authorization.is_some(), None);
        if let Ok(bearer) = HeaderValue::from_str(&bearer) {
            refused.headers_mut().append(WWW_AUTHENTICATE, bearer);
        }
    }
    let basic = HeaderValue::from_static("Basic realm=\"cairn\", charset=\"UTF-8\"");
    refused.headers_mut().append(WWW_AUTHENTICATE, basic);
}

/// What was carried out is kept: everything that came before this answer can be read.
fn at_statements(mut answer: HttpResponse) -> HttpResponse {
    if let Ok(now) = HeaderValue::from_str(&clock::rfc3339(clock::now())) {
        answer.headers_mut().insert(CONSISTENT_THROUGH, now);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_put_names_a_place() {
        assert_eq!(place("", false).unwrap(), None);
        assert_eq!(place("statementId=7ccd%33", true).unwrap().as_deref(), Some("7ccd3"));
        for (query, put) in [("method=PUT", false), ("", true), ("statementId=a&x=1", true), ("statementId=%ff", true)]
        {
            assert_eq!(place(query, put).unwrap_err().code(), Code::BadInput, "{query}");
        }
    }
}

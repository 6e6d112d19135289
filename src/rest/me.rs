//! `GET /api/v1/me` and `GET /api/v1/error-codes`: the two reads that belong to no resource.

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, http::header::CACHE_CONTROL};
use serde::Serialize;

use super::{
    answer::{self, JSON},
    caller::{Operation as Named, caller, charge, request_id},
    headers, problem,
    query::{self, Show},
    select,
};
use crate::{
    domain::{
        error::{Code, Result},
        me::{self, WAYS},
    },
    read::{
        self,
        plan::{Read, Root, cost},
        shape::shape,
    },
};

/// A line of the table of codes.
#[derive(Serialize)]
struct Line {
    code: &'static str,
    status: u16,
    title: &'static str,
}

#[derive(Serialize)]
struct Lines {
    items: Vec<Line>,
}

/// Lists every code.
pub async fn error_codes(req: HttpRequest) -> HttpResponse {
    req.extensions_mut().insert(Named("listErrorCodes".into()));
    if let Err(error) = headers::accepts_json(&req).and_then(|()| query::none(req.query_string())) {
        return problem::respond(&error, &request_id(&req));
    }
    let line = |code: &Code| Line { code: code.as_str(), status: code.status(), title: code.title() };
    let lines = Lines { items: Code::ALL.iter().map(line).collect() };
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=3600")).json(lines)
}

/// Shows the caller to themselves.
pub async fn me(req: HttpRequest) -> HttpResponse {
    req.extensions_mut().insert(Named("getMe".into()));
    show(&req).await.unwrap_or_else(|error| problem::respond(&error, &request_id(&req)))
}

async fn show(req: &HttpRequest) -> Result<HttpResponse> {
    let who = caller(req).await?;
    headers::accepts_json(req)?;
    query::none(req.query_string())?;
    let roots = WAYS.iter().map(|(_, name, _)| match me::way(&who, shape(name)) {
        Some(by) => select::one_by(shape(name), by, false, &Show::default()),
        None => Ok(Root { key: String::new(), read: Read::Known("null".to_owned()) }),
    });
    let roots: Vec<Root> = roots.collect::<Result<_>>()?;
    charge(req, &who, cost(&roots))?;
    let read = read::run(&who, &roots).await?;
    let mut body = serde_json::to_vec(&me::values(&who)).unwrap_or_default();
    body.pop();
    for ((name, _, _), object) in WAYS.iter().zip(read.bytes) {
        body.extend_from_slice(format!(",\"{name}\":").as_bytes());
        body.extend_from_slice(&object);
    }
    body.push(b'}');
    Ok(answer::object(req, body, 0, JSON))
}

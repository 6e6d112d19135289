//! Computed answers in REST: `GET` on the path of each, what it takes as parameters, in the form that is accepted.

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use entity::kind::Kind;
use serde_json::json;

use super::{
    answer::{self, JSON},
    caller::{Operation as Named, caller, charge, request_id},
    headers, problem, query,
};
use crate::domain::{answer::Answer, error::Result, verb::upper_first};

/// The name of the operation in the document and in the log.
#[must_use]
pub fn operation_id(of: &Answer) -> String {
    format!("get{}", upper_first(of.name))
}

/// Answers a request for a computed answer.
pub async fn ask(of: &'static Answer, req: HttpRequest) -> HttpResponse {
    req.extensions_mut().insert(Named(operation_id(of).into()));
    tell(of, &req).await.unwrap_or_else(|error| problem::respond(&error, &request_id(&req)))
}

async fn tell(of: &'static Answer, req: &HttpRequest) -> Result<HttpResponse> {
    let who = caller(req).await?;
    let offered: Vec<&str> =
        ["application/json"].into_iter().chain(of.forms.iter().map(|form| form.media_type)).collect();
    let wanted = headers::preferred(req, &offered)?;
    let input = query::question(of.input, req.query_string())?;
    charge(req, &who, of.points)?;
    let value = of.run(&who, input).await.map_err(query::by_parameter)?;
    if let Some(form) = wanted.checked_sub(1).and_then(|place| of.forms.get(place)) {
        return Ok(answer::told(req, form.write(&value)?, form.content_type));
    }
    let body = match (of.output, of.alone) {
        (Kind::List { .. }, _) => json!({ "items": value }),
        (_, Some(member)) => value.get(member).cloned().unwrap_or_default(),
        _ => value,
    };
    Ok(answer::object(req, body.to_string().into_bytes(), 0, JSON))
}

//! What an HTTP request asks of `/graphql`: its form, its media type, and nothing of execution.

mod media;

pub use media::Media;

use actix_web::web::Query;
use serde_json::{Map, Value};
use std::fmt::Display;

use crate::{
    domain::error::Code,
    json::{self, Fault},
};

/// The most operations in one batch.
pub const BATCH: usize = 10;

/// One operation, as it was asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ask {
    /// The document; absent when only the hash of a persisted one is sent.
    pub query: Option<String>,
    /// Which operation of the document.
    pub operation_name: Option<String>,
    /// Values of the variables.
    pub variables: Map<String, Value>,
    /// What the client adds to the protocol, such as `persistedQuery`.
    pub extensions: Map<String, Value>,
}

/// A request holds one operation or a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// A JSON object, or a query string.
    One(Ask),
    /// A JSON array of 1 to [`BATCH`] objects.
    Batch(Vec<Ask>),
}

/// A request that is not GraphQL over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The HTTP status: 400, 406 or 415.
    pub status: u16,
    /// `BAD_INPUT`, `NOT_ACCEPTABLE` or `UNSUPPORTED_MEDIA_TYPE`.
    pub code: &'static str,
    /// What is wrong, without quoting the request.
    pub message: String,
}

/// Reads the query string of a GET. There is no form for a batch.
///
/// # Errors
///
/// A parameter that is given twice or is not JSON of the right kind, and no document.
pub fn read_get(query_string: &str) -> Result<Ask, Malformed> {
    let parameters = Query::<Vec<(String, String)>>::from_query(query_string)
        .map_err(|_| bad("The query string is not URL-encoded"))?
        .into_inner();
    let mut members = Map::new();
    for (name, text) in parameters {
        let value = match name.as_str() {
            // An empty box of a form means that nothing was filled in.
            "operationName" | "variables" | "extensions" if text.is_empty() => Value::Null,
            "query" | "operationName" => Value::String(text),
            "variables" | "extensions" => {
                json::read(text.as_bytes()).map_err(|fault| unread(&format!("`{name}`"), fault))?
            }
            _ => continue,
        };
        if members.insert(name, value).is_some() {
            return Err(bad("A parameter is given twice"));
        }
    }
    ask(members)
}

/// Reads the body of a POST.
///
/// # Errors
///
/// Another media type than JSON in UTF-8, what is not JSON or not of the form of a request, and batches of a
/// wrong size.
pub fn read_post(content_type: Option<&str>, body: &[u8]) -> Result<Asked, Malformed> {
    if !media::is_json(content_type.unwrap_or_default()) {
        return Err(Malformed {
            status: 415,
            code: "UNSUPPORTED_MEDIA_TYPE",
            message: "The body must be application/json in UTF-8".to_owned(),
        });
    }
    match json::read(body).map_err(|fault| unread("The body", fault))? {
        Value::Array(items) if (1..=BATCH).contains(&items.len()) => {
            items.into_iter().map(|item| ask(object(item)?)).collect::<Result<_, _>>().map(Asked::Batch)
        }
        Value::Array(_) => Err(bad(format!("A batch holds 1 to {BATCH} operations"))),
        one => Ok(Asked::One(ask(object(one)?)?)),
    }
}

fn unread(what: &str, fault: Fault) -> Malformed {
    match fault {
        Fault::Malformed { .. } => bad(format!("{what} is not JSON")),
        Fault::Ambiguous(pointer) => bad(format!("{what} has a member twice: {pointer}")),
    }
}

fn ask(mut members: Map<String, Value>) -> Result<Ask, Malformed> {
    let ask = Ask {
        query: text_member(&mut members, "query")?,
        operation_name: text_member(&mut members, "operationName")?,
        variables: object_member(&mut members, "variables")?,
        extensions: object_member(&mut members, "extensions")?,
    };
    if ask.query.is_none() && !ask.extensions.contains_key("persistedQuery") {
        return Err(bad("`query` is missing"));
    }
    Ok(ask)
}

fn object(value: Value) -> Result<Map<String, Value>, Malformed> {
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(bad("A request is a JSON object")),
    }
}

fn text_member(members: &mut Map<String, Value>, name: &str) -> Result<Option<String>, Malformed> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(bad(format!("`{name}` must be a string"))),
    }
}

fn object_member(members: &mut Map<String, Value>, name: &str) -> Result<Map<String, Value>, Malformed> {
    match members.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(inner)) => Ok(inner),
        Some(_) => Err(bad(format!("`{name}` must be an object"))),
    }
}

fn bad(message: impl Display) -> Malformed {
    Malformed { status: 400, code: Code::BadInput.as_str(), message: message.to_string() }
}

#[cfg(test)]
mod tests;

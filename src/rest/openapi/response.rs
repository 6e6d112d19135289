//! Answers in the document: problems and headers are components, so that each is told once.

use std::collections::BTreeMap;

use entity::kind::Kind;
use serde_json::json;
use utoipa::openapi::{
    ArrayBuilder, Content, Header, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Schema, Type,
    content::ContentBuilder, schema::SchemaType,
};

use super::{
    scalar::{CODE, SENTENCE},
    schema::Schemas,
};
use crate::{
    domain::error::Code,
    rest::{
        body::BODY_MAX,
        problem::{self, CODES},
    },
};

/// Headers that every answer has, or may have.
const EVERYWHERE: [&str; 4] = ["X-Request-Id", "RateLimit", "RateLimit-Policy", "Access-Control-Allow-Origin"];

/// Every header of an answer: its name, what it says, its pattern, an example.
const HEADERS: [(&str, &str, &str, &str); 14] = [
    (
        "X-Request-Id",
        "Names this request in our log: quote it when you ask for help.",
        "^[A-Za-z0-9_.:-]{8,128}$",
        "0199c3f2a4b17c55b0a1c3d5e7f90123",
    ),
    (
        "RateLimit",
        "How many points are left, and in how many seconds the budget is full again.",
        "^\"points\";r=[0-9]+;t=[0-9]+$",
        "\"points\";r=119990;t=1",
    ),
    (
        "RateLimit-Policy",
        "How many points a budget holds, and in how many seconds it fills.",
        "^\"points\";q=[0-9]+;w=[0-9]+$",
        "\"points\";q=120000;w=60",
    ),
    ("Access-Control-Allow-Origin", "Which web page may read the answer, when the server lets any.", r"^[!-~]+$", "*"),
    (
        "ETag",
        "The version of what is shown, and a hash of it: for `If-Match` and `If-None-Match`.",
        r#"^"[0-9A-Za-z.]+"$"#,
        "\"7.9c1b2e0f6a5d4c3b\"",
    ),
    ("Location", "Where the new object is.", "^/[!-~]+$", "/api/v1/learning-plans/pln_01h455vb4pex5vsknk084sn02q"),
    (
        "Link",
        "The pages around this one.",
        r#"^<[!-~]+>; rel="(next|prev)"(, <[!-~]+>; rel="(next|prev)")*$"#,
        "</api/v1/learning-plans?first=20&after=WyJw>; rel=\"next\"",
    ),
    ("Retry-After", "Seconds after which trying again makes sense.", "^[0-9]{1,9}$", "1"),
    (
        "WWW-Authenticate",
        "How to authenticate (RFC 6750), and where that is described (RFC 9728).",
        "^(Bearer|Basic) [ -~]+$",
        "Bearer realm=\"cairn\"",
    ),
    ("Idempotency-Replayed", "That this is the answer to an earlier request with the same key.", "^true$", "true"),
    ("Cache-Control", "How long the answer may be kept, and by whom.", "^[!-~ ]+$", "private, no-cache"),
    ("X-Experience-API-Version", "The version of xAPI that the answer is of.", r"^[12]\.0\.[0-9]+$", "1.0.3"),
    (
        "X-Experience-API-Consistent-Through",
        "Until when everything that came is kept.",
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$",
        "2026-03-01T09:30:00.000000Z",
    ),
    ("Vary", "What the answer depends on.", "^[!-~ ]+$", "authorization, accept"),
];

/// The answers and headers that were asked for, each made once.
#[derive(Default)]
pub struct Answers {
    /// Responses by name.
    pub responses: BTreeMap<String, RefOr<Response>>,
    /// Headers by name.
    pub headers: BTreeMap<String, RefOr<Header>>,
}

impl Answers {
    /// An answer with a body and headers.
    pub fn answer(&mut self, doc: &str, body: Option<(&str, RefOr<Schema>)>, headers: &[&str]) -> ResponseBuilder {
        let answer = ResponseBuilder::new().description(doc);
        let answer = match body {
            Some((media_type, schema)) => answer.content(media_type, Content::new(Some(schema))),
            None => answer,
        };
        EVERYWHERE.iter().chain(headers).fold(answer, |answer, name| answer.header_ref(*name, self.header(name)))
    }

    fn header(&mut self, name: &str) -> Ref {
        if let Some((_, doc, pattern, example)) = HEADERS.iter().find(|(known, ..)| *known == name) {
            let schema = ObjectBuilder::new().schema_type(Type::String).max_length(Some(8192)).pattern(Some(*pattern));
            let schema = schema.examples([json!(example)]);
            let header = HeaderBuilder::new().schema(Some(schema)).description(Some(*doc)).build();
            self.headers.insert(name.to_owned(), header.into());
        }
        Ref::new(format!("#/components/headers/{name}"))
    }

    /// The problem of a status.
    pub fn problem(&mut self, schemas: &mut Schemas, status: u16) -> Ref {
        let name = format!("Problem{status}");
        if !self.responses.contains_key(&name) {
            let headers: &[&str] = match status {
                401 | 403 => &["WWW-Authenticate"],
                409 | 429 | 503 => &["Retry-After"],
                _ => &[],
            };
            let example = example(status);
            let doc = format!("{}{}", refusal(status), codes(status));
            let schema = RefOr::Ref(problem_schema(schemas));
            let mut answer = self.answer(&doc, None, headers);
            answer = answer.content(
                problem::MEDIA_TYPE,
                ContentBuilder::new().schema(Some(schema)).example(Some(example)).build(),
            );
            self.responses.insert(name.clone(), answer.into());
        }
        Ref::from_response_name(name)
    }
}

/// The component of problems.
pub fn problem_schema(schemas: &mut Schemas) -> Ref {
    let fault = RefOr::Ref(field_error(schemas));
    let faults = ArrayBuilder::new().items(fault).max_items(Some(BODY_MAX));
    let faults = faults.description(Some("Each member that is wrong."));
    let details = ObjectBuilder::new().schema_type(SchemaType::AnyValue);
    let details = details.description(Some("More of it, for programs; its form depends on the code."));
    let status = Kind::Int { min: 400, max: 599 };
    schemas.record("Problem", "Why a request was refused or failed (RFC 9457).", |schemas| {
        vec![
            ("type", schemas.shown(SENTENCE, "Where the code is explained."), true),
            ("title", schemas.shown(SENTENCE, "What the code means."), true),
            ("status", schemas.shown(status, "The HTTP status."), true),
            ("detail", schemas.shown(SENTENCE, "What happened, for people."), true),
            ("code", schemas.shown(CODE, "What happened, stable for programs."), true),
            ("errors", faults.into(), true),
            ("details", details.into(), false),
            ("requestId", schemas.shown(SENTENCE, "Names the request in our log."), true),
        ]
    })
}

fn field_error(schemas: &mut Schemas) -> Ref {
    // It holds names that the client made up, whatever is in them.
    let pointer = ObjectBuilder::new().schema_type(Type::String).max_length(Some(BODY_MAX)).pattern(Some(".*"));
    let pointer =
        pointer.description(Some("Where: a JSON pointer into the body, or the name of a parameter or header."));
    schemas.record("FieldError", "A member or parameter that is wrong.", |schemas| {
        vec![
            ("pointer", pointer.into(), true),
            ("code", schemas.shown(CODE, "What, stable for programs."), true),
            ("message", schemas.shown(SENTENCE, "What, for people."), true),
        ]
    })
}

/// What a status says, for people.
fn refusal(status: u16) -> &'static str {
    match status {
        400 => "The request is not of the form that this document asks for.",
        401 => "There is no valid token.",
        403 => "The token lacks the scope, or the caller may not do this.",
        404 => "There is nothing here that the caller may know of.",
        406 => "The client accepts neither JSON nor problems.",
        408 => "The body took too long to arrive.",
        409 => "It does not fit the present state, or is being carried out now.",
        412 => "The object has changed since the version that `If-Match` names.",
        413 => "The body is too large.",
        415 => "The body is not JSON in UTF-8.",
        422 => "Values break a rule, or the query asks for too much at once.",
        429 => "The budget of points is spent, or too many log-ins failed.",
        503 => "The database cannot be reached, or the server is stopping.",
        _ => "Something failed on the server's side.",
    }
}

fn codes(status: u16) -> String {
    let codes: Vec<_> =
        Code::ALL.iter().filter(|code| code.status() == status).map(|code| format!("`{}`", code.as_str())).collect();
    if codes.is_empty() { String::new() } else { format!(" Codes: {}.", codes.join(", ")) }
}

fn example(status: u16) -> serde_json::Value {
    let code = Code::ALL.iter().find(|code| code.status() == status).copied().unwrap_or(Code::Internal);
    json!({
        "type": format!("{CODES}#{}", code.as_str()),
        "title": code.title(),
        "status": status,
        "detail": refusal(status),
        "code": code.as_str(),
        "errors": [],
        "requestId": "0199c3f2a4b17c55b0a1c3d5e7f90123",
    })
}

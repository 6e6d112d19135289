//! Writes the answer of `/graphql`: bytes that were written once are appended, never read again.

mod json;

pub use json::value_bytes;

use super::{
    guard::Refusal,
    persisted::Unresolved,
    request::{Malformed, Media},
};
use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{ALLOW, CONTENT_TYPE},
    },
};
use async_graphql::{PathSegment, ServerError};
use json::{list, member, text};
use serde_json::{Map, json};

/// The most errors in one answer: a document can break a rule thousands of times.
const ERRORS: usize = 50;

/// One entry of `errors`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fault {
    /// What went wrong, for people.
    pub message: String,
    /// Lines and columns of the document, from 1.
    pub locations: Vec<(usize, usize)>,
    /// Where in the data.
    pub path: Vec<PathPart>,
    /// What went wrong, for programs.
    pub code: String,
    /// What the code says more about.
    pub details: Option<serde_json::Value>,
    /// Further members of `extensions`.
    pub extra: Map<String, serde_json::Value>,
}

/// One step of a path into the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathPart {
    /// A field, by its response key.
    Key(String),
    /// A place in a list.
    Index(usize),
}

/// What came of one operation.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It ran.
    Executed {
        /// JSON: an object, or `null`.
        data: Vec<u8>,
        /// Faults of single fields.
        errors: Vec<Fault>,
        /// A JSON object, or nothing.
        extensions: Vec<u8>,
    },
    /// It did not run, and there is no `data`.
    Refused {
        /// At least one.
        errors: Vec<Fault>,
        /// The status that says why: 400 for the document, 200 for a hash not found, 405 for a mutation by
        /// GET, 401, 429, 503…
        status_hint: u16,
        /// A JSON object, or nothing.
        extensions: Vec<u8>,
    },
}

/// An answer, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The media type.
    pub content_type: &'static str,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Outcome {
    /// A refusal with one reason.
    pub fn refused(status_hint: u16, fault: impl Into<Fault>) -> Self {
        Self::Refused { errors: vec![fault.into()], status_hint, extensions: Vec::new() }
    }

    /// The status by GraphQL over HTTP: in plain JSON a refused document is 200, for clients that know no
    /// better.
    #[must_use]
    pub fn status(&self, media: Media) -> u16 {
        match self {
            Self::Executed { .. } => 200,
            Self::Refused { status_hint: 400, .. } if media == Media::Json => 200,
            Self::Refused { status_hint, .. } => *status_hint,
        }
    }

    /// Appends the JSON of the outcome. Errors come first, as the specification asks.
    pub fn write(&self, request_id: &str, out: &mut Vec<u8>) {
        let (data, errors, extensions) = match self {
            Self::Executed { data, errors, extensions } => (Some(data), errors, extensions),
            Self::Refused { errors, extensions, .. } => (None, errors, extensions),
        };
        out.push(b'{');
        if !errors.is_empty() {
            member(out, "errors");
            list(out, errors.iter().take(ERRORS), |fault, out| {
                fault.write(request_id, out);
            });
        }
        if let Some(data) = data {
            member(out, "data");
            out.extend_from_slice(data);
        }
        if !extensions.is_empty() {
            member(out, "extensions");
            out.extend_from_slice(extensions);
        }
        out.push(b'}');
    }
}

impl Answer {
    /// Answers one operation; as a stream of events, the answer is the only one.
    #[must_use]
    pub fn one(outcome: &Outcome, media: Media, request_id: &str) -> Self {
        let mut body = Vec::new();
        if media == Media::EventStream {
            body.extend_from_slice(b"event: next\ndata: ");
        }
        outcome.write(request_id, &mut body);
        if media == Media::EventStream {
            body.extend_from_slice(b"\n\nevent: complete\ndata:\n\n");
        }
        Self { status: outcome.status(media), content_type: media.content_type(), body }
    }

    /// Answers a batch: each operation for itself, so the whole is 200.
    #[must_use]
    pub fn batch(outcomes: &[Outcome], media: Media, request_id: &str) -> Self {
        let mut body = Vec::new();
        list(&mut body, outcomes, |outcome, out| outcome.write(request_id, out));
        Self { status: 200, content_type: media.content_type(), body }
    }

    /// Answers what was not GraphQL over HTTP, with its own status in every media type.
    #[must_use]
    pub fn malformed(malformed: Malformed, media: Media, request_id: &str) -> Self {
        let status = malformed.status;
        let outcome = Outcome::refused(status, malformed);
        Self { status, ..Self::one(&outcome, media, request_id) }
    }
}

impl From<Answer> for HttpResponse {
    fn from(answer: Answer) -> Self {
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        if status == StatusCode::METHOD_NOT_ALLOWED {
            response.insert_header((ALLOW, "POST"));
        }
        response.insert_header((CONTENT_TYPE, answer.content_type)).body(answer.body)
    }
}

impl Fault {
    /// A fault of the whole request.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code: code.into(), message: message.into(), ..Self::default() }
    }

    /// The library's own error, under one of our codes.
    #[must_use]
    pub fn from_server(error: &ServerError, code: &str) -> Self {
        let path = error.path.iter().map(|segment| match segment {
            PathSegment::Field(name) => PathPart::Key(name.clone()),
            PathSegment::Index(index) => PathPart::Index(*index),
        });
        Self {
            locations: error.locations.iter().map(|at| (at.line, at.column)).collect(),
            path: path.collect(),
            ..Self::new(code, &error.message)
        }
    }

    fn write(&self, request_id: &str, out: &mut Vec<u8>) {
        out.push(b'{');
        member(out, "message");
        text(out, &self.message);
        if !self.locations.is_empty() {
            member(out, "locations");
            list(out, &self.locations, |(line, column), out| {
                out.extend_from_slice(format!(r#"{{"line":{line},"column":{column}}}"#).as_bytes());
            });
        }
        if !self.path.is_empty() {
            member(out, "path");
            list(out, &self.path, |part, out| match part {
                PathPart::Key(key) => text(out, key),
                PathPart::Index(index) => out.extend_from_slice(index.to_string().as_bytes()),
            });
        }
        member(out, "extensions");
        out.extend_from_slice(self.extensions(request_id).to_string().as_bytes());
        out.push(b'}');
    }

    /// `code` and `requestId` are in every error, whatever else is said.
    fn extensions(&self, request_id: &str) -> serde_json::Value {
        let mut extensions = self.extra.clone();
        extensions.insert("code".to_owned(), json!(self.code));
        extensions.insert("requestId".to_owned(), json!(request_id));
        if let Some(details) = &self.details {
            extensions.insert("details".to_owned(), details.clone());
        }
        serde_json::Value::Object(extensions)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self { locations: refusal.location().into_iter().collect(), ..Self::new(refusal.code(), refusal.message()) }
    }
}

impl From<Unresolved> for Fault {
    fn from(unresolved: Unresolved) -> Self {
        Self::new(unresolved.code(), unresolved.message())
    }
}

impl From<Malformed> for Fault {
    fn from(malformed: Malformed) -> Self {
        Self::new(malformed.code, malformed.message)
    }
}

#[cfg(test)]
mod tests;

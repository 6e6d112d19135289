//! Carries out the operations of the REST face. It knows no resource: what each shows, takes and does is declared.

use std::sync::Arc;

use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, http::StatusCode, web::Payload};
use entity::id::encode;
use serde_json::{Map, Value, json};

use super::{
    answer, body,
    caller::{Operation as Named, caller, charge, reading, request_id},
    headers,
    operation::{Act, Batch, Operation, ROOT},
    problem,
    query::{self, Show},
    select, target,
};
use crate::{
    domain::{
        caller::Caller,
        error::{Code, Error, FieldError, Result},
        verb::{Done, On, Verb, spaced},
    },
    read::{
        self,
        plan::Root,
        shape::{NamedList, Shape},
    },
};

/// How many points a command costs, beyond what it answers with.
pub const COMMAND_COST: u64 = 10;

/// Answers a request for one operation.
pub async fn serve(operation: &'static Operation, req: HttpRequest, payload: Payload) -> HttpResponse {
    req.extensions_mut().insert(Named(operation.id.as_str().into()));
    let answer = carry_out(operation, &req, payload).await;
    answer.unwrap_or_else(|error| problem::respond(&error, &request_id(&req)))
}

async fn carry_out(operation: &'static Operation, req: &HttpRequest, payload: Payload) -> Result<HttpResponse> {
    let Act::Verb(verb, batch) = operation.act else {
        return reading(req, async |who| {
            headers::accepts_json(req)?;
            match operation.act {
                Act::List => list(operation, None, req, who).await,
                Act::Named(named) => list(operation, Some(named), req, who).await,
                Act::Get | Act::Verb(..) => get(operation, req, who).await,
            }
        })
        .await;
    };
    let who = caller(req).await?;
    headers::accepts_json(req)?;
    command(operation, (verb, batch), req, who, payload).await
}

async fn list(
    operation: &'static Operation,
    named: Option<&'static NamedList>,
    req: &HttpRequest,
    who: &Caller,
) -> Result<HttpResponse> {
    let shape = &operation.resource.shape;
    let query = query::list(shape, named, req.query_string())?;
    let form = form(&query.show);
    let (_, body) = read_one(req, who, select::list(shape, query)?).await?;
    Ok(answer::page(req, body, form))
}

async fn get(operation: &'static Operation, req: &HttpRequest, who: &Caller) -> Result<HttpResponse> {
    let shape = &operation.resource.shape;
    let show = query::object(shape, req.query_string())?;
    let wanted = target::wanted(req, operation)?;
    // What another system names is looked up on the way: for nobody who was only remembered.
    if wanted.external.is_some() {
        who.confirmed()?;
    }
    // Who may not read any is told so before it is looked up.
    has_scope(who, operation)?;
    let id = target::found(who, operation, wanted).await?;
    let (version, body) = read_one(req, who, select::one(shape, id, false, &show)?).await?;
    if body == b"null" {
        return Err(Error::not_found(&spaced(shape.name)));
    }
    Ok(answer::object(req, body, version, form(&show)))
}

/// The form of an answer that shows this.
const fn form(show: &Show) -> &'static str {
    if show.is_sparse() { answer::SPARSE } else { answer::JSON }
}

/// What a read answers, and the version of it when it is one object.
async fn read_one(req: &HttpRequest, who: &Caller, root: Root) -> Result<(i64, Vec<u8>)> {
    let roots = [root];
    // What can never be answered costs nothing: else the budget would be refused for it, as if waiting helped.
    charge(req, who, read::price(&roots)?)?;
    let read = read::run(who, &roots).await?;
    Ok(read.versions.into_iter().zip(read.bytes).next().unwrap_or_default())
}

async fn command(
    operation: &'static Operation,
    (verb, batch): (&'static Verb, Option<Batch>),
    req: &HttpRequest,
    mut who: Caller,
    payload: Payload,
) -> Result<HttpResponse> {
    let show = query::object(&operation.resource.shape, req.query_string())?;
    let mut wanted = target::wanted(req, operation)?;
    if verb.on != On::Collection {
        wanted.version = headers::known_version(req)?;
        wanted.absent = headers::wants_absent(req);
    }
    if verb.on == On::External && wanted.external.is_none() {
        return Err(Error::field(Code::NotFound, "id", "PUT is for the names of other systems: ext:{source}:{id}."));
    }
    let bytes = body::read_up_to(verb.accepts.unwrap_or(body::BODY_MAX), req, payload).await?;
    let input = body::json(req, &bytes, media_types(verb))?;
    who.idempotency = headers::idempotency(req, &bytes)?.map(Arc::new);
    // What is shown only once must not get lost because the answer cannot be read.
    if verb.reveals.is_some() {
        has_scope(&who, operation)?;
    }
    let (verb, input, inside) = match (batch, input) {
        (Some(batch), Value::Array(items)) => (batch.verb, listed(batch.field, items), Some(batch.field)),
        (_, input) => (verb, input, None),
    };
    charge(req, &who, COMMAND_COST + objects(verb, &input) + weight(verb, &bytes))?;
    let done = verb.run(operation.resource, &who, wanted, input).await.map_err(|error| outside(error, inside))?;
    tell(operation, verb, &who, &done, &show).await
}

/// How many objects a verb will answer with.
fn objects(verb: &Verb, input: &Value) -> u64 {
    let list = input.as_object().filter(|_| verb.many).and_then(|input| input.values().find_map(Value::as_array));
    list.map_or(1, |list| list.len() as u64)
}

/// What the size of a body costs, where it may be large: a point for each KiB.
fn weight(verb: &Verb, body: &[u8]) -> u64 {
    if verb.accepts.is_some() { body.len() as u64 / 1024 } else { 0 }
}

/// Which bodies a verb takes.
#[must_use]
pub fn media_types(verb: &Verb) -> &'static [&'static str] {
    if verb.on == On::Object && verb.name == "update" {
        &["application/merge-patch+json", "application/json"]
    } else {
        &["application/json"]
    }
}

fn listed(field: &str, items: Vec<Value>) -> Value {
    Value::Object(Map::from_iter([(field.to_owned(), Value::Array(items))]))
}

/// The refusals of a batch point into its list: which, in the body, is all there is.
fn outside(error: Error, inside: Option<&str>) -> Error {
    let Some(field) = inside.filter(|_| !error.field_errors().is_empty()) else { return error };
    let above = format!("/{field}");
    let fields = error.field_errors().iter().map(|field| {
        let pointer = field.pointer.strip_prefix(&above).unwrap_or(&field.pointer);
        FieldError::new(pointer, field.code, field.message.clone())
    });
    let moved = Error::fields(error.code(), fields.collect());
    match error.details() {
        Some(details) => moved.with(details.clone()),
        None => moved,
    }
}

fn has_scope(who: &Caller, operation: &Operation) -> Result<()> {
    who.has_scope_for(operation.resource.shape.view)
}

/// Answers with what a command changed, as it stands now.
async fn tell(
    operation: &'static Operation,
    verb: &Verb,
    who: &Caller,
    done: &Done,
    show: &Show,
) -> Result<HttpResponse> {
    let shape = &operation.resource.shape;
    let roots: Vec<Root> = done.ids.iter().map(|&id| select::one(shape, id, true, show)).collect::<Result<_>>()?;
    let read: Vec<_> = match read::run(who, &roots).await {
        Ok(read) => read.versions.into_iter().zip(read.bytes).collect(),
        // It has been carried out: who may not read it is told nothing but that.
        Err(error) if error.code() == Code::InsufficientScope => Vec::new(),
        Err(error) => return Err(error),
    };
    let extra = extra(shape, verb, done);
    if verb.many {
        let objects: Vec<_> = read.into_iter().map(|(_, object)| object).collect();
        return Ok(answer::changed_several(done, &objects, &extra, form(show)));
    }
    let id = done.ids.first().copied().unwrap_or_default();
    let at = format!("{ROOT}/{}/{}", operation.resource.path(), encode(shape.prefix, id));
    let mut answer = match read.into_iter().next() {
        Some(object) if object.1 != b"null" => answer::changed(done, &at, object, &extra, form(show)),
        _ => answer::unseen(done, &at),
    };
    if verb.later && done.created {
        *answer.status_mut() = StatusCode::ACCEPTED;
    }
    Ok(answer)
}

/// The members that only the answer of a command has.
fn extra(shape: &Shape, verb: &Verb, done: &Done) -> String {
    let revealed =
        verb.reveals.map(|(name, _)| format!(",{}:{}", json!(name), json!(done.revealed))).unwrap_or_default();
    if verb.warns(shape) { format!(",\"warnings\":{}{revealed}", json!(done.warnings)) } else { revealed }
}

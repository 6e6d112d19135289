//! The one executor, with the guard in front: POST, GET and batches come here, and sockets will.

use std::{
    collections::HashMap,
    sync::{
        LazyLock, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use async_graphql::{
    Context, Name, Request, ServerResult, Value, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};
use tokio::sync::OnceCell;

use super::{
    collect::Document,
    guard,
    persisted::Persisted,
    plan,
    request::Ask,
    response::{Fault, Outcome, PathPart, value_bytes},
    schema::SCHEMA,
    told,
};
use crate::{
    budget::Standing,
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
    },
    read::{
        self,
        execute::permitted,
        plan::{Read, Root, cost},
    },
};

/// How async-graphql marks JSON that is written already.
const RAW: &str = "$serde_json::private::RawValue";

static PERSISTED: LazyLock<Persisted> = LazyLock::new(Persisted::new);

/// One operation while it is carried out: what its roots share.
pub struct Job {
    /// Who asks.
    pub who: Caller,
    /// The values of the variables.
    pub variables: Map<String, Json>,
    reads: OnceCell<HashMap<String, Vec<u8>>>,
    faults: Mutex<Vec<Fault>>,
    requested: AtomicU64,
    actual: AtomicU64,
    replayed: AtomicBool,
}

/// What came of an operation, and what the answer's headers say of it.
pub struct Executed {
    /// The outcome.
    pub outcome: Outcome,
    /// How the caller's bucket stands.
    pub standing: Standing,
    /// Whether an earlier request with the same idempotency key did the work.
    pub replayed: bool,
    /// After how many seconds trying again makes sense.
    pub retry_after: Option<u64>,
}

impl Job {
    fn new(who: Caller, variables: Map<String, Json>) -> Self {
        Self {
            who,
            variables,
            reads: OnceCell::new(),
            faults: Mutex::default(),
            requested: AtomicU64::new(0),
            actual: AtomicU64::new(0),
            replayed: AtomicBool::new(false),
        }
    }

    /// Notes that a field failed.
    pub fn fault(&self, error: &Error, path: Vec<PathPart>, at: (usize, usize)) {
        let mut fault = Fault::new(error.code().as_str(), error.detail());
        fault.path = path;
        fault.locations = vec![at];
        fault.details = error.details().cloned();
        if !error.field_errors().is_empty() {
            fault.extra.insert("errors".to_owned(), json!(error.field_errors()));
        }
        if let Some(seconds) = error.seconds_to_wait() {
            fault.extra.insert("retryAfter".to_owned(), json!(seconds));
        }
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).push(fault);
    }

    /// Takes points out of the caller's bucket.
    ///
    /// # Errors
    /// `RATE_LIMITED`.
    pub fn charge(&self, points: u64) -> Result<()> {
        self.who.house.budget.charge(self.who.principal_id(), points, self.who.now)?;
        self.requested.fetch_add(points, Relaxed);
        Ok(())
    }

    /// Notes points that were really needed.
    pub fn spent(&self, points: u64) {
        self.actual.fetch_add(points, Relaxed);
    }

    /// Notes whether the work had been done before.
    pub fn replayed(&self, replayed: bool) {
        self.replayed.fetch_or(replayed, Relaxed);
    }

    /// Reads one thing, its cost charged already.
    ///
    /// # Errors
    /// Those of [`read::run`].
    pub async fn read(&self, read: Read) -> Result<Vec<u8>> {
        let answer = read::run(&self.who, &[Root { key: String::new(), read }]).await?;
        self.spent(answer.rows as u64);
        Ok(answer.bytes.into_iter().next().unwrap_or_else(|| b"null".to_vec()))
    }
}

/// Bytes that are JSON already, as a value of async-graphql.
#[must_use]
pub fn raw(bytes: Vec<u8>) -> Value {
    // What we wrote is UTF-8.
    let text = String::from_utf8(bytes).unwrap_or_else(|_| "null".to_owned());
    Value::Object(IndexMap::from_iter([(Name::new(RAW), Value::String(text))]))
}

/// Resolves one root of a query: the first of them plans and reads all, in one snapshot.
///
/// # Errors
/// Never: faults are noted in the job, and the root is null then.
pub async fn read_root(ctx: &Context<'_>) -> ServerResult<Value> {
    let Some(job) = ctx.data_opt::<std::sync::Arc<Job>>() else { return Ok(Value::Null) };
    let doc = Document {
        operation: &ctx.query_env.operation.node,
        fragments: &ctx.query_env.fragments,
        variables: &job.variables,
    };
    let read = job.reads.get_or_init(|| read_all(job, doc)).await;
    let key = ctx.item.node.response_key().node.as_str();
    Ok(read.get(key).cloned().map_or(Value::Null, raw))
}

async fn read_all(job: &Job, doc: Document<'_>) -> HashMap<String, Vec<u8>> {
    let sets = [&doc.operation.selection_set.node];
    let (mut roots, mut places) = (Vec::new(), Vec::new());
    for (key, field) in doc.fields(&sets, "Query", &[]) {
        let planned = match told::asked(&field) {
            Some(answer) => Some(told::told(job, &doc, &field, answer).await),
            None => plan::root(&job.who, &doc, &field)
                .map(|planned| planned.and_then(|read| permitted(&job.who, &read).map(|()| read))),
        };
        match planned {
            None => {}
            Some(Ok(read)) => {
                places.push(field.position);
                roots.push(Root { key: key.to_owned(), read });
            }
            Some(Err(error)) => job.fault(&error, vec![PathPart::Key(key.to_owned())], field.position),
        }
    }
    let answer = match job.charge(cost(&roots)) {
        Ok(()) => read::run(&job.who, &roots).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(answer) => {
            job.spent(answer.rows as u64);
            roots.into_iter().map(|root| root.key).zip(answer.bytes).collect()
        }
        Err(error) => {
            for (root, place) in roots.iter().zip(places) {
                job.fault(&error, vec![PathPart::Key(root.key.clone())], place);
            }
            HashMap::new()
        }
    }
}

/// Carries out one operation.
pub async fn execute(who: &Caller, ask: Ask, by_get: bool) -> Executed {
    let start = who.house.budget.standing(who.principal_id(), who.now);
    let refused = |outcome| Executed { outcome, standing: start, replayed: false, retry_after: None };
    let text = match PERSISTED.resolve(ask.query.as_deref(), &ask.extensions) {
        Ok(text) => text,
        Err(why) => return refused(Outcome::refused(why.status(), why)),
    };
    let admitted = guard::admit(&text.text).and_then(|doc| guard::admit_variables(&doc, &ask.variables).map(|()| doc));
    let document = match admitted {
        Ok(document) => document,
        Err(why) => return refused(Outcome::refused(400, why)),
    };
    let operation = chosen(&document, ask.operation_name.as_deref());
    let order = operation.map(|operation| keys(operation, &document, &ask.variables)).unwrap_or_default();
    if let Some(fault) = operation.and_then(|operation| forbidden(who, operation, &order, by_get)) {
        let status = if fault.code == Code::MethodNotAllowed.as_str() { 405 } else { 400 };
        return refused(Outcome::refused(status, fault));
    }
    let job = Job::new(who.clone(), ask.variables.clone());
    let response = run(job, &text.text, ask, document).await;
    let (response, job) = response;
    if response.errors.is_empty() {
        PERSISTED.remember(&text);
    }
    answered(&job, &response, &order)
}

/// The job goes in and comes out again: async-graphql keeps what a request carries.
async fn run(
    job: Job,
    text: &str,
    ask: Ask,
    document: ExecutableDocument,
) -> (async_graphql::Response, std::sync::Arc<Job>) {
    let job = std::sync::Arc::new(job);
    let mut request = Request::new(text)
        .variables(Variables::from_json(Json::Object(ask.variables)))
        .data(std::sync::Arc::clone(&job));
    request.operation_name = ask.operation_name;
    request.set_parsed_query(document);
    (SCHEMA.execute(request).await, job)
}

/// The operation that a request means.
fn chosen<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(&operation.node),
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name).map(|operation| &operation.node),
        (DocumentOperations::Multiple(all), None) if all.len() == 1 => {
            all.values().next().map(|operation| &operation.node)
        }
        _ => None,
    }
}

/// What this transport does not carry out: mutations by GET, and several mutations under one idempotency key.
fn forbidden(who: &Caller, operation: &OperationDefinition, keys: &[String], by_get: bool) -> Option<Fault> {
    if by_get && operation.ty != OperationType::Query {
        return Some(Fault::new(Code::MethodNotAllowed.as_str(), "Only queries may be sent with GET"));
    }
    let one = operation.ty == OperationType::Mutation && keys.len() == 1;
    if who.idempotency.is_some() && !one {
        return Some(Fault::new(
            Code::BadInput.as_str(),
            "Idempotency-Key is for requests with exactly one mutation field",
        ));
    }
    None
}

/// The keys of the answer, in the order of the document.
fn keys(operation: &OperationDefinition, document: &ExecutableDocument, variables: &Map<String, Json>) -> Vec<String> {
    let doc = Document { operation, fragments: &document.fragments, variables };
    let root = if operation.ty == OperationType::Mutation { "Mutation" } else { "Query" };
    doc.fields(&[&operation.selection_set.node], root, &[]).into_keys().map(str::to_owned).collect()
}

fn answered(job: &Job, response: &async_graphql::Response, order: &[String]) -> Executed {
    let house = &job.who.house;
    let (requested, actual) = (job.requested.load(Relaxed), job.actual.load(Relaxed));
    // Every operation costs a point; what was asked for and not needed comes back.
    let kept = actual.max(1).min(requested);
    let standing = house.budget.refund(job.who.principal_id(), requested - kept, job.who.now);
    let faults = std::mem::take(&mut *job.faults.lock().unwrap_or_else(PoisonError::into_inner));
    let retry_after = faults.iter().find_map(|fault| fault.extra.get("retryAfter").and_then(Json::as_u64));
    let extensions = extensions(requested, kept, standing);
    // Only when nothing at all was done: what a mutation did is told, whatever became of the next one.
    let done = matches!(&response.data, Value::Object(members) if members.values().any(|value| *value != Value::Null));
    let limited = !done && faults.iter().any(|fault| fault.code == Code::RateLimited.as_str());
    let outcome = if limited {
        Outcome::Refused { errors: faults, status_hint: 429, extensions }
    } else if response.data == Value::Null && !response.errors.is_empty() {
        let errors = response.errors.iter().map(|error| Fault::from_server(error, code_of(&error.message))).collect();
        Outcome::Refused { errors, status_hint: 400, extensions }
    } else {
        let mut errors: Vec<Fault> =
            response.errors.iter().map(|error| Fault::from_server(error, code_of(&error.message))).collect();
        errors.extend(faults);
        Outcome::Executed { data: data(&response.data, order), errors, extensions }
    };
    Executed { outcome, standing, replayed: job.replayed.load(Relaxed), retry_after }
}

/// The code of an error that the library found: values that do not fit their type are bad input.
fn code_of(message: &str) -> &'static str {
    if message.starts_with("Invalid value") || message.starts_with("Variable ") {
        Code::BadInput.as_str()
    } else {
        Code::GraphqlValidationFailed.as_str()
    }
}

/// The data, its members in the order of the document, a root that failed as null.
fn data(value: &Value, order: &[String]) -> Vec<u8> {
    let Value::Object(members) = value else { return b"{}".to_vec() };
    let mut out = vec![b'{'];
    for (place, key) in order.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        let _ = serde_json::to_writer(&mut out, key);
        out.push(b':');
        value_bytes(members.get(key.as_str()).unwrap_or(&Value::Null), &mut out);
    }
    out.push(b'}');
    out
}

fn extensions(requested: u64, actual: u64, standing: Standing) -> Vec<u8> {
    json!({ "cost": {
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": { "maximumAvailable": standing.limit, "currentlyAvailable": standing.remaining, "restoreRate": standing.limit / 60 },
    }})
    .to_string()
    .into_bytes()
}

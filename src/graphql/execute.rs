//! The one executor, with the guard in front: POST, GET and batches come here, and sockets will.

use std::{
    collections::HashMap,
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
};

use async_graphql::{
    Context, Name, Request, ServerError, ServerResult, Value, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};
use indexmap::IndexMap;
use serde_json::{Map, Value as Json, json};
use tokio::sync::OnceCell;

use super::{
    collect::{Collected, Document},
    guard, known, mutation,
    persisted::{Persisted, Text},
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
    let Some(job) = ctx.data_opt::<Arc<Job>>() else { return Ok(Value::Null) };
    let doc = Document {
        operation: &ctx.query_env.operation.node,
        fragments: &ctx.query_env.fragments,
        variables: &job.variables,
    };
    let read = job.reads.get_or_init(|| read_all(job, doc, doc.roots())).await;
    let key = ctx.item.node.response_key().node.as_str();
    Ok(read.get(key).cloned().map_or(Value::Null, raw))
}

async fn read_all(job: &Job, doc: Document<'_>, fields: IndexMap<&str, Collected<'_>>) -> HashMap<String, Vec<u8>> {
    let (mut roots, mut places) = (Vec::new(), Vec::new());
    for (key, field) in fields {
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

/// Carries out one operation; nothing, when more is asked for than a caller who was only recalled may have.
pub async fn execute(who: &Caller, ask: &Ask, by_get: bool) -> Option<Executed> {
    if who.recalled.is_some() {
        let text = PERSISTED.resolve(ask.query.as_deref(), &ask.extensions).ok()?;
        let document = known::find(&text.text)?;
        return at_once(who, &document, ask).await;
    }
    Some(fully(who, ask, by_get).await)
}

/// Plans and reads what was valid before and only reads; nothing, for everything else.
async fn at_once(who: &Caller, document: &ExecutableDocument, ask: &Ask) -> Option<Executed> {
    let operation = chosen(document, ask.operation_name.as_deref())?;
    guard::admit_variables(document, &ask.variables).ok()?;
    if operation.ty != OperationType::Query
        || who.idempotency.is_some()
        || !known::values_fit(operation, &ask.variables)
    {
        return None;
    }
    let doc = Document { operation, fragments: &document.fragments, variables: &ask.variables };
    let roots = doc.roots();
    let declared = |root: &Collected<'_>| {
        !root.field.name.node.starts_with("__") && (who.recalled.is_none() || told::asked(root).is_none())
    };
    // Where everything is left out there is nothing to read, and nothing to pay: the library says so.
    if roots.is_empty() || !roots.values().all(declared) {
        return None;
    }
    let order: Vec<String> = roots.keys().map(|&key| key.to_owned()).collect();
    let job = Job::new(who.clone(), Map::new());
    let read = read_all(&job, doc, roots).await;
    if !who.is_confirmed() {
        who.house.budget.refund(who.principal_id(), job.requested.load(Relaxed), who.now);
        return None;
    }
    Some(answered(&job, Some(Data::Read(&read)), &[], &order))
}

async fn fully(who: &Caller, ask: &Ask, by_get: bool) -> Executed {
    let start = who.house.budget.standing(who.principal_id(), who.now);
    let refused = |outcome| Executed { outcome, standing: start, replayed: false, retry_after: None };
    let text = match PERSISTED.resolve(ask.query.as_deref(), &ask.extensions) {
        Ok(text) => text,
        Err(why) => return refused(Outcome::refused(why.status(), why)),
    };
    let known = known::find(&text.text);
    if let Some(document) = &known
        && let Some(executed) = at_once(who, document, ask).await
    {
        return executed;
    }
    let was_valid = known.is_some();
    let admitted = known.map_or_else(|| guard::admit(&text.text).map(Arc::new), Ok);
    let admitted = admitted.and_then(|doc| guard::admit_variables(&doc, &ask.variables).map(|()| doc));
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
    if was_valid
        && let Some(operation) = operation
        && let Some(executed) = in_turn(who, (&document, operation), ask, &order).await
    {
        return executed;
    }
    by_library(who, &text, ask, document, &order).await
}

/// Carries out the mutations of what was valid before, one after the other; nothing, where the library decides.
async fn in_turn(
    who: &Caller,
    (document, operation): (&ExecutableDocument, &OperationDefinition),
    ask: &Ask,
    order: &[String],
) -> Option<Executed> {
    if operation.ty != OperationType::Mutation || !known::values_fit(operation, &ask.variables) {
        return None;
    }
    let job = Job::new(who.clone(), with_defaults(document, ask));
    let doc = Document { operation, fragments: &document.fragments, variables: &job.variables };
    let fields = doc.roots();
    if fields.is_empty() || fields.values().any(|field| field.field.name.node.starts_with("__")) {
        return None;
    }
    let mut told = HashMap::with_capacity(fields.len());
    for (key, field) in &fields {
        if let Some(bytes) = mutation::run(&job, &doc, key, field).await {
            told.insert((*key).to_owned(), bytes);
        }
    }
    Some(answered(&job, Some(Data::Read(&told)), &[], order))
}

/// Validates and executes with async-graphql; what turns out valid is known from then on.
async fn by_library(
    who: &Caller,
    text: &Text,
    ask: &Ask,
    document: Arc<ExecutableDocument>,
    order: &[String],
) -> Executed {
    // The job goes in and comes out again: the library keeps what a request carries.
    let variables = with_defaults(&document, ask);
    let job = Arc::new(Job::new(who.clone(), variables.clone()));
    let mut request =
        Request::new(&*text.text).variables(Variables::from_json(Json::Object(variables))).data(Arc::clone(&job));
    request.operation_name.clone_from(&ask.operation_name);
    request.set_parsed_query(ExecutableDocument::clone(&document));
    let response = SCHEMA.execute(request).await;
    if response.errors.is_empty() {
        PERSISTED.remember(text);
        known::remember(&text.text, document);
    }
    let data = (response.data != Value::Null).then_some(Data::Library(&response.data));
    answered(&job, data, &response.errors, order)
}

/// The variables, with the defaults of those that have no value: the library forgets them in `@skip` and `@include`.
fn with_defaults(document: &ExecutableDocument, ask: &Ask) -> Map<String, Json> {
    let mut variables = ask.variables.clone();
    let operation = chosen(document, ask.operation_name.as_deref());
    for definition in operation.into_iter().flat_map(|operation| &operation.variable_definitions) {
        let (name, default) = (definition.node.name.node.as_str(), &definition.node.default_value);
        let default = default.as_ref().and_then(|value| value.node.clone().into_json().ok());
        if let Some(default) = default.filter(|_| !variables.contains_key(name)) {
            variables.insert(name.to_owned(), default);
        }
    }
    variables
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
    doc.roots().into_keys().map(str::to_owned).collect()
}

/// What the roots answered with.
#[derive(Clone, Copy)]
enum Data<'a> {
    /// By the reads themselves.
    Read(&'a HashMap<String, Vec<u8>>),
    /// By the library.
    Library(&'a Value),
}

impl Data<'_> {
    /// Whether any root has something to tell.
    fn is_anything(self) -> bool {
        match self {
            Self::Read(read) => !read.is_empty(),
            Self::Library(Value::Object(members)) => members.values().any(|value| *value != Value::Null),
            Self::Library(_) => false,
        }
    }

    /// Writes one root; one that failed as null.
    fn write(self, key: &str, out: &mut Vec<u8>) {
        match self {
            Self::Read(read) => out.extend_from_slice(read.get(key).map_or(b"null", Vec::as_slice)),
            Self::Library(Value::Object(members)) => value_bytes(members.get(key).unwrap_or(&Value::Null), out),
            Self::Library(_) => out.extend_from_slice(b"null"),
        }
    }
}

fn answered(job: &Job, data: Option<Data<'_>>, errors: &[ServerError], order: &[String]) -> Executed {
    let house = &job.who.house;
    let (requested, actual) = (job.requested.load(Relaxed), job.actual.load(Relaxed));
    // Every operation costs a point; what was asked for and not needed comes back.
    let kept = actual.max(1).min(requested);
    let standing = house.budget.refund(job.who.principal_id(), requested - kept, job.who.now);
    let faults = std::mem::take(&mut *job.faults.lock().unwrap_or_else(PoisonError::into_inner));
    let retry_after = faults.iter().find_map(|fault| fault.extra.get("retryAfter").and_then(Json::as_u64));
    let extensions = extensions(requested, kept, standing);
    // Only when nothing at all was done: what a mutation did is told, whatever became of the next one.
    let done = data.is_some_and(Data::is_anything);
    let for_now = [Code::RateLimited, Code::Unavailable];
    let refused =
        for_now.into_iter().filter(|_| !done).find(|code| faults.iter().any(|fault| fault.code == code.as_str()));
    let mut told: Vec<Fault> = errors.iter().map(|error| Fault::from_server(error, code_of(&error.message))).collect();
    let outcome = if let Some(code) = refused {
        Outcome::Refused { errors: faults, status_hint: code.status(), extensions }
    } else if data.is_none() && !told.is_empty() {
        Outcome::Refused { errors: told, status_hint: 400, extensions }
    } else {
        told.extend(faults);
        Outcome::Executed {
            data: data.map_or_else(|| b"{}".to_vec(), |data| written(data, order)),
            errors: told,
            extensions,
        }
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

/// The data, its members in the order of the document.
fn written(data: Data<'_>, order: &[String]) -> Vec<u8> {
    let mut out = vec![b'{'];
    for (place, key) in order.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        let _ = serde_json::to_writer(&mut out, key);
        out.push(b':');
        data.write(key, &mut out);
    }
    out.push(b'}');
    out
}

fn extensions(requested: u64, actual: u64, Standing { limit, remaining, .. }: Standing) -> Vec<u8> {
    let restored = limit / 60;
    format!(
        r#"{{"cost":{{"requestedQueryCost":{requested},"actualQueryCost":{actual},"throttleStatus":{{"maximumAvailable":{limit},"currentlyAvailable":{remaining},"restoreRate":{restored}}}}}}}"#
    )
    .into_bytes()
}

//! The operations of resources in the document: what each takes and everything that it may answer.

use std::collections::BTreeMap;

use entity::kind::{Form, Kind, Object as Declared, Presence};
use serde_json::{Map, Value, json};
use utoipa::openapi::{
    ArrayBuilder, OneOfBuilder, Ref, RefOr, Required, Schema, SecurityRequirement,
    content::ContentBuilder,
    path::{Operation as Described, OperationBuilder, Parameter},
    request_body::{RequestBody, RequestBodyBuilder},
};

use super::{
    parameter,
    response::Answers,
    scalar::{self, Side},
    schema::Schemas,
    sparse::{or_sparse, shown},
};
use crate::{
    domain::{
        error::Code,
        policy::{Action, permission},
        verb::{On, Verb, spaced, upper_first},
    },
    read::shape::NamedList,
    rest::{
        operation::{Act, Batch, Operation},
        serve::media_types,
    },
};

/// Everything that the operations share.
#[derive(Default)]
pub struct Parts {
    /// The schemas.
    pub schemas: Schemas,
    /// The answers and headers.
    pub answers: Answers,
    /// The parameters that many operations take, by name.
    pub parameters: BTreeMap<String, RefOr<Parameter>>,
}

impl Parts {
    /// A parameter that many operations take: made at most once.
    pub fn parameter(&mut self, name: String, make: impl FnOnce() -> Parameter) -> Ref {
        let to = Ref::new(format!("#/components/parameters/{name}"));
        self.parameters.entry(name).or_insert_with(|| make().into());
        to
    }
}

/// The name of the scheme of bearer tokens.
pub const BEARER: &str = "bearer";
/// The name of the scheme of integrations.
pub const CLIENT: &str = "client";

/// What is said of reads.
pub const UNCHANGED: &str =
    "\n\nHeader `If-None-Match` (the `ETag` that you have): the answer is 304 when nothing changed.";

/// An operation of a resource.
pub fn operation(parts: &mut Parts, operation: &Operation) -> Described {
    match operation.act {
        Act::List => list(parts, operation, None),
        Act::Named(named) => list(parts, operation, Some(named)),
        Act::Get => get(parts, operation),
        Act::Verb(verb, batch) => command(parts, operation, verb, batch),
    }
}

/// The tag of a resource: its plural, as people say it.
#[must_use]
pub fn tag(operation: &Operation) -> String {
    upper_first(&spaced(operation.resource.plural))
}

fn begun(operation: &Operation, summary: &str, doc: &str, action: Action, graphql: &str) -> OperationBuilder {
    let (scope, _) = permission(action);
    let described = OperationBuilder::new().operation_id(Some(&operation.id)).tag(tag(operation));
    let doc = format!("{doc}\n\nScope: `{scope}`. In GraphQL: `{graphql}`.");
    described
        .summary(Some(summary.trim_end_matches('.')))
        .description(Some(doc.trim()))
        .security(SecurityRequirement::new(BEARER, Vec::<String>::new()))
        .security(SecurityRequirement::new(CLIENT, [scope.to_string()]))
}

fn list(parts: &mut Parts, operation: &Operation, named: Option<&NamedList>) -> Described {
    let (resource, shape) = (operation.resource, &operation.resource.shape);
    let (name, doc, action) = named.map_or((resource.plural, shape.doc, shape.view), |n| (n.name, n.doc, n.action));
    let summary = format!("List {}{}", if named.is_some() { "the " } else { "" }, spaced(name));
    let described = begun(operation, &summary, &format!("{doc}{UNCHANGED}"), action, name);
    let described =
        parameter::of_list(&mut parts.schemas, shape).into_iter().fold(described, OperationBuilder::parameter);
    let described = shown(parts, described, shape);
    let body = RefOr::Ref(parts.schemas.page(shape));
    let headers = ["ETag", "Link", "Cache-Control", "Vary"];
    let ok = parts.answers.answer("A page of the list.", Some(("application/json", body)), &headers);
    let ok = or_sparse(ok, parts.schemas.sparse_page(shape));
    let same = parts.answers.answer("Nothing has changed.", None, &["ETag", "Link", "Cache-Control", "Vary"]);
    let described = described.response("200", ok).response("304", same);
    let cursor = Code::CursorInvalid.status();
    refusals(parts, described, &[400, 401, 403, 406, 422, cursor]).build()
}

fn get(parts: &mut Parts, operation: &Operation) -> Described {
    let (resource, shape) = (operation.resource, &operation.resource.shape);
    let name = spaced(shape.name);
    let doc = format!("{}{UNCHANGED}", shape.doc);
    let described = begun(operation, &format!("Get {} {name}", article(&name)), &doc, shape.view, &resource.singular());
    let described = described.parameter(parameter::id(operation));
    let described = shown(parts, described, shape);
    let body = RefOr::Ref(parts.schemas.shape(shape));
    let headers = ["ETag", "Cache-Control", "Vary"];
    let ok = parts.answers.answer(&format!("The {name}."), Some(("application/json", body)), &headers);
    let ok = or_sparse(ok, parts.schemas.sparse(shape));
    let same = parts.answers.answer("Nothing has changed.", None, &headers);
    let described = described.response("200", ok).response("304", same);
    refusals(parts, described, &[400, 401, 403, 404, 406, 422]).build()
}

fn command(parts: &mut Parts, operation: &Operation, verb: &'static Verb, batch: Option<Batch>) -> Described {
    let mutation = operation.resource.mutation(verb);
    let doc = format!(
        "{}{}{}{}",
        verb.doc,
        if batch.is_some() { " An array of them, at once: all or none." } else { "" },
        size(verb),
        headers(operation, verb)
    );
    let described =
        begun(operation, verb.doc.split(['.', ',', ';', ':']).next().unwrap_or_default(), &doc, verb.action, &mutation);
    let described = if verb.on == On::Collection { described } else { described.parameter(parameter::id(operation)) };
    let described = shown(parts, described, &operation.resource.shape);
    let body = body(parts, verb, batch);
    let has_body = body.is_some();
    let described = outcomes(parts, described.request_body(body), operation, verb, batch);
    let mut statuses = vec![400, 401, 403, 404, 406, 409, 422];
    if verb.on != On::Collection {
        statuses.push(412);
    }
    if has_body {
        statuses.extend([408, 413, 415]);
    }
    refusals(parts, described, &statuses).build()
}

/// How large the body of a command may be, when it may be larger than others.
fn size(verb: &Verb) -> String {
    let told = |most: usize| format!(" The body has at most {} MiB; in GraphQL, as always, 1 MiB.", most / 1024 / 1024);
    verb.accepts.map(told).unwrap_or_default()
}

/// The headers that a command takes. They stand in words: what they are good for is not for the form of a request to
/// say, but for the state that it meets.
fn headers(operation: &Operation, verb: &Verb) -> String {
    let once = "\n\nHeader `Idempotency-Key` (1 to 255 visible ASCII characters of your choosing): within 24 hours the same request under it acts once.";
    let known = "\n\nHeader `If-Match` (the `ETag` that you know, or `*`): when the object has another version by now, nothing is changed.";
    let posts = operation.method == actix_web::http::Method::POST;
    format!("{}{}", if posts { once } else { "" }, if verb.on == On::Collection { "" } else { known })
}

/// What a command answers when it was carried out.
fn outcomes(
    parts: &mut Parts,
    described: OperationBuilder,
    operation: &Operation,
    verb: &Verb,
    batch: Option<Batch>,
) -> OperationBuilder {
    let shape = &operation.resource.shape;
    let [(one, body), (sparse_one, sparse)] = [false, true].map(|sparse| {
        let mut changed = |verb| parts.schemas.changed(shape, verb, &operation.resource.mutation(verb), sparse);
        let one = changed(verb);
        let body: RefOr<Schema> = match batch.map(|batch| changed(batch.verb)) {
            Some(several) => OneOfBuilder::new().item(RefOr::Ref(one.clone())).item(RefOr::Ref(several)).into(),
            None => RefOr::Ref(one.clone()),
        };
        (one, body)
    });
    let (name, posts) = (spaced(shape.name), operation.method == actix_web::http::Method::POST);
    let mut headers = vec!["ETag", "Cache-Control", "Vary"];
    headers.extend(posts.then_some("Idempotency-Replayed"));
    let ok = format!("It was done; the {name} as it stands now.");
    let ok = or_sparse(parts.answers.answer(&ok, Some(("application/json", body)), &headers), sparse);
    headers.push("Location");
    let unseen = parts.answers.answer("It was done, on what the token may not read.", None, &headers[1..]);
    let described = described.response("200", ok).response("204", unseen);
    // Of the verbs on an object only cloning makes another.
    if verb.on == On::Object && verb.name != "clone" {
        return described;
    }
    let made = Some(("application/json", RefOr::Ref(one)));
    if verb.later {
        let doc = format!("It was begun: `Location` says where the {name} tells how far it is.");
        return described.response("202", or_sparse(parts.answers.answer(&doc, made, &headers), sparse_one));
    }
    let doc = format!("It was made: the {name}.");
    described.response("201", or_sparse(parts.answers.answer(&doc, made, &headers), sparse_one))
}

/// What a command takes.
fn body(parts: &mut Parts, verb: &'static Verb, batch: Option<Batch>) -> Option<RequestBody> {
    if verb.input.fields.is_empty() {
        return None;
    }
    let one = RefOr::Ref(parts.schemas.object(verb.input));
    let schema: RefOr<Schema> = match batch.and_then(|batch| batch.verb.input.fields.first()).map(|field| field.kind) {
        Some(Kind::List { of, min, max }) => {
            let items = parts.schemas.value(*of, "", false, Side::Input);
            let list = ArrayBuilder::new().items(items).min_items((min > 0).then_some(min)).max_items(Some(max));
            OneOfBuilder::new().item(one).item(list).into()
        }
        _ => one,
    };
    let needed = verb.input.fields.iter().any(|field| field.presence == Presence::Required);
    let body = RequestBodyBuilder::new().description(Some(verb.input.doc.as_str()));
    let body = body.required(Some(if needed { Required::True } else { Required::False }));
    let content = ContentBuilder::new().schema(Some(schema)).example(Some(example(verb.input))).build();
    Some(media_types(verb).iter().fold(body, |body, media_type| body.content(*media_type, content.clone())).build())
}

/// Adds problems, with those that every operation may have.
pub fn refusals(parts: &mut Parts, described: OperationBuilder, statuses: &[u16]) -> OperationBuilder {
    statuses.iter().chain(&[429, 500, 503]).fold(described, |described, &status| {
        let problem = parts.answers.problem(&mut parts.schemas, status);
        described.response(status.to_string(), problem)
    })
}

/// A body that shows what is needed, or the first member when nothing is.
#[must_use]
pub fn example(declared: &Declared) -> Value {
    let needed = declared.fields.iter().filter(|field| field.presence == Presence::Required);
    let shown: Vec<_> = needed.collect();
    let shown = if shown.is_empty() { declared.fields.iter().take(1).collect() } else { shown };
    shown
        .into_iter()
        .map(|field| (field.name.clone(), example_of(field.kind, &field.name)))
        .collect::<Map<_, _>>()
        .into()
}

fn example_of(kind: Kind, name: &str) -> Value {
    if let Some(example) = scalar::example(kind) {
        return example;
    }
    match kind {
        Kind::Text { form: Form::Slug, max, .. } => json!(name.to_lowercase().chars().take(max).collect::<String>()),
        Kind::Text { form: Form::Secret, min, .. } => {
            json!("correct horse battery staple".chars().cycle().take(min.max(28)).collect::<String>())
        }
        Kind::Text { min, max, .. } => {
            json!(upper_first(&spaced(name)).chars().cycle().take(max.min(name.len().max(min))).collect::<String>())
        }
        Kind::Int { min, max } => json!(30.clamp(min, max)),
        Kind::Bool => json!(true),
        Kind::Word(words) => json!(words.words.first().map(|word| word.name)),
        Kind::Object(declared) => example(declared()),
        Kind::List { of, min, .. } => json!(vec![example_of(*of, name); min.max(1)]),
        _ => json!({}),
    }
}

fn article(name: &str) -> &'static str {
    if name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" }
}

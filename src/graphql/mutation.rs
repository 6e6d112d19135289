//! Runs the verb that a mutation names, and plans its payload.

use async_graphql::{Context, ServerResult, Value};
use entity::{
    id::decode_as,
    kind::{Kind, Object},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    collect::{Collected, Document},
    execute::{Job, raw},
    plan::{known, listed, object},
    response::PathPart,
    schema::payload_name,
};
use crate::{
    domain::{
        self,
        error::{Code, Error, Result},
        verb::{Done, On, Resource, Verb, Wanted},
    },
    read::plan::{ById, Nodes, Read, Root},
};

/// What a command costs besides what its payload reads.
pub const COMMAND: u64 = 10;

/// The member of a payload that shows what was changed, and its type.
#[must_use]
pub fn shown_member(resource: &Resource, verb: &Verb) -> (String, String) {
    if verb.many {
        (resource.plural.to_owned(), format!("[{}!]", resource.shape.name))
    } else {
        (resource.singular(), resource.shape.name.to_owned())
    }
}

/// Resolves one field of a mutation.
///
/// # Errors
/// Never: faults are noted in the job, and the field is null then.
pub async fn resolve(ctx: &Context<'_>) -> ServerResult<Value> {
    let Some(job) = ctx.data_opt::<std::sync::Arc<Job>>() else { return Ok(Value::Null) };
    let variables = &job.variables;
    let doc = Document { operation: &ctx.query_env.operation.node, fragments: &ctx.query_env.fragments, variables };
    // The field as merged with others of its key: they run once.
    let key = ctx.item.node.response_key().node.as_str();
    let sets = [&doc.operation.selection_set.node];
    let fields = doc.fields(&sets, "Mutation", &[]);
    let Some(field) = fields.get(key) else { return Ok(Value::Null) };
    if !std::ptr::eq(field.field, &raw const ctx.item.node) {
        return Ok(Value::Null);
    }
    Ok(run(job, &doc, key, field).await.map_or(Value::Null, raw))
}

/// Carries out one field of a mutation, and answers with its payload; nothing when it failed, which is noted in the job.
pub async fn run(job: &Job, doc: &Document<'_>, key: &str, field: &Collected<'_>) -> Option<Vec<u8>> {
    let outcome = payload(job, doc, field).await;
    outcome.map_err(|error| job.fault(&error, vec![PathPart::Key(key.to_owned())], field.position)).ok()
}

async fn payload(job: &Job, doc: &Document<'_>, field: &Collected<'_>) -> Result<Vec<u8>> {
    let name = field.field.name.node.as_str();
    let found = domain::resources().iter().find_map(|resource| {
        let verb = resource.verbs.iter().find(|verb| resource.mutation(verb) == name)?;
        Some((resource, verb))
    });
    let Some((resource, verb)) = found else { return Err(Error::internal(format!("no verb for {name}"))) };
    // Planned first with ids that are never read: what is wrong with the selection keeps the command from running.
    let planned = members(doc, resource, verb, field, None)?;
    job.charge(COMMAND + crate::read::plan::cost(&[Root { key: String::new(), read: Read::Group(planned) }]))?;
    let input = doc.arguments(field.field).remove("input").unwrap_or_default();
    let outcome = match perform(job, resource, verb, input).await {
        Err(error) if is_fault(error.code()) => return Err(error),
        other => other,
    };
    job.spent(COMMAND);
    job.replayed(outcome.as_ref().is_ok_and(|done| done.replayed));
    let read = Read::Group(members(doc, resource, verb, field, Some(&outcome))?);
    job.read(read).await
}

/// What is the top level's to say: the rest are refusals of the command.
fn is_fault(code: Code) -> bool {
    matches!(
        code,
        Code::BadInput
            | Code::Internal
            | Code::Unavailable
            | Code::RateLimited
            | Code::Unauthenticated
            | Code::QueryTooExpensive
    )
}

async fn perform(job: &Job, resource: &Resource, verb: &Verb, input: Json) -> Result<Done> {
    let Json::Object(mut input) = input else { return Err(Error::new(Code::BadInput, "An input is expected.")) };
    let mut wanted = Wanted::default();
    if verb.on != On::Collection {
        wanted.version = input.remove("expectedVersion").and_then(|version| version.as_i64());
    }
    match verb.on {
        On::Collection => {}
        On::Object => {
            let id = input.remove("id").unwrap_or_default();
            let id = decode_as(resource.shape.prefix, id.as_str().unwrap_or_default());
            wanted.id = Some(id.map_err(|why| Error::field(Code::BadInput, "/id", format!("{why}.")))?);
        }
        On::External => {
            let mut text =
                |name: &str| input.remove(name).and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
            wanted.external = Some((text(verb.system()), text("externalId")));
        }
    }
    coerce(verb.input, &mut input);
    // People meet the state that their earlier mutations of this operation left.
    let mut who = job.who.clone();
    who.now = domain::clock::now();
    verb.run(resource, &who, wanted, Json::Object(input)).await
}

/// GraphQL lets one value stand for a list of one.
pub(super) fn coerce(declared: &'static Object, input: &mut Map<String, Json>) {
    for field in &declared.fields {
        let Some(value) = input.get_mut(&field.name) else { continue };
        match field.kind {
            Kind::List { of, .. } => {
                *value = listed(value.take());
                if let Kind::Object(inner) = of {
                    value
                        .as_array_mut()
                        .into_iter()
                        .flatten()
                        .filter_map(Json::as_object_mut)
                        .for_each(|one| coerce(inner(), one));
                }
            }
            Kind::Object(inner) => {
                if let Some(members) = value.as_object_mut() {
                    coerce(inner(), members);
                }
            }
            _ => {}
        }
    }
}

/// The members of a payload. Without an outcome it is only planned, to know its cost.
fn members(
    doc: &Document<'_>,
    resource: &'static Resource,
    verb: &Verb,
    field: &Collected<'_>,
    outcome: Option<&Result<Done>>,
) -> Result<Vec<(String, Read)>> {
    let payload = payload_name(resource, verb);
    let (shown, _) = shown_member(resource, verb);
    let done = outcome.and_then(|outcome| outcome.as_ref().ok());
    let refusal = outcome.and_then(|outcome| outcome.as_ref().err());
    let nobody = [Uuid::nil()];
    let ids: &[Uuid] = match (outcome, done) {
        (None, _) => &nobody,
        (_, Some(done)) => &done.ids,
        _ => &[],
    };
    let mut members = Vec::new();
    for (key, member) in doc.fields(&field.below, &payload, &[]) {
        let name = member.field.name.node.as_str();
        let read = if name == "__typename" {
            Read::Known(json!(payload).to_string())
        } else if name == shown {
            let object = object(doc, &resource.shape, &member.below)?;
            match (verb.many, refusal, ids) {
                (true, None, _) => Read::Nodes(Nodes::of(object, ids, true)),
                (false, None, [id]) => Read::One(Box::new(ById { id: *id, by: "id", deleted: true, object })),
                _ => Read::Known("null".to_owned()),
            }
        } else if name == "warnings" {
            known(
                doc,
                &member,
                "Warning",
                &json!(done.map(|done| &done.warnings).into_iter().flatten().collect::<Vec<_>>()),
            )
        } else if name == "userErrors" {
            known(doc, &member, "UserError", &refusal.map_or_else(|| json!([]), user_errors))
        } else {
            let revealed = done
                .and_then(|done| done.revealed.as_deref())
                .filter(|_| verb.reveals.is_some_and(|(reveals, _)| reveals == name));
            Read::Known(json!(revealed).to_string())
        };
        members.push((key.to_owned(), read));
    }
    Ok(members)
}

/// A refusal as GraphQL shows it: one entry for each member of the input that is wrong, or one for the command.
fn user_errors(error: &Error) -> Json {
    let details = error.details();
    let fields = error.field_errors();
    if fields.is_empty() {
        return json!([{ "code": error.code().as_str(), "message": error.detail(), "path": null, "details": details }]);
    }
    let entry = |field: &domain::error::FieldError| {
        let path: Vec<&str> = field.pointer.split('/').skip(1).collect();
        json!({ "code": field.code, "message": field.message, "path": path, "details": details })
    };
    Json::Array(fields.iter().map(entry).collect())
}

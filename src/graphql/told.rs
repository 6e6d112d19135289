//! Computed answers in GraphQL: their fields, and what a selection shows of what they tell.
//!
//! A member of an answer that is the id of a resource stands beside the resource itself: `competencyId` and
//! `competency`. Whatever is selected of such resources is read at once, one statement for each place.

use async_graphql::registry::{MetaField, Registry};
use entity::kind::{Field, Kind, Object as Declared};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    collect::{Collected, Document},
    execute::Job,
    mutation::coerce,
    plan::object,
    types::{self, add, field, required},
};
use crate::{
    domain::{self, answer::Answer, error::Result},
    read::{
        plan::{Nodes, Object, Read, Tree},
        shape::{Shape, shape_of_prefix},
    },
};

/// The root that asks for an answer.
pub fn root(registry: &mut Registry, answer: &'static Answer) -> (String, MetaField) {
    let ty = output(registry, answer.output, Some(answer));
    let ty = match answer.output {
        Kind::List { .. } => format!("{ty}!"),
        _ => ty,
    };
    let arguments = types::members(registry, answer.input);
    field(answer.name, answer.doc, &ty, arguments)
}

/// The type of what an answer tells; its forms stand beside the members of its object.
fn output(registry: &mut Registry, kind: Kind, answer: Option<&Answer>) -> String {
    match kind {
        Kind::List { of, .. } => format!("[{}!]", output(registry, *of, None)),
        Kind::Object(declared) => {
            let declared = declared();
            if !registry.types.contains_key(declared.name) {
                let mut fields = Vec::new();
                for member in &declared.fields {
                    let ty = output(registry, member.kind, None);
                    let there = member.presence == entity::kind::Presence::Required;
                    fields.push(field(&member.name, &member.doc, &required(&ty, there), Vec::new()));
                    if let Some((name, shape)) = way(member) {
                        let doc = format!("{} Null when the caller may not see it.", member.doc);
                        fields.push(field(name, &doc, shape.name, Vec::new()));
                    }
                }
                for form in answer.into_iter().flat_map(|answer| &answer.forms) {
                    fields.push(field(form.name, form.doc, "String!", Vec::new()));
                }
                add(registry, types::object(declared.name, &declared.doc, fields));
            }
            declared.name.to_owned()
        }
        other => types::output(registry, other),
    }
}

/// The resource that a member names by its id, and the name that it stands under.
fn way(member: &Field) -> Option<(&str, &'static Shape)> {
    let Kind::Id(prefix) = member.kind else { return None };
    Some((member.name.strip_suffix("Id")?, shape_of_prefix(prefix)?))
}

/// The answer that a root asks for.
#[must_use]
pub fn asked(root: &Collected<'_>) -> Option<&'static Answer> {
    domain::answers().iter().find(|answer| answer.name == root.field.name.node.as_str())
}

/// Asks, and shows what is selected.
///
/// # Errors
/// Whatever refuses the answer; `RATE_LIMITED`.
pub async fn told(job: &Job, doc: &Document<'_>, root: &Collected<'_>, answer: &'static Answer) -> Result<Read> {
    job.charge(answer.points)?;
    let mut input: Map<String, Json> = doc.arguments(root.field);
    coerce(answer.input, &mut input);
    let value = answer.run(&job.who, Json::Object(input)).await?;
    job.spent(answer.points);
    let mut shown = Shown { doc, answer, path: Vec::new(), kinds: Vec::new() };
    let tree = shown.tree(root, answer.output, &value)?;
    Ok(Read::Nodes(Nodes {
        kinds: shown.kinds.into_iter().map(|(_, object, ids)| (object, ids)).collect(),
        deleted: false,
        inner: true,
        tree,
    }))
}

/// What is shown of an answer while it is written down.
struct Shown<'a, 'd> {
    doc: &'a Document<'d>,
    answer: &'static Answer,
    /// The keys of the answer down to where it is written now. The place in the document would not do: a fragment that
    /// is spread twice is one place, and may show two things.
    path: Vec<&'a str>,
    /// The places in the answer that show resources, each with what is shown and of which.
    kinds: Vec<(Vec<&'a str>, Object, Vec<Uuid>)>,
}

impl<'a> Shown<'a, '_> {
    fn tree(&mut self, at: &Collected<'a>, kind: Kind, value: &Json) -> Result<Tree> {
        Ok(match (kind, value) {
            (Kind::List { of: of @ Kind::Object(_), .. }, Json::Array(values)) => {
                Tree::List(values.iter().map(|value| self.tree(at, *of, value)).collect::<Result<_>>()?)
            }
            (Kind::Object(declared), Json::Object(members)) => self.members(at, declared(), members, value)?,
            _ => Tree::Known(value.to_string()),
        })
    }

    fn members(
        &mut self,
        at: &Collected<'a>,
        declared: &'static Declared,
        members: &Map<String, Json>,
        whole: &Json,
    ) -> Result<Tree> {
        let mut out = Vec::new();
        for (key, member) in self.doc.fields(&at.below, declared.name, &[]) {
            let name = member.field.name.node.as_str();
            let known = declared.fields.iter().find(|field| field.name == name);
            let form = self.answer.forms.iter().find(|form| form.name == name);
            self.path.push(key);
            let tree = if name == "__typename" {
                Tree::Known(json!(declared.name).to_string())
            } else if let Some(field) = known {
                self.tree(&member, field.kind, members.get(name).unwrap_or(&Json::Null))?
            } else if let Some(form) = form {
                Tree::Known(json!(form.write(whole)?).to_string())
            } else {
                self.resource(&member, declared, members)?
            };
            self.path.pop();
            out.push((key.to_owned(), tree));
        }
        Ok(Tree::Group(out))
    }

    /// The resource whose id stands beside it.
    fn resource(
        &mut self,
        member: &Collected<'a>,
        declared: &'static Declared,
        members: &Map<String, Json>,
    ) -> Result<Tree> {
        let name = member.field.name.node.as_str();
        let null = || Tree::Known("null".to_owned());
        let Some((field, shape)) = declared
            .fields
            .iter()
            .find_map(|field| way(field).filter(|(way, _)| *way == name).map(|way| (field, way.1)))
        else {
            return Ok(null());
        };
        let id = members.get(&field.name).and_then(Json::as_str).and_then(|id| entity::id::decode(id).ok());
        let Some((_, id)) = id else { return Ok(null()) };
        let kind = if let Some(kind) = self.kinds.iter().position(|(path, ..)| *path == self.path) {
            kind
        } else {
            self.kinds.push((self.path.clone(), object(self.doc, shape, &member.below)?, Vec::new()));
            self.kinds.len() - 1
        };
        self.kinds[kind].2.push(id);
        Ok(Tree::Node(kind, id))
    }
}

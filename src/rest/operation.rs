//! Which operations REST offers: read off the declared resources, for the routes and for the document.

use std::sync::LazyLock;

use actix_web::http::Method;
use entity::kind::Kind;

use crate::{
    domain::{
        self,
        verb::{On, Resource, Verb, kebab, upper_first},
    },
    read::shape::NamedList,
};

/// Below which path everything lies.
pub const ROOT: &str = "/api/v1";

/// One operation: a method on a path.
#[derive(Debug)]
pub struct Operation {
    /// The method.
    pub method: Method,
    /// The path, `{id}` standing for an id.
    pub path: String,
    /// Of what.
    pub resource: &'static Resource,
    /// What it does.
    pub act: Act,
    /// Its name in the document and in the log, which never changes.
    pub id: String,
}

/// What an operation does.
#[derive(Clone, Copy, Debug)]
pub enum Act {
    /// Shows a page of the list.
    List,
    /// Shows a page of a list of its own name.
    Named(&'static NamedList),
    /// Shows one object.
    Get,
    /// Carries out a verb; when the body is an array, the batch verb that shares the path.
    Verb(&'static Verb, Option<Batch>),
}

/// A verb that takes a list of what another takes one of.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// The verb.
    pub verb: &'static Verb,
    /// The member of its input that is the list.
    pub field: &'static str,
}

impl Operation {
    /// Whether other systems' names may stand where its path has an id.
    #[must_use]
    pub fn takes_external_ids(&self) -> bool {
        self.resource.shape.leaf("externalRefs").is_some()
    }

    /// The verb, when it is one.
    #[must_use]
    pub const fn verb(&self) -> Option<&'static Verb> {
        match self.act {
            Act::Verb(verb, _) => Some(verb),
            Act::List | Act::Named(_) | Act::Get => None,
        }
    }
}

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| domain::resources().iter().flat_map(of).collect());

/// Every operation, in the order of the resources and their verbs.
#[must_use]
pub fn operations() -> &'static [Operation] {
    &OPERATIONS
}

fn of(resource: &'static Resource) -> Vec<Operation> {
    let collection = format!("{ROOT}/{}", resource.path());
    let object = format!("{collection}/{{id}}");
    let reads = [(Method::GET, collection.clone(), Act::List), (Method::GET, object.clone(), Act::Get)];
    let maker = resource.verbs.iter().find(|verb| is_maker(verb));
    let batch = maker.and_then(|maker| batch_of(resource, maker));
    let shares = |verb: &Verb| batch.is_some_and(|batch| std::ptr::eq(batch.verb, verb));
    let writes = resource.verbs.iter().filter(|verb| !shares(verb)).map(|verb| {
        let own = |at: &str| (Method::POST, format!("{at}/{}", kebab(verb.name)), Act::Verb(verb, None));
        match (verb.on, verb.name) {
            (On::Collection, _) if maker.is_some_and(|maker| std::ptr::eq(maker, verb)) => {
                (Method::POST, collection.clone(), Act::Verb(verb, batch))
            }
            (On::Collection, _) => own(&collection),
            (On::External, _) => (Method::PUT, object.clone(), Act::Verb(verb, None)),
            (On::Object, "update") => (Method::PATCH, object.clone(), Act::Verb(verb, None)),
            (On::Object, "delete") => (Method::DELETE, object.clone(), Act::Verb(verb, None)),
            (On::Object, _) => own(&object),
        }
    });
    let lists = resource.shape.lists.iter();
    let lists = lists.map(|list| (Method::GET, format!("{ROOT}/{}", kebab(list.name)), Act::Named(list)));
    let all = reads.into_iter().chain(lists).chain(writes);
    all.map(|(method, path, act)| Operation { method, path, resource, act, id: id(resource, act) }).collect()
}

fn id(resource: &Resource, act: Act) -> String {
    match act {
        Act::List => format!("list{}", upper_first(resource.plural)),
        Act::Named(list) => format!("list{}", upper_first(list.name)),
        Act::Get => format!("get{}", resource.shape.name),
        Act::Verb(verb, _) => resource.mutation(verb),
    }
}

/// Whether a verb is the one that the collection's `POST` carries out.
fn is_maker(verb: &Verb) -> bool {
    verb.on == On::Collection && !verb.many && matches!(verb.name, "create" | "record")
}

fn batch_of(resource: &'static Resource, maker: &Verb) -> Option<Batch> {
    let verb = resource
        .verbs
        .iter()
        .find(|verb| verb.many && verb.on == On::Collection && verb.name.starts_with(maker.name))?;
    match verb.input.fields.as_slice() {
        [only] if matches!(only.kind, Kind::List { .. }) => Some(Batch { verb, field: &only.name }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_has_its_own_place_and_its_own_name() {
        let places: BTreeSet<_> =
            operations().iter().map(|operation| (operation.method.as_str(), &operation.path)).collect();
        let names: BTreeSet<_> = operations().iter().map(|operation| &operation.id).collect();
        assert_eq!((places.len(), names.len()), (operations().len(), operations().len()));
    }

    #[test]
    fn every_verb_is_offered() {
        let batches = operations().iter().filter(|operation| matches!(operation.act, Act::Verb(_, Some(_)))).count();
        let offered = operations().iter().filter(|operation| operation.verb().is_some()).count() + batches;
        assert_eq!(offered, domain::resources().iter().map(|resource| resource.verbs.len()).sum::<usize>());
    }
}

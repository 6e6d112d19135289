//! From a selection to the plan of a read. It takes the operation, its fragments, its variables and the caller: never a
//! context of the library, so that it can run before anything else does.

use std::{collections::HashMap, sync::LazyLock};

use async_graphql::parser::types::SelectionSet;
use entity::id::decode;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    collect::{Collected, Document},
    schema::takes_list,
};
use crate::{
    domain::{
        self,
        caller::Caller,
        error::{Code, Error, Result},
        error_code, me,
        verb::Resource,
    },
    read::{
        plan::{ById, Count, EdgePart, InfoPart, Member, Nodes, Object, PageRead, Part, Read, Slice, Tree},
        shape::{Join, NamedList, Shape, named_lists, shape, shape_of_prefix},
    },
};

/// What every declared type implements.
const INTERFACES: &[&str] = &["Node"];

/// Plans one root of a query; nothing for what is not a declared read (introspection).
///
/// # Errors
/// `BAD_INPUT` and `CURSOR_INVALID`, for this root alone.
#[must_use]
pub fn root(who: &Caller, doc: &Document<'_>, root: &Collected<'_>) -> Option<Result<Read>> {
    let name = root.field.name.node.as_str();
    if name.starts_with("__") {
        return None;
    }
    let args = doc.arguments(root.field);
    let planned = match name {
        "node" => node(doc, &args["id"], root),
        "nodes" => nodes(doc, &args, root),
        "me" => whoami(who, doc, root),
        "errorCodes" => Ok(known(doc, root, "ErrorCode", &json!(error_code::all()))),
        _ if let Some((shape, list)) = named_lists().find(|(_, list)| list.name == name) => {
            page(doc, shape, Some(list), args, &root.below).map(|page| Read::Page(Box::new(page)))
        }
        _ => match ROOTS.get(name) {
            Some((resource, true)) => {
                page(doc, &resource.shape, None, args, &root.below).map(|page| Read::Page(Box::new(page)))
            }
            Some((resource, false)) => one(doc, &resource.shape, args.get("id").unwrap_or(&Json::Null), &root.below),
            None => return None,
        },
    };
    Some(planned)
}

/// The resource that a root names, and whether it names the list.
static ROOTS: LazyLock<HashMap<String, (&'static Resource, bool)>> = LazyLock::new(|| {
    let each = domain::resources().iter();
    each.flat_map(|resource| [(resource.singular(), (resource, false)), (resource.plural.to_owned(), (resource, true))])
        .collect()
});

fn one(doc: &Document<'_>, shape: &'static Shape, id: &Json, below: &[&SelectionSet]) -> Result<Read> {
    let (prefix, id) = decode(id.as_str().unwrap_or_default())
        .map_err(|why| Error::field(Code::BadInput, "/id", format!("{why}.")))?;
    if prefix != shape.prefix {
        let message = format!("is an id of another kind; one that starts with {}_ was expected.", shape.prefix);
        return Err(Error::field(Code::BadInput, "/id", message));
    }
    Ok(Read::One(Box::new(ById { id, by: "id", deleted: false, object: object(doc, shape, below)? })))
}

fn node(doc: &Document<'_>, id: &Json, root: &Collected<'_>) -> Result<Read> {
    let (prefix, _) = decode(id.as_str().unwrap_or_default())
        .map_err(|why| Error::field(Code::BadInput, "/id", format!("{why}.")))?;
    match shape_of_prefix(prefix) {
        Some(shape) => one(doc, shape, id, &root.below),
        None => Ok(Read::Known("null".to_owned())),
    }
}

fn nodes(doc: &Document<'_>, args: &Map<String, Json>, root: &Collected<'_>) -> Result<Read> {
    let ids = listed(args.get("ids").cloned().unwrap_or_default());
    let ids = ids.as_array().map(Vec::as_slice).unwrap_or_default();
    if ids.len() > 100 {
        return Err(Error::field(Code::BadInput, "/ids", "At most 100 ids."));
    }
    let (mut kinds, mut order): (Vec<(Object, Vec<Uuid>)>, Vec<Tree>) = (Vec::new(), Vec::new());
    for id in ids {
        let (prefix, id) = decode(id.as_str().unwrap_or_default())
            .map_err(|why| Error::field(Code::BadInput, "/ids", format!("{why}.")))?;
        let Some(shape) = shape_of_prefix(prefix) else {
            order.push(Tree::Known("null".to_owned()));
            continue;
        };
        let known = kinds.iter().position(|(object, _)| object.shape.name == shape.name);
        let kind = known.unwrap_or(kinds.len());
        if known.is_none() {
            kinds.push((object(doc, shape, &root.below)?, Vec::new()));
        }
        kinds[kind].1.push(id);
        order.push(Tree::Node(kind, id));
    }
    Ok(Read::Nodes(Nodes { kinds, deleted: false, inner: false, tree: Tree::List(order) }))
}

fn whoami(who: &Caller, doc: &Document<'_>, root: &Collected<'_>) -> Result<Read> {
    let me = me::values(who);
    let mut members = Vec::new();
    for (key, field) in doc.fields(&root.below, "Me", &[]) {
        let name = field.field.name.node.as_str();
        let way = me::WAYS.iter().find(|(way, ..)| *way == name);
        let read = match (name, way) {
            ("__typename", _) => Read::Known("\"Me\"".to_owned()),
            (_, Some((_, target, _))) => match me::way(who, shape(target)) {
                Some((by, id)) => {
                    let object = object(doc, shape(target), &field.below)?;
                    Read::One(Box::new(ById { id, by, deleted: false, object }))
                }
                None => Read::Known("null".to_owned()),
            },
            _ => Read::Known(me[name].to_string()),
        };
        members.push((key.to_owned(), read));
    }
    Ok(Read::Group(members))
}

/// A value that is known, or a list of them, as far as it is selected.
pub(super) fn known(doc: &Document<'_>, field: &Collected<'_>, type_name: &str, value: &Json) -> Read {
    match value {
        Json::Array(values) => Read::List(values.iter().map(|value| known(doc, field, type_name, value)).collect()),
        Json::Null => Read::Known("null".to_owned()),
        _ => {
            let members = doc.fields(&field.below, type_name, &[]).into_iter().map(|(key, member)| {
                let name = member.field.name.node.as_str();
                let bytes = if name == "__typename" { json!(type_name).to_string() } else { value[name].to_string() };
                (key.to_owned(), Read::Known(bytes))
            });
            Read::Group(members.collect())
        }
    }
}

/// What a selection shows of an object.
///
/// # Errors
/// `BAD_INPUT` and `CURSOR_INVALID`, of arguments further down.
pub(super) fn object(doc: &Document<'_>, shape: &'static Shape, below: &[&SelectionSet]) -> Result<Object> {
    let mut members = Vec::new();
    for (key, field) in doc.fields(below, shape.name, INTERFACES) {
        let name = field.field.name.node.as_str();
        let member = if name == "__typename" {
            Member::Typename
        } else if let Some(leaf) = shape.leaf(name) {
            match leaf.kind {
                // A declared object inside has members of its own to select from.
                entity::kind::Kind::Object(_) | entity::kind::Kind::List { of: entity::kind::Kind::Object(_), .. } => {
                    Member::Within(leaf, picks(doc, &field, leaf.kind))
                }
                _ => Member::Leaf(leaf),
            }
        } else if let Some(edge) = shape.edge_named(name) {
            let target = crate::read::shape::shape(edge.target);
            match edge.join {
                Join::One(_) => Member::One(edge, object(doc, target, &field.below)?),
                Join::Many(_) | Join::Beside(..) | Join::Through(..) => {
                    Member::Many(edge, page(doc, target, None, doc.arguments(field.field), &field.below)?)
                }
            }
        } else {
            continue;
        };
        members.push((key.to_owned(), member));
    }
    Ok(Object { shape, members })
}

/// What a selection shows of a declared object inside a resource.
fn picks(doc: &Document<'_>, field: &Collected<'_>, kind: entity::kind::Kind) -> Vec<crate::read::plan::Pick> {
    use crate::read::plan::Pick;
    use entity::kind::Kind;
    let declared = match kind {
        Kind::Object(declared) => declared(),
        Kind::List { of: Kind::Object(declared), .. } => declared(),
        _ => return Vec::new(),
    };
    doc.fields(&field.below, declared.name, &[])
        .into_iter()
        .map(|(key, member)| {
            let name = member.field.name.node.as_str();
            if name == "__typename" {
                return Pick { key: key.to_owned(), name: None, type_name: declared.name, below: Vec::new() };
            }
            let kind = declared.fields.iter().find(|known| known.name == name).map(|known| known.kind);
            let below = kind.map(|kind| picks(doc, &member, kind)).unwrap_or_default();
            Pick { key: key.to_owned(), name: Some(name.to_owned()), type_name: declared.name, below }
        })
        .collect()
}

/// A page, in the form in which a connection is selected.
fn page(
    doc: &Document<'_>,
    shape: &'static Shape,
    list: Option<&'static NamedList>,
    mut args: Map<String, Json>,
    below: &[&SelectionSet],
) -> Result<PageRead> {
    lists(shape, &mut args);
    let slice = Slice::read_as(shape, list, &args)?;
    let mut form = Vec::new();
    for (key, field) in doc.fields(below, &format!("{}Connection", shape.name), &[]) {
        let part = match field.field.name.node.as_str() {
            "__typename" => Part::Typename,
            "totalCount" => Part::Total(Count::read(&doc.arguments(field.field))?),
            "nodes" => Part::Nodes(object(doc, shape, &field.below)?),
            "pageInfo" => Part::Info(info(doc, &field)),
            _ => Part::Edges(edges(doc, shape, &field)?),
        };
        form.push((key.to_owned(), part));
    }
    Ok(PageRead { shape, slice, form })
}

fn info(doc: &Document<'_>, field: &Collected<'_>) -> Vec<(String, InfoPart)> {
    let parts = doc.fields(&field.below, "PageInfo", &[]).into_iter().map(|(key, part)| {
        let part = match part.field.name.node.as_str() {
            "__typename" => InfoPart::Typename,
            "startCursor" => InfoPart::Start,
            "endCursor" => InfoPart::End,
            "hasNextPage" => InfoPart::HasNext,
            _ => InfoPart::HasPrevious,
        };
        (key.to_owned(), part)
    });
    parts.collect()
}

fn edges(doc: &Document<'_>, shape: &'static Shape, field: &Collected<'_>) -> Result<Vec<(String, EdgePart)>> {
    let mut parts = Vec::new();
    for (key, part) in doc.fields(&field.below, &format!("{}Edge", shape.name), &[]) {
        let part = match part.field.name.node.as_str() {
            "__typename" => EdgePart::Typename,
            "cursor" => EdgePart::Cursor,
            _ => EdgePart::Node(object(doc, shape, &part.below)?),
        };
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

/// GraphQL lets one value stand for a list of one.
fn lists(shape: &Shape, args: &mut Map<String, Json>) {
    if let Some(order) = args.get_mut("orderBy") {
        *order = listed(order.take());
    }
    let Some(filter) = args.get_mut("filter").and_then(Json::as_object_mut) else { return };
    for leaf in shape.leaves.iter().filter(|leaf| leaf.filter && takes_list(leaf.kind)) {
        if let Some(values) = filter.get_mut(&leaf.name) {
            *values = listed(values.take());
        }
    }
}

/// A value as a list.
pub(super) fn listed(value: Json) -> Json {
    match value {
        list @ (Json::Array(_) | Json::Null) => list,
        one => Json::Array(vec![one]),
    }
}

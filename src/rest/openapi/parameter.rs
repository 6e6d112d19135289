//! Parameters in the document: of paths, of queries, and the headers of requests.

use entity::kind::{Form, Kind};
use serde_json::json;
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, RefOr, Required, Schema, Type,
    path::{Parameter, ParameterBuilder, ParameterIn, ParameterStyle},
};

use super::{
    scalar::{self, Side, bare_id_pattern, external_pattern},
    schema::Schemas,
};
use crate::{
    domain::verb::{On, spaced},
    read::{
        filter::{Comparison, SEARCH_MAX, VALUES_MAX, is_range},
        plan::{PAGE_DEFAULT, PAGE_MAX},
        shape::Shape,
    },
    rest::{
        operation::Operation,
        query::{EXPANSIONS_MAX, SORT_MAX, expansions, sort_names},
    },
};

/// The id in a path.
#[must_use] 
pub fn id(operation: &Operation) -> Parameter {
    let shape = &operation.resource.shape;
    let (external, only) = (operation.takes_external_ids(), operation.verb().is_some_and(|verb| verb.on == On::External));
    let (ours, theirs) = (bare_id_pattern(shape.prefix), external_pattern());
    let pattern = match (external, only) {
        (_, true) => format!("^{theirs}$"),
        (true, false) => format!("^({ours}|{theirs})$"),
        (false, false) => format!("^{ours}$"),
    };
    let example = if only { json!("ext:moodle:course-42") } else { json!(format!("{}_01h455vb4pex5vsknk084sn02q", shape.prefix)) };
    let doc = match (external, only) {
        (_, true) => format!("Another system's name for the {}: `ext:{{source}}:{{id}}`, percent-encoded.", spaced(shape.name)),
        (true, false) => format!("The id of the {}, or another system's name for it: `ext:{{source}}:{{id}}`, percent-encoded.", spaced(shape.name)),
        (false, false) => format!("The id of the {}.", spaced(shape.name)),
    };
    let longest = if external { 360 } else { shape.prefix.len() + 27 };
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).max_length(Some(longest)).examples([example]);
    let path = ParameterBuilder::new().name("id").parameter_in(ParameterIn::Path).required(Required::True);
    path.description(Some(doc)).schema(Some(schema)).build()
}

/// Everything that a list takes.
pub fn of_list(schemas: &mut Schemas, of: &'static Shape) -> Vec<Parameter> {
    let cursor = |schemas: &mut Schemas, doc: &str| schemas.value(scalar::CURSOR, doc, false, Side::Input);
    let mut out = vec![
        query("first", &format!("How many objects: the first of the list, or after `after`. {PAGE_DEFAULT} when nobody says. `last` goes before it."), size()),
        query("after", "Only what stands after this cursor; it belongs to one sort.", cursor(schemas, "")),
        query("last", "How many objects: the last of the list, or before `before`.", size()),
        query("before", "Only what stands before this cursor; it belongs to one sort.", cursor(schemas, "")),
        query("count", "Whether to count the list: `page.totalCount`.", flag()),
    ];
    out.extend(sort(of));
    out.extend(expand(of));
    if of.deletable {
        out.push(query("deleted", "Only deleted objects instead of only living ones: tombstones for keeping a copy in step.", flag()));
    }
    if of.search.is_some() {
        // What is trimmed away does not search.
        let kind = Kind::Text { min: 1, max: SEARCH_MAX, form: Form::Line };
        out.push(query("q", "Only what contains this text, whatever its case.", schemas.value(kind, "", false, Side::Input)));
    }
    for leaf in of.leaves.iter().filter(|leaf| leaf.filter && leaf.column().is_some()) {
        let name = &leaf.name;
        if is_range(leaf.kind) {
            let schema = schemas.value(leaf.kind, "", false, Side::Input);
            out.push(query(name, &format!("Only what has this `{name}`."), schema.clone()));
            for (word, how) in Comparison::ALL.iter().map(|(word, _)| (word, meaning(word))) {
                out.push(query(&format!("{name}.{word}"), &format!("Only what has a `{name}` {how} this."), schema.clone()));
            }
        } else if matches!(leaf.kind, Kind::Bool) {
            out.push(query(name, &format!("Only what has this `{name}`."), flag()));
        } else {
            let each = match leaf.kind {
                // Whatever is asked for: what no value looks like is not found.
                Kind::Text { .. } => ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(1000)).pattern(Some("^[^\\u0000]*$")).into(),
                kind => schemas.value(kind, "", false, Side::Input),
            };
            let list = ArrayBuilder::new().items(each).min_items(Some(1)).max_items(Some(VALUES_MAX));
            out.push(commas(name, &format!("Only what has one of these as `{name}`; separated by commas."), list));
        }
    }
    out
}

/// What may be put in an answer.
#[must_use] 
pub fn expand(of: &'static Shape) -> Option<Parameter> {
    let paths = expansions(of);
    if paths.is_empty() {
        return None;
    }
    let each = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(paths));
    let list = ArrayBuilder::new().items(each).min_items(Some(1)).max_items(Some(EXPANSIONS_MAX)).unique_items(true);
    Some(commas("expand", "What to put in the answer besides ids; lists hold their first 20. Separated by commas.", list))
}

fn sort(of: &Shape) -> Option<Parameter> {
    let words: Vec<String> = sort_names(of).flat_map(|name| [name.to_owned(), format!("-{name}")]).collect();
    if words.is_empty() {
        return None;
    }
    let each = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    let list = ArrayBuilder::new().items(each).min_items(Some(1)).max_items(Some(SORT_MAX)).unique_items(true);
    Some(commas("sort", "What to sort by, `-` for descending; separated by commas. Where nothing stands, it stands last.", list))
}

/// The header with which an answer is asked for only when it is new.
#[must_use] 
pub fn if_none_match() -> Parameter {
    let tag = ObjectBuilder::new().schema_type(Type::String).max_length(Some(1000)).pattern(Some(".*"));
    let name = ParameterBuilder::new().name("If-None-Match").parameter_in(ParameterIn::Header);
    let name = name.description(Some("The `ETag` that you have: the answer is 304 when nothing changed."));
    name.schema(Some(tag.examples([json!("\"7.9c1b2e0f6a5d4c3b\"")]))).build()
}

fn meaning(comparison: &str) -> &'static str {
    match comparison {
        "gt" => "greater than",
        "gte" => "of at least",
        "lt" => "less than",
        _ => "of at most",
    }
}

fn query(name: &str, doc: &str, schema: impl Into<RefOr<Schema>>) -> Parameter {
    let query = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query);
    query.description(Some(doc)).schema(Some(schema)).build()
}

fn commas(name: &str, doc: &str, list: ArrayBuilder) -> Parameter {
    let query = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query).description(Some(doc));
    query.style(Some(ParameterStyle::Form)).explode(Some(false)).schema(Some(list)).build()
}

fn size() -> ObjectBuilder {
    let most = i64::try_from(PAGE_MAX).unwrap_or(100);
    let schema = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(most));
    schema.format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Int32)))
}

fn flag() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

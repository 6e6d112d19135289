//! Parameters in the document: of paths, of queries, and the headers of requests.

use entity::kind::{Field, Kind};
use serde_json::json;
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, OneOfBuilder, Ref, RefOr, Required, Schema, Type,
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
        plan::{COUNT_MAX, PAGE_DEFAULT, PAGE_MAX},
        shape::{Leaf, Shape},
    },
    rest::{
        answer::SPARSE,
        operation::Operation,
        query::{
            SORT_MAX,
            show::{EXPANSIONS_MAX, FIELDS_MAX, expansions, is_list, size_name},
            sort_names,
        },
    },
};

/// What `q` takes: anything that is not blank.
const SEARCHED: &str =
    r"^[^\u0000]*[^\u0000\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000][^\u0000]*$";

/// The id in a path.
#[must_use]
pub fn id(operation: &Operation) -> Parameter {
    let shape = &operation.resource.shape;
    let (external, only) =
        (operation.takes_external_ids(), operation.verb().is_some_and(|verb| verb.on == On::External));
    let (ours, theirs) = (bare_id_pattern(shape.prefix), external_pattern());
    let pattern = match (external, only) {
        (_, true) => format!("^{theirs}$"),
        (true, false) => format!("^({ours}|{theirs})$"),
        (false, false) => format!("^{ours}$"),
    };
    let example = if only {
        json!("ext:moodle:course-42")
    } else {
        json!(format!("{}_01h455vb4pex5vsknk084sn02q", shape.prefix))
    };
    let doc = match (external, only) {
        (_, true) => {
            format!("Another system's name for the {}: `ext:{{source}}:{{id}}`, percent-encoded.", spaced(shape.name))
        }
        (true, false) => format!(
            "The id of the {}, or another system's name for it: `ext:{{source}}:{{id}}`, percent-encoded.",
            spaced(shape.name)
        ),
        (false, false) => format!("The id of the {}.", spaced(shape.name)),
    };
    let longest = if external { 360 } else { shape.prefix.len() + 27 };
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(pattern))
        .max_length(Some(longest))
        .examples([example]);
    let path = ParameterBuilder::new().name("id").parameter_in(ParameterIn::Path).required(Required::True);
    path.description(Some(doc)).schema(Some(schema)).build()
}

/// Everything that a list takes.
pub fn of_list(schemas: &mut Schemas, of: &'static Shape) -> Vec<Parameter> {
    let cursor = schemas.value(scalar::CURSOR, "", false, Side::Input);
    let first = format!(
        "How many objects: the first of the list, or after `after`. {PAGE_DEFAULT} when nobody says. `last` goes before it."
    );
    let counted = format!(
        "Whether to count the list: `page.totalCount`. With a number from 1 to {COUNT_MAX} it is counted no further than to that."
    );
    let mut out = vec![
        query("first", &first, size()),
        query("after", "Only what stands after this cursor; it belongs to one sort.", cursor.clone()),
        query("last", "How many objects: the last of the list, or before `before`.", size()),
        query("before", "Only what stands before this cursor; it belongs to one sort.", cursor),
        query("count", &counted, count()),
    ];
    out.extend(sort(of));
    if of.deletable {
        let doc = "Only deleted objects instead of only living ones: tombstones for keeping a copy in step.";
        out.push(query("deleted", doc, flag()));
    }
    if of.search.is_some() {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(SEARCH_MAX));
        out.push(query("q", "Only what contains this text, whatever its case.", text.pattern(Some(SEARCHED))));
    }
    out.extend(
        of.leaves.iter().filter(|leaf| leaf.filter && leaf.column().is_some()).flat_map(|leaf| filters(schemas, leaf)),
    );
    out
}

/// A member of what a computed answer takes, as a parameter.
pub fn of_member(schemas: &mut Schemas, field: &Field) -> Parameter {
    match field.kind {
        Kind::List { of, min, max } => {
            let each = schemas.value(*of, "", false, Side::Input);
            let list = ArrayBuilder::new().items(each).min_items(Some(min.max(1))).max_items(Some(max));
            commas(&field.name, &format!("{} Separated by commas.", field.doc), list)
        }
        kind => {
            let schema = schemas.value(kind, "", false, Side::Input);
            query(&field.name, &field.doc, schema)
        }
    }
}

/// The filters of one value.
fn filters(schemas: &mut Schemas, leaf: &Leaf) -> Vec<Parameter> {
    let (name, same) = (&leaf.name, format!("Only what has this `{}`.", leaf.name));
    if is_range(leaf.kind) {
        // A bound may lie beyond what any value is.
        let kind =
            if let Kind::Int { .. } = leaf.kind { Kind::Int { min: i64::MIN, max: i64::MAX } } else { leaf.kind };
        let schema = schemas.value(kind, "", false, Side::Input);
        let bounds = Comparison::ALL.iter().map(|(word, _)| {
            query(
                &format!("{name}.{word}"),
                &format!("Only what has a `{name}` {} this.", meaning(word)),
                schema.clone(),
            )
        });
        return [query(name, &same, schema.clone())].into_iter().chain(bounds).collect();
    }
    let each = match leaf.kind {
        Kind::Bool => return vec![query(name, &same, flag())],
        // Whatever is asked for: what no value looks like is not found.
        Kind::Text { .. } => {
            let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(1000));
            text.pattern(Some(r"^[^\u0000]*$")).into()
        }
        kind => schemas.value(kind, "", false, Side::Input),
    };
    let list = ArrayBuilder::new().items(each).min_items(Some(1)).max_items(Some(VALUES_MAX));
    vec![commas(name, &format!("Only what has one of these as `{name}`; separated by commas."), list)]
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
    Some(commas(
        "expand",
        "What to put in the answer besides ids; lists hold their first 20, unless a parameter says how many. Separated by commas.",
        list,
    ))
}

/// Which values are shown.
#[must_use]
pub fn fields(of: &'static Shape, path: Ref) -> Parameter {
    let (list, one) = (of.edges.iter().find(|edge| is_list(edge)), of.edges.iter().find(|edge| !is_list(edge)));
    let through = one.or(list).map_or_else(String::new, |edge| {
        format!(
            " A path such as `{name}.id` leads to a related object, which need not be expanded for it; `{name}` alone is all of it, \
             as when it is expanded and no path leads into it.",
            name = edge.name
        )
    });
    let place = list.map_or_else(String::new, |edge| {
        format!(" A list within the answer says where it lies only for `{name}` or `{name}.page`.", name = edge.name)
    });
    let doc = format!(
        "Show only these values, separated by commas; what is not named is not computed. An `id` is always shown, and the \
         `version` of what is got by its id.{through}{place} The answer is `{SPARSE}` then, in which everything else may be absent."
    );
    let list = ArrayBuilder::new().items(RefOr::Ref(path)).min_items(Some(1)).max_items(Some(FIELDS_MAX));
    commas("fields", &doc, list.unique_items(true))
}

/// How many of a list within an answer are shown.
#[must_use]
pub fn size_of(list: &str) -> Parameter {
    let doc = format!("How many of `{list}` are shown, where they are: their first. {PAGE_DEFAULT} when nobody says.");
    query(&size_name(list), &doc, size())
}

fn sort(of: &Shape) -> Option<Parameter> {
    let words: Vec<String> = sort_names(of).flat_map(|name| [name.to_owned(), format!("-{name}")]).collect();
    if words.is_empty() {
        return None;
    }
    let each = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words));
    let list = ArrayBuilder::new().items(each).min_items(Some(1)).max_items(Some(SORT_MAX)).unique_items(true);
    Some(commas(
        "sort",
        "What to sort by, `-` for descending; separated by commas. Where nothing stands, it stands last.",
        list,
    ))
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

/// Whether, or how far.
fn count() -> Schema {
    let most = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(COUNT_MAX));
    let most = most.format(Some(utoipa::openapi::SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::Int32)));
    OneOfBuilder::new().item(flag()).item(most).into()
}

fn flag() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean)
}

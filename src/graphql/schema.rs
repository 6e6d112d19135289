//! The schema: every resource's type, connection, filters, inputs and payloads, written from its declaration.

use std::{borrow::Cow, sync::LazyLock};

use async_graphql::{
    ContainerType, Context, ContextSelectionSet, EmptySubscription, ObjectType, OutputType, Positioned,
    SDLExportOptions, Schema, ServerError, ServerResult, Value,
    parser::types::Field,
    registry::{MetaField, MetaInputValue, MetaTypeId, Registry},
};
use entity::kind::{Declared as _, Kind};

use super::{
    execute, mutation, told,
    types::{
        self, add, add_enum, add_input, add_interface, add_scalar, field, input, input_type, object, output, required,
    },
};
use crate::{
    domain::{
        self,
        error_code::ErrorCode,
        me,
        verb::{On, Resource, Verb, upper_first},
    },
    read::{
        filter::{self, Comparison},
        plan::COUNT_MAX,
        shape::{Join, Shape},
    },
};

const DECIMAL: &str =
    "An exact decimal number as a string, with up to 12 digits before the point and 6 after it: \"0.93\".";

/// The schema as async-graphql holds it.
pub type CairnSchema = Schema<Query, Mutation, EmptySubscription>;

/// The schema of this build.
pub static SCHEMA: LazyLock<CairnSchema> = LazyLock::new(|| {
    Schema::build(Query, Mutation, EmptySubscription)
        // Suggestions compare every name with every other: a document of typos would take seconds.
        .disable_suggestions()
        // The guard counts depth; the library's count includes fragments and refuses honest documents.
        .limit_recursive_depth(64)
        .finish()
});

/// The schema as text.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_arguments().sorted_enum_items().include_specified_by();
    SCHEMA.sdl_with_options(options)
}

/// The root of reads.
#[derive(Debug)]
pub struct Query;

/// The root of writes.
#[derive(Debug)]
pub struct Mutation;

impl OutputType for Query {
    fn type_name() -> Cow<'static, str> {
        "Query".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            everything(registry);
            let mut fields = roots(registry);
            fields.extend(domain::resources().iter().flat_map(reads));
            fields.extend(domain::answers().iter().map(|answer| told::root(registry, answer)));
            object("Query", "Reads.", fields)
        })
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        Err(ServerError::new("The root is no field", Some(field.pos)))
    }
}

impl ContainerType for Query {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        execute::read_root(ctx).await.map(Some)
    }
}

impl ObjectType for Query {}

impl OutputType for Mutation {
    fn type_name() -> Cow<'static, str> {
        "Mutation".into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            let mut fields = Vec::new();
            for resource in domain::resources() {
                for verb in &resource.verbs {
                    fields.push(write(registry, resource, verb));
                }
            }
            object("Mutation", "Writes: each is one command, carried out whole or not at all.", fields)
        })
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        Err(ServerError::new("The root is no field", Some(field.pos)))
    }
}

impl ContainerType for Mutation {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        mutation::resolve(ctx).await.map(Some)
    }
}

impl ObjectType for Mutation {}

/// The name of the type of a verb's answer.
#[must_use]
pub fn payload_name(resource: &Resource, verb: &Verb) -> String {
    let noun = if verb.many { upper_first(resource.plural) } else { resource.shape.name.to_owned() };
    format!("{noun}Payload")
}

/// Adds what all resources share, and each resource's types.
fn everything(registry: &mut Registry) {
    <String as OutputType>::create_type_info(registry);
    <i32 as OutputType>::create_type_info(registry);
    <bool as OutputType>::create_type_info(registry);
    <async_graphql::ID as OutputType>::create_type_info(registry);
    add_scalar(
        registry,
        "DateTime",
        "A moment: RFC 3339 in UTC with six digits, 2026-01-31T12:00:00.000000Z.",
        Some("https://www.rfc-editor.org/rfc/rfc3339"),
    );
    add_scalar(registry, "Date", "A day: 2026-01-31.", Some("https://www.rfc-editor.org/rfc/rfc3339"));
    add_scalar(registry, "Decimal", DECIMAL, None);
    add_scalar(registry, "JSON", "JSON of any form.", Some("https://www.rfc-editor.org/rfc/rfc8259"));
    let id = vec![field("id", "The id.", "ID!", Vec::new())];
    let types: Vec<&str> = domain::resources().iter().map(|resource| resource.shape.name).collect();
    add_interface(registry, "Node", "Anything with an id.", id, &types);
    shared(registry);
    for resource in domain::resources() {
        shown(registry, &resource.shape);
        listed(registry, &resource.shape);
        for verb in &resource.verbs {
            payload(registry, resource, verb);
        }
    }
}

fn shared(registry: &mut Registry) {
    let plain = |name: &str, doc: &str, ty: &str| field(name, doc, ty, Vec::new());
    add(
        registry,
        object(
            "PageInfo",
            "Where a page lies in its list.",
            vec![
                plain("startCursor", "The cursor of its first object.", "String"),
                plain("endCursor", "The cursor of its last object.", "String"),
                plain("hasNextPage", "Whether there is more after it.", "Boolean!"),
                plain("hasPreviousPage", "Whether there is more before it.", "Boolean!"),
            ],
        ),
    );
    add(
        registry,
        object(
            "Warning",
            "Advice that comes with a command that was carried out.",
            vec![
                plain("code", "What it is about.", "String!"),
                plain("message", "The same for people.", "String!"),
                plain("details", "More, for programs.", "JSON"),
            ],
        ),
    );
    add(
        registry,
        object(
            "UserError",
            "Why a command was refused; nothing was changed.",
            vec![
                plain("code", "The stable code, the same as in REST.", "String!"),
                plain("message", "The same for people.", "String!"),
                plain("path", "The member of the input that it is about.", "[String!]"),
                plain("details", "More, for programs.", "JSON"),
            ],
        ),
    );
    let directions = [("ASC", "Smallest first; nulls last."), ("DESC", "Largest first; nulls last.")];
    add_enum(
        registry,
        "Direction",
        "Which way a list is sorted.",
        directions.into_iter().map(|(word, doc)| (word.to_owned(), doc)),
    );
    for (name, ty, doc) in [
        ("TimeRange", "DateTime", "Moments between bounds."),
        ("DateRange", "Date", "Days between bounds."),
        ("IntRange", "Int", "Whole numbers between bounds."),
        ("DecimalRange", "Decimal", "Decimal numbers between bounds."),
    ] {
        let bounds = ["Greater.", "Greater or equal.", "Less.", "Less or equal."];
        let fields = Comparison::ALL.iter().zip(bounds).map(|((name, _), doc)| input(name, doc, ty)).collect();
        add_input(registry, name, doc, false, fields);
    }
}

/// Adds the type of a resource.
fn shown(registry: &mut Registry, shape: &'static Shape) {
    let mut fields = Vec::new();
    for leaf in &shape.leaves {
        let ty = output(registry, leaf.kind);
        fields.push(field(&leaf.name, leaf.doc, &required(&ty, !leaf.nullable), Vec::new()));
    }
    for edge in &shape.edges {
        fields.push(match edge.join {
            Join::One(_) => field(edge.name, edge.doc, edge.target, Vec::new()),
            Join::Many(_) | Join::Beside(..) | Join::Through(..) => {
                field(edge.name, edge.doc, &format!("{}Connection!", edge.target), page_arguments(edge.target))
            }
        });
    }
    add(registry, object(shape.name, shape.doc, fields));
}

fn page_arguments(target: &str) -> Vec<MetaInputValue> {
    vec![
        input("first", "How many of the first, at most 100; 20 when nothing is said.", "Int"),
        input("after", "After this cursor.", "String"),
        input("last", "How many of the last, at most 100.", "Int"),
        input("before", "Before this cursor.", "String"),
        input("filter", "Which of them.", &format!("{target}Filter")),
        input("orderBy", "In which order.", &format!("[{target}Order!]")),
    ]
}

/// Adds what a list of a resource needs: connection, edge, filter and order.
fn listed(registry: &mut Registry, shape: &'static Shape) {
    let name = shape.name;
    let plain = |name: &str, doc: &str, ty: &str| field(name, doc, ty, Vec::new());
    let total = "How many there are in all; counted only when it is asked for, and no further than `atMost`.";
    let at_most = format!("Count no further than to this, 1 to {COUNT_MAX}; to the end when nothing is said.");
    add(
        registry,
        object(
            &format!("{name}Edge"),
            "An object of a page, with its cursor.",
            vec![
                plain("cursor", "Where it stands in the list.", "String!"),
                plain("node", "The object.", &format!("{name}!")),
            ],
        ),
    );
    add(
        registry,
        object(
            &format!("{name}Connection"),
            "A page of a list.",
            vec![
                plain("edges", "The objects of the page, with their cursors.", &format!("[{name}Edge!]!")),
                plain("nodes", "The objects of the page.", &format!("[{name}!]!")),
                plain("pageInfo", "Where the page lies.", "PageInfo!"),
                field("totalCount", total, "Int!", vec![input("atMost", &at_most, "Int")]),
            ],
        ),
    );
    let mut filters: Vec<MetaInputValue> = Vec::new();
    for leaf in shape.leaves.iter().filter(|leaf| leaf.filter) {
        filters.push(input(&leaf.name, leaf.doc, &filter_type(registry, leaf.kind)));
    }
    if shape.search.is_some() {
        filters.push(input("q", "A text that it contains, in any case.", "String"));
    }
    if shape.deletable {
        filters.push(input("deleted", "Only deleted ones, instead of only living ones.", "Boolean"));
    }
    add_input(
        registry,
        &format!("{name}Filter"),
        "Which objects a list holds; all conditions hold at once.",
        false,
        filters,
    );
    let sorts = shape.leaves.iter().filter(|leaf| leaf.sort).map(|leaf| (leaf.sort_word(), leaf.doc));
    add_enum(registry, &format!("{name}Sort"), "What a list is sorted by.", sorts);
    add_input(
        registry,
        &format!("{name}Order"),
        "One key of an order.",
        false,
        vec![
            input("field", "By what.", &format!("{name}Sort!")),
            input("direction", "Which way; ascending when nothing is said.", "Direction"),
        ],
    );
}

fn filter_type(registry: &mut Registry, kind: Kind) -> String {
    match kind {
        Kind::Time => "TimeRange".to_owned(),
        Kind::Date => "DateRange".to_owned(),
        Kind::Int { .. } => "IntRange".to_owned(),
        Kind::Decimal => "DecimalRange".to_owned(),
        Kind::Bool => "Boolean".to_owned(),
        other => format!("[{}!]", input_type(registry, other)),
    }
}

/// The roots that read a resource: one by its id, the list, and the lists of it that have names of their own.
fn reads(resource: &'static Resource) -> Vec<(String, MetaField)> {
    let name = resource.shape.name;
    let by_id = vec![input("id", "The id.", "ID!")];
    vec![
        field(&resource.singular(), &format!("One by its id: {}", resource.shape.doc), name, by_id),
        field(
            resource.plural,
            &format!("A list: {}", resource.shape.doc),
            &format!("{name}Connection"),
            page_arguments(name),
        ),
    ]
    .into_iter()
    .chain(
        resource
            .shape
            .lists
            .iter()
            .map(|list| field(list.name, list.doc, &format!("{name}Connection"), page_arguments(name))),
    )
    .collect()
}

/// The roots that are of no resource.
fn roots(registry: &mut Registry) -> Vec<(String, MetaField)> {
    let mut shown = types::declared_fields(registry, me::object());
    for (name, target, doc) in me::WAYS {
        shown.push(field(name, doc, target, Vec::new()));
    }
    add(registry, object("Me", &me::object().doc, shown));
    let code = output(registry, Kind::Object(ErrorCode::object));
    vec![
        field("node", "Anything by its id.", "Node", vec![input("id", "The id.", "ID!")]),
        field(
            "nodes",
            "Several by their ids, in that order; null where there is none.",
            "[Node]",
            vec![input("ids", "At most 100 ids.", "[ID!]!")],
        ),
        field("me", "Who asks, in which organization and with which rights.", "Me", Vec::new()),
        field("errorCodes", "Every code that an error may have.", &format!("[{code}!]"), Vec::new()),
    ]
}

/// Adds the type of a verb's answer.
fn payload(registry: &mut Registry, resource: &Resource, verb: &Verb) {
    let name = payload_name(resource, verb);
    let (key, ty) = mutation::shown_member(resource, verb);
    let mut fields = vec![field(
        &key,
        "The changed object; null when the command was refused, or when it can no longer be seen.",
        &ty,
        Vec::new(),
    )];
    for (reveals, doc) in
        resource.verbs.iter().filter(|other| other.many == verb.many).filter_map(|other| other.reveals)
    {
        fields.push(field(reveals, doc, "String", Vec::new()));
    }
    fields.push(field("warnings", "Advice.", "[Warning!]!", Vec::new()));
    fields.push(field(
        "userErrors",
        "Why the command was refused; empty when it was carried out.",
        "[UserError!]!",
        Vec::new(),
    ));
    add(registry, object(&name, "The answer of a command.", fields));
}

/// The root that runs a verb.
fn write(registry: &mut Registry, resource: &Resource, verb: &Verb) -> (String, MetaField) {
    let name = resource.mutation(verb);
    let mut fields = match verb.on {
        On::Collection => Vec::new(),
        On::Object => vec![input("id", "The object.", "ID!")],
        On::External => vec![
            input(verb.system(), "The other system.", "String!"),
            input("externalId", "Its name for the object.", "String!"),
        ],
    };
    if verb.on != On::Collection {
        fields.push(input("expectedVersion", "The version that you know; another one refuses the command.", "Int"));
    }
    fields.extend(types::members(registry, verb.input));
    let ty = format!("{}Input", upper_first(&name));
    let doc = if verb.input.fields.is_empty() { verb.doc } else { &verb.input.doc };
    add_input(registry, &ty, doc, false, fields);
    field(&name, verb.doc, &payload_name(resource, verb), vec![input("input", "What it needs.", &format!("{ty}!"))])
}

/// Whether a filter of the kind takes a list: one value alone stands for a list of one.
#[must_use]
pub const fn takes_list(kind: Kind) -> bool {
    !filter::is_range(kind) && !matches!(kind, Kind::Bool)
}

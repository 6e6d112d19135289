//! The one place where declarations become types of async-graphql's registry.

use async_graphql::{
    CacheControl,
    registry::{Deprecation, MetaEnumValue, MetaField, MetaInputValue, MetaType, Registry},
};
use entity::{
    kind::{Field, Kind, Object, Presence},
    vocabulary::{Word, Words},
};
use indexmap::IndexMap;

/// A field of an output type.
#[must_use]
pub fn field(name: &str, doc: &str, ty: &str, args: Vec<MetaInputValue>) -> (String, MetaField) {
    let field = MetaField {
        name: name.to_owned(),
        description: Some(doc.to_owned()),
        args: args.into_iter().map(|arg| (arg.name.clone(), arg)).collect(),
        ty: ty.to_owned(),
        deprecation: Deprecation::NoDeprecated,
        cache_control: CacheControl::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    (name.to_owned(), field)
}

/// An argument, or a member of an input type.
#[must_use]
pub fn input(name: &str, doc: &str, ty: &str) -> MetaInputValue {
    MetaInputValue {
        name: name.to_owned(),
        description: Some(doc.to_owned()),
        ty: ty.to_owned(),
        deprecation: Deprecation::NoDeprecated,
        default_value: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}

/// An output type.
#[must_use]
pub fn object(name: &str, doc: &str, fields: Vec<(String, MetaField)>) -> MetaType {
    MetaType::Object {
        name: name.to_owned(),
        description: Some(doc.to_owned()),
        fields: fields.into_iter().collect(),
        cache_control: CacheControl::default(),
        extends: false,
        shareable: false,
        resolvable: true,
        keys: None,
        visible: None,
        inaccessible: false,
        interface_object: false,
        tags: Vec::new(),
        is_subscription: false,
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// Adds a type, once.
pub fn add(registry: &mut Registry, ty: MetaType) {
    registry.types.entry(ty.name().to_owned()).or_insert(ty);
}

/// Adds an interface that every one of `types` implements.
pub fn add_interface(registry: &mut Registry, name: &str, doc: &str, fields: Vec<(String, MetaField)>, types: &[&str]) {
    for ty in types {
        registry.add_implements(ty, name);
    }
    add(
        registry,
        MetaType::Interface {
            name: name.to_owned(),
            description: Some(doc.to_owned()),
            fields: fields.into_iter().collect(),
            possible_types: types.iter().map(|&ty| ty.to_owned()).collect(),
            extends: false,
            keys: None,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        },
    );
}

/// Adds an input type.
pub fn add_input(registry: &mut Registry, name: &str, doc: &str, oneof: bool, fields: Vec<MetaInputValue>) {
    add(
        registry,
        MetaType::InputObject {
            name: name.to_owned(),
            description: Some(doc.to_owned()),
            input_fields: fields.into_iter().map(|field| (field.name.clone(), field)).collect(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            oneof,
            directive_invocations: Vec::new(),
        },
    );
}

/// Adds an enum.
pub fn add_enum<'a>(registry: &mut Registry, name: &str, doc: &str, words: impl Iterator<Item = (String, &'a str)>) {
    let values: IndexMap<String, MetaEnumValue> = words
        .map(|(word, doc)| {
            let value = MetaEnumValue {
                name: word.clone(),
                description: Some(doc.trim().to_owned()),
                deprecation: Deprecation::NoDeprecated,
                visible: None,
                inaccessible: false,
                tags: Vec::new(),
                directive_invocations: Vec::new(),
            };
            (word, value)
        })
        .collect();
    add(
        registry,
        MetaType::Enum {
            name: name.to_owned(),
            description: Some(doc.trim().to_owned()),
            enum_values: values,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        },
    );
}

/// Adds a scalar of our own.
pub fn add_scalar(registry: &mut Registry, name: &str, doc: &str, specified_by: Option<&str>) {
    add(
        registry,
        MetaType::Scalar {
            name: name.to_owned(),
            description: Some(doc.to_owned()),
            is_valid: None,
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            specified_by_url: specified_by.map(str::to_owned),
            directive_invocations: Vec::new(),
            requires_scopes: Vec::new(),
        },
    );
}

/// The output type of a kind, its own types added; without the `!`.
pub fn output(registry: &mut Registry, kind: Kind) -> String {
    match kind {
        Kind::Object(declared) => {
            let declared = declared();
            if !registry.types.contains_key(declared.name) {
                let fields = declared_fields(registry, declared);
                add(registry, object(declared.name, &declared.doc, fields));
            }
            declared.name.to_owned()
        }
        Kind::List { of, .. } => format!("[{}!]", output(registry, *of)),
        other => scalar(registry, other),
    }
}

/// The fields of a declared object that is shown.
pub fn declared_fields(registry: &mut Registry, declared: &'static Object) -> Vec<(String, MetaField)> {
    let shown = |f: &Field, registry: &mut Registry| {
        let ty = output(registry, f.kind);
        field(&f.name, &f.doc, &required(&ty, f.presence == Presence::Required), Vec::new())
    };
    declared.fields.iter().map(|f| shown(f, registry)).collect()
}

/// The input type of a kind, its own types added; without the `!`.
pub fn input_type(registry: &mut Registry, kind: Kind) -> String {
    match kind {
        Kind::Object(declared) => {
            let declared = declared();
            let name = if declared.name.ends_with("Input") {
                declared.name.to_owned()
            } else {
                format!("{}Input", declared.name)
            };
            if !registry.types.contains_key(&name) {
                let fields = members(registry, declared);
                add_input(registry, &name, &declared.doc, declared.oneof, fields);
            }
            name
        }
        Kind::List { of, .. } => format!("[{}!]", input_type(registry, *of)),
        other => scalar(registry, other),
    }
}

/// The members of a declared input.
pub fn members(registry: &mut Registry, declared: &'static Object) -> Vec<MetaInputValue> {
    let member = |f: &Field, registry: &mut Registry| {
        let ty = input_type(registry, f.kind);
        input(&f.name, &f.doc, &required(&ty, f.presence == Presence::Required))
    };
    declared.fields.iter().map(|f| member(f, registry)).collect()
}

/// A type that is there, or may be null.
#[must_use]
pub fn required(ty: &str, required: bool) -> String {
    if required { format!("{ty}!") } else { ty.to_owned() }
}

fn scalar(registry: &mut Registry, kind: Kind) -> String {
    match kind {
        Kind::Id(_) => "ID",
        Kind::Int { .. } => "Int",
        Kind::Decimal => "Decimal",
        Kind::Bool => "Boolean",
        Kind::Time => "DateTime",
        Kind::Date => "Date",
        Kind::Json | Kind::Document(_) => "JSON",
        Kind::Word(words) if is_enum(words) => {
            add_enum(
                registry,
                words.name,
                words.doc,
                words.words.iter().map(|Word { name, doc }| ((*name).to_owned(), *doc)),
            );
            return words.name.to_owned();
        }
        _ => "String",
    }
    .to_owned()
}

/// Scopes such as `learning:read` are no GraphQL names: they are strings there.
fn is_enum(words: &Words) -> bool {
    words.words.iter().all(|word| word.name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
}

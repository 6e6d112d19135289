//! From what is declared to JSON schemas: one place for every kind, and a component for whatever has a name.

use std::collections::BTreeMap;

use entity::{
    kind::{Field, Form, Kind, Object as Declared, Presence},
    vocabulary::Words,
};
use utoipa::openapi::{
    ArrayBuilder, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema, Type,
    schema::{AdditionalProperties, AllOfBuilder, RefBuilder, SchemaType},
};

use super::scalar::{Side, scalar};
use crate::{
    domain::verb::Verb,
    read::{
        plan::PAGE_MAX,
        shape::{Edge, Join, Leaf, Shape, shape},
    },
};

/// The components that were asked for, each made once.
#[derive(Default)]
pub struct Schemas {
    /// By name.
    pub made: BTreeMap<String, RefOr<Schema>>,
}

impl Schemas {
    /// The schema of a value.
    pub fn value(&mut self, kind: Kind, doc: &str, nullable: bool, side: Side) -> RefOr<Schema> {
        match kind {
            Kind::Word(words) => described(self.word(words), doc, nullable),
            Kind::Text { form: Form::TimeZone, .. } if side == Side::Input => {
                described(self.time_zone(), doc, nullable)
            }
            Kind::Object(declared) | Kind::Document(declared) => described(self.object(declared()), doc, nullable),
            Kind::List { of, min, max } => {
                let items = self.value(*of, "", false, side);
                let list =
                    ArrayBuilder::new().schema_type(types(Type::Array, nullable)).items(items).max_items(Some(max));
                list.min_items((min > 0).then_some(min)).description(text(doc)).into()
            }
            other => {
                let (kind, schema) = scalar(other, side);
                let schema = schema.description(text(doc));
                match kind {
                    Some(kind) => schema.schema_type(types(kind, nullable)).into(),
                    // JSON of any form has no type, but for what is asked for: that is something.
                    None if side == Side::Input && !nullable => schema.schema_type(something()).into(),
                    None => schema.schema_type(SchemaType::AnyValue).into(),
                }
            }
        }
    }

    /// The component of a vocabulary.
    fn word(&mut self, words: &'static Words) -> Ref {
        self.component(words.name, |_| {
            let each = words.words.iter().map(|word| format!("- `{}`: {}", word.name, word.doc.trim()));
            let doc = format!("{}\n\n{}", words.doc.trim(), each.collect::<Vec<_>>().join("\n"));
            let names = words.words.iter().map(|word| word.name);
            ObjectBuilder::new().schema_type(Type::String).description(Some(doc)).enum_values(Some(names)).into()
        })
    }

    fn time_zone(&mut self) -> Ref {
        self.component("TimeZone", |_| {
            // Not an enum: names such as GMT0, GMT+0 and GMT-0 would be one in many languages.
            let names: Vec<_> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name().replace('+', "\\+")).collect();
            let pattern = format!("^({})$", names.join("|"));
            let schema =
                ObjectBuilder::new().schema_type(Type::String).description(Some("A time zone, by its IANA name."));
            schema.max_length(Some(64)).pattern(Some(pattern)).examples(["Europe/Vienna"]).into()
        })
    }

    /// The component of a declared object; it takes no member that is not declared.
    pub fn object(&mut self, declared: &'static Declared) -> Ref {
        self.component(declared.name, |schemas| {
            let closed = ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false)));
            let object = closed.schema_type(Type::Object).description(text(&declared.doc));
            let object = declared.fields.iter().fold(object, |object, field| schemas.member(object, field));
            let one = declared.oneof.then_some(1);
            object.min_properties(one).max_properties(one).into()
        })
    }

    /// The schema of what a computed answer tells; its objects may get more members.
    pub fn told(&mut self, kind: Kind) -> RefOr<Schema> {
        self.told_as(kind, "", false)
    }

    fn told_as(&mut self, kind: Kind, doc: &str, nullable: bool) -> RefOr<Schema> {
        match kind {
            Kind::Object(declared) | Kind::Document(declared) => {
                let declared = declared();
                let component = self.component(declared.name, |schemas| {
                    let object = ObjectBuilder::new().schema_type(Type::Object).description(text(&declared.doc));
                    let members = declared.fields.iter().fold(object, |object, field| {
                        let required = field.presence == Presence::Required;
                        let schema = schemas.told_as(field.kind, &field.doc, !required);
                        object.property(&field.name, schema).required(&field.name)
                    });
                    members.into()
                });
                described(component, doc, nullable)
            }
            Kind::List { of, max, .. } => {
                let items = self.told_as(*of, "", false);
                let list = ArrayBuilder::new().schema_type(types(Type::Array, nullable)).items(items);
                list.max_items(Some(max)).description(text(doc)).into()
            }
            other => self.value(other, doc, nullable, Side::Output),
        }
    }

    fn member(&mut self, object: ObjectBuilder, field: &Field) -> ObjectBuilder {
        let nullable = matches!(field.presence, Presence::Optional | Presence::Clear);
        let schema = self.value(field.kind, &field.doc, nullable, Side::Input);
        let object = object.property(&field.name, schema);
        if field.presence == Presence::Required { object.required(&field.name) } else { object }
    }

    /// The component of a resource: all its values, and what is there only when it is expanded.
    pub fn shape(&mut self, of: &'static Shape) -> Ref {
        self.component(of.name, |schemas| {
            let object = ObjectBuilder::new().schema_type(Type::Object).description(text(of.doc));
            let object = of.leaves.iter().fold(object, |object, leaf| schemas.leaf(object, leaf));
            of.edges.iter().fold(object, |object, edge| schemas.edge(object, edge)).into()
        })
    }

    fn leaf(&mut self, object: ObjectBuilder, leaf: &Leaf) -> ObjectBuilder {
        let schema = self.value(leaf.kind, leaf.doc, leaf.nullable, Side::Output);
        object.property(&leaf.name, schema).required(&leaf.name)
    }

    fn edge(&mut self, object: ObjectBuilder, edge: &'static Edge) -> ObjectBuilder {
        let (target, doc) = (shape(edge.target), format!("{} Only with `expand={}`.", edge.doc, edge.name));
        let schema = match edge.join {
            Join::One(_) => described(self.shape(target), &doc, true),
            Join::Many(_) | Join::Beside(..) | Join::Through(..) => described(self.page(target), &doc, false),
        };
        object.property(edge.name, schema)
    }

    /// The component of a page of a resource.
    pub fn page(&mut self, of: &'static Shape) -> Ref {
        self.component(&format!("{}Page", of.name), |schemas| {
            let items = ArrayBuilder::new().items(RefOr::Ref(schemas.shape(of))).max_items(Some(PAGE_MAX));
            let page = schemas.page_info();
            let object = ObjectBuilder::new()
                .schema_type(Type::Object)
                .description(Some(format!("A page of a list of {}.", of.name)));
            let object = object.property("items", items.description(Some("What it holds."))).required("items");
            object.property("page", described(page, "Where it lies.", false)).required("page").into()
        })
    }

    pub(super) fn page_info(&mut self) -> Ref {
        self.component("PageInfo", |schemas| {
            let cursor = |schemas: &mut Self, doc| schemas.value(super::scalar::CURSOR, doc, true, Side::Output);
            let flag = |schemas: &mut Self, doc| schemas.value(Kind::Bool, doc, false, Side::Output);
            let count = Kind::Int { min: 0, max: i64::MAX };
            let object =
                ObjectBuilder::new().schema_type(Type::Object).description(Some("Where a page lies in its list."));
            let object = object.property("startCursor", cursor(schemas, "The cursor of its first object."));
            let object = object.property("endCursor", cursor(schemas, "The cursor of its last object."));
            let object = object.property("hasNextPage", flag(schemas, "Whether there is more after it."));
            let object = object.property("hasPreviousPage", flag(schemas, "Whether there is more before it."));
            let doc = "How many objects the list has; only with `count`, and not more than the number that it says.";
            let total = schemas.value(count, doc, false, Side::Output);
            let object = object.property("totalCount", total);
            ["startCursor", "endCursor", "hasNextPage", "hasPreviousPage"]
                .into_iter()
                .fold(object, ObjectBuilder::required)
                .into()
        })
    }

    /// The component of what a command answers: the object, or what is named of it, the advice, and what is shown once.
    pub fn changed(&mut self, of: &'static Shape, verb: &Verb, mutation: &str, sparse: bool) -> Ref {
        let name = if verb.reveals.is_some() {
            format!("{}Answer", crate::domain::verb::upper_first(mutation))
        } else {
            format!("Changed{}", of.name)
        };
        let (several, reveals) = (verb.many, verb.reveals);
        let name = if several { format!("{name}s") } else { name };
        let name = if sparse { format!("Sparse{name}") } else { name };
        self.component(&name, |schemas| {
            let shown = if sparse { schemas.sparse(of) } else { schemas.shape(of) };
            let extra = ObjectBuilder::new().schema_type(Type::Object);
            let extra = if verb.warns(of) {
                extra.property("warnings", schemas.warnings()).required("warnings")
            } else {
                extra
            };
            let extra = reveals.into_iter().fold(extra, |extra, (name, doc)| {
                let doc = format!("{doc} Null when an earlier request is answered again.");
                extra.property(name, schemas.value(super::scalar::REVEALED, &doc, true, Side::Output)).required(name)
            });
            if several {
                let items = ArrayBuilder::new()
                    .items(RefOr::Ref(shown))
                    .max_items(Some(1000))
                    .description(Some("The objects, in the order of the request."));
                return extra
                    .description(Some("What a command made of several objects."))
                    .property("items", items)
                    .required("items")
                    .into();
            }
            let doc = format!("{} after a command.", of.name);
            AllOfBuilder::new().item(shown).item(extra).description(Some(doc)).into()
        })
    }

    fn warnings(&mut self) -> ArrayBuilder {
        let warning = self.component("Warning", |schemas| {
            let object = ObjectBuilder::new()
                .schema_type(Type::Object)
                .description(Some("Advice that comes with a command that was carried out."));
            let code = schemas.value(super::scalar::CODE, "What it is about.", false, Side::Output);
            let message = schemas.value(super::scalar::SENTENCE, "The same for people.", false, Side::Output);
            let details = schemas.value(Kind::Json, "More, for programs.", true, Side::Output);
            let object = object.property("code", code).property("message", message).property("details", details);
            object.required("code").required("message").into()
        });
        ArrayBuilder::new()
            .items(RefOr::Ref(warning))
            .max_items(Some(1000))
            .description(Some("Advice; nothing was refused for it."))
    }

    /// A component of what no resource and no input declares: its members, each with whether it is always there.
    pub fn record(
        &mut self,
        name: &str,
        doc: &str,
        members: impl FnOnce(&mut Self) -> Vec<(&'static str, RefOr<Schema>, bool)>,
    ) -> Ref {
        self.component(name, |schemas| {
            let object = ObjectBuilder::new().schema_type(Type::Object).description(Some(doc));
            let members = members(schemas).into_iter();
            let object = members.fold(object, |object, (name, schema, required)| {
                let object = object.property(name, schema);
                if required { object.required(name) } else { object }
            });
            object.into()
        })
    }

    /// The schema of a value that is shown.
    pub fn shown(&mut self, kind: Kind, doc: &str) -> RefOr<Schema> {
        self.value(kind, doc, false, Side::Output)
    }

    /// A component: made at most once, also when it is found inside itself.
    pub fn component(&mut self, name: &str, make: impl FnOnce(&mut Self) -> RefOr<Schema>) -> Ref {
        if !self.made.contains_key(name) {
            self.made.insert(name.to_owned(), RefOr::T(Schema::default()));
            let schema = make(self);
            self.made.insert(name.to_owned(), schema);
        }
        Ref::from_schema_name(name)
    }
}

/// A reference with words of its own, and perhaps null.
#[must_use]
pub fn described(to: Ref, doc: &str, nullable: bool) -> RefOr<Schema> {
    if nullable {
        let null = ObjectBuilder::new().schema_type(Type::Null);
        return OneOfBuilder::new().item(RefOr::Ref(to)).item(null).description(text(doc)).into();
    }
    let reference = RefBuilder::new().ref_location(to.ref_location);
    if doc.is_empty() { reference.into() } else { reference.description(Some(doc)).into() }
}

/// Every type but null.
fn something() -> SchemaType {
    SchemaType::Array(vec![Type::Array, Type::Boolean, Type::Number, Type::Object, Type::String])
}

fn types(kind: Type, nullable: bool) -> SchemaType {
    if nullable { SchemaType::Array(vec![kind, Type::Null]) } else { SchemaType::Type(kind) }
}

fn text(doc: &str) -> Option<String> {
    (!doc.is_empty()).then(|| doc.trim().to_owned())
}

//! Random documents, written from the schema itself: aliases, fragments, variables and their defaults, directives,
//! pages with cursors, filters and orders, and now and then something that is wrong.

use std::collections::HashMap;

use async_graphql::registry::{MetaField, MetaInputValue, MetaType, Registry};
use cairn::{
    graphql::schema::Query,
    read::{cell::Cell, shape::shapes},
};
use serde_json::{Map, Value as Json, json};

use super::{dice::Dice, reference::Tables};

/// What documents are written from.
pub struct Sources {
    registry: Registry,
    /// Ids of rows, by their prefix.
    ids: Vec<(&'static str, &'static str, Vec<String>)>,
    /// Cursors of lists, by the type in them.
    pub cursors: HashMap<String, Vec<String>>,
}

/// A document and the values of its variables.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub text: String,
    pub variables: Map<String, Json>,
}

/// Writes one document.
pub struct Author<'a> {
    dice: Dice,
    from: &'a Sources,
    /// How many selections it may still have.
    left: usize,
    named: usize,
    declared: Vec<String>,
    fragments: Vec<String>,
    values: Map<String, Json>,
}

/// A value as a document writes it, and as JSON.
type Value = (String, Json);

impl Sources {
    pub fn new(tables: &Tables) -> Self {
        let mut registry = Registry::default();
        <Query as async_graphql::OutputType>::create_type_info(&mut registry);
        let ids = shapes().iter().map(|shape| {
            let rows = tables.rows(shape.table).iter().filter_map(|row| row.get("id").and_then(Cell::uuid));
            let unheard = std::iter::once(uuid::Uuid::from_u128(7));
            (shape.name, shape.prefix, rows.chain(unheard).map(|id| entity::id::encode(shape.prefix, id)).collect())
        });
        Self { registry, ids: ids.collect(), cursors: HashMap::new() }
    }

    fn fields(&self, name: &str) -> Vec<&MetaField> {
        match self.registry.types.get(name) {
            Some(MetaType::Object { fields, .. } | MetaType::Interface { fields, .. }) => {
                fields.values().filter(|field| !field.name.starts_with("__")).collect()
            }
            _ => Vec::new(),
        }
    }

    fn is_composite(&self, ty: &str) -> bool {
        matches!(self.registry.types.get(base(ty)), Some(MetaType::Object { .. } | MetaType::Interface { .. }))
    }
}

/// The type inside lists and without exclamation marks.
fn base(ty: &str) -> &str {
    ty.trim_matches(['[', ']', '!'])
}

impl<'a> Author<'a> {
    pub fn new(seed: u64, from: &'a Sources) -> Self {
        let (declared, fragments) = (Vec::new(), Vec::new());
        Self { dice: Dice::new(seed), from, left: 24, named: 0, declared, fragments, values: Map::new() }
    }

    pub fn document(mut self) -> Written {
        let roots: Vec<String> = (0..=self.dice.below(3)).map(|_| self.field("Query", 4)).collect();
        let declared = if self.declared.is_empty() { String::new() } else { format!("({})", self.declared.join(", ")) };
        let name = *self.dice.pick(&["Q", "Ask", ""]);
        let text = format!("query {name}{declared} {{ {} }} {}", roots.join(" "), self.fragments.join(" "));
        Written { text: text.trim().to_owned(), variables: self.values }
    }

    fn name(&mut self, of: &str) -> String {
        self.named += 1;
        format!("{of}{}", self.named)
    }

    fn selection(&mut self, name: &str, depth: usize) -> String {
        let mut parts = Vec::new();
        for _ in 0..=self.dice.below(4) {
            if self.left > 0 {
                self.left -= 1;
                parts.push(self.part(name, depth));
            }
        }
        if parts.is_empty() || self.dice.once_in(6) {
            parts.push("__typename".to_owned());
        }
        format!("{{ {} }}", parts.join(" "))
    }

    fn part(&mut self, name: &str, depth: usize) -> String {
        if name == "Node" && !self.dice.once_in(4) {
            let (on, ..) = *self.dice.pick(&self.from.ids.iter().map(|(name, ..)| (*name,)).collect::<Vec<_>>());
            return format!("... on {on} {}", self.selection(on, depth));
        }
        match self.dice.below(12) {
            0 => format!("... on {name}{} {}", self.directive(), self.selection(name, depth)),
            1 => format!("...{} {}", self.directive(), self.selection(name, depth)),
            2 => {
                let fragment = self.name("F");
                let shown = self.selection(name, depth);
                self.fragments.push(format!("fragment {fragment} on {name} {shown}"));
                format!("...{fragment}{}", self.directive())
            }
            _ => self.field(name, depth),
        }
    }

    fn field(&mut self, name: &str, depth: usize) -> String {
        let fields = self.from.fields(name);
        let (wide, narrow): (Vec<_>, Vec<_>) = fields.into_iter().partition(|field| self.from.is_composite(&field.ty));
        let deeper = depth > 0 && !wide.is_empty() && (narrow.is_empty() || self.dice.once_in(2));
        let from = if deeper { wide } else { narrow };
        if from.is_empty() {
            return "__typename".to_owned();
        }
        let field = *self.dice.pick(&from);
        if field.args.is_empty() && !deeper && self.dice.once_in(2) {
            return format!("{}{}", field.name, self.directive());
        }
        let head = format!("{}: {}{}", self.name("k"), field.name, self.arguments(field));
        let directive = self.directive();
        if !deeper {
            return format!("{head}{directive}");
        }
        let one = format!("{head}{directive} {}", self.selection(base(&field.ty), depth - 1));
        if self.dice.once_in(8) {
            // The same key twice: what is selected below it is merged.
            return format!("{one} {head} {}", self.selection(base(&field.ty), depth - 1));
        }
        one
    }

    fn directive(&mut self) -> String {
        if !self.dice.once_in(9) {
            return String::new();
        }
        let which = *self.dice.pick(&["skip", "include"]);
        format!(" @{which}(if: {})", self.given("Boolean!", "if", ""))
    }

    fn arguments(&mut self, field: &MetaField) -> String {
        let mut out = Vec::new();
        // Both ends at once is an error: rarely.
        let end = *self.dice.pick(&["first", "first", "last", "none", "none"]);
        for argument in field.args.values() {
            let wanted = match argument.name.as_str() {
                "first" | "last" => argument.name == end || self.dice.once_in(60),
                "after" | "before" => self.dice.once_in(6),
                "orderBy" => self.dice.once_in(4),
                _ => self.dice.once_in(3),
            };
            if required(argument) || wanted {
                let value = self.given(&argument.ty, &argument.name, base(&field.ty));
                out.push(format!("{}: {value}", argument.name));
            }
        }
        if out.is_empty() { String::new() } else { format!("({})", out.join(", ")) }
    }

    /// A value where the document needs one: written out, or by a variable.
    fn given(&mut self, ty: &str, name: &str, of: &str) -> String {
        if !self.dice.once_in(3) {
            return self.value(ty, name, of).0;
        }
        let variable = self.name("v");
        let default = self.dice.once_in(4).then(|| self.value(ty, name, of).0);
        let (_, value) = self.value(ty, name, of);
        let absent = (default.is_some() || !ty.ends_with('!')) && self.dice.once_in(3);
        if !absent {
            self.values.insert(variable.clone(), value);
        }
        let default = default.map(|value| format!(" = {value}")).unwrap_or_default();
        self.declared.push(format!("${variable}: {ty}{default}"));
        format!("${variable}")
    }

    fn value(&mut self, ty: &str, name: &str, of: &str) -> Value {
        let Some(ty) = ty.strip_suffix('!') else {
            return if self.dice.once_in(20) { ("null".to_owned(), Json::Null) } else { self.some(ty, name, of) };
        };
        self.some(ty, name, of)
    }

    fn some(&mut self, ty: &str, name: &str, of: &str) -> Value {
        if let Some(inner) = ty.strip_prefix('[').and_then(|ty| ty.strip_suffix(']')) {
            if self.dice.once_in(8) {
                // One value stands for a list of one.
                return self.value(inner, name, of);
            }
            let all: Vec<Value> = (0..self.dice.below(4)).map(|_| self.value(inner, name, of)).collect();
            let (texts, values): (Vec<_>, Vec<_>) = all.into_iter().unzip();
            return (format!("[{}]", texts.join(", ")), Json::Array(values));
        }
        match self.from.registry.types.get(ty) {
            Some(MetaType::Enum { enum_values, .. }) => {
                let word = *self.dice.pick(&enum_values.keys().collect::<Vec<_>>());
                (word.clone(), json!(word))
            }
            Some(MetaType::InputObject { input_fields, .. }) => {
                let few = input_fields.len();
                let (mut texts, mut members) = (Vec::new(), Map::new());
                for field in input_fields.values() {
                    if required(field) || self.dice.below(few) < 1 {
                        let (text, value) = self.value(&field.ty, &field.name, of);
                        texts.push(format!("{}: {text}", field.name));
                        members.insert(field.name.clone(), value);
                    }
                }
                (format!("{{ {} }}", texts.join(", ")), Json::Object(members))
            }
            _ => {
                let value = self.scalar(ty, name, of);
                (value.to_string(), value)
            }
        }
    }

    fn scalar(&mut self, ty: &str, name: &str, of: &str) -> Json {
        match (ty, name) {
            ("Boolean", _) => json!(self.dice.once_in(2)),
            ("Int", "first" | "last") if self.dice.once_in(40) => json!(*self.dice.pick(&[-1, 101])),
            ("Int", _) => json!(*self.dice.pick(&[0, 1, 2, 3, 4, 6])),
            ("Date", _) => json!(*self.dice.pick(&["2026-03-01", "2026-02-02", "2026-03-09"])),
            ("DateTime", _) => json!(*self.dice.pick(&["2026-03-01T00:00:00Z", "2026-03-01T03:00:00.000001Z"])),
            ("ID", _) => json!(self.id(name, of)),
            ("String", "after" | "before") => {
                let none = Vec::new();
                let of = of.strip_suffix("Connection").unwrap_or(of);
                let known = self.from.cursors.get(of).unwrap_or(&none);
                if known.is_empty() || self.dice.once_in(20) { json!("nonsense") } else { json!(self.dice.pick(known)) }
            }
            ("JSON", _) => json!({ "a": 1 }),
            _ => json!(*self.dice.pick(&["plan", "ü", "", "%", "learning_plan.updated", "learning_plan", "zz"])),
        }
    }

    /// An id that fits the name of what it is for, mostly.
    fn id(&mut self, name: &str, of: &str) -> String {
        let stem = name.trim_end_matches('s').trim_end_matches("Id").to_lowercase();
        let fits = |shape: &str| shape == of || (name != "id" && shape.to_lowercase().ends_with(&stem));
        let all = &self.from.ids;
        let fitting: Vec<_> = all.iter().filter(|(shape, ..)| fits(shape)).collect();
        let user: Vec<_> = all.iter().filter(|(shape, ..)| *shape == "User").collect();
        let (_, _, ids) = match () {
            () if self.dice.once_in(40) => return "nonsense".to_owned(),
            () if of == "Node" || self.dice.once_in(25) => self.dice.pick(all),
            () if !fitting.is_empty() => self.dice.pick(&fitting),
            () => self.dice.pick(&user),
        };
        self.dice.pick(ids).clone()
    }
}

fn required(argument: &MetaInputValue) -> bool {
    argument.ty.ends_with('!') && argument.default_value.is_none()
}

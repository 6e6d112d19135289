//! What a parsed document asks for, with every fragment counted at each spread but walked only once.

use super::Refusal;
use async_graphql::{
    Name, Positioned,
    parser::types::{Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value;
use serde_json::Map;
use std::collections::HashMap;

/// Operations in one document.
pub(super) const OPERATIONS: usize = 10;
/// Variables in one operation.
pub(super) const VARIABLES: usize = 100;
/// Arguments on one field; the library compares those of equal fields pair by pair.
pub(super) const ARGUMENTS: usize = 50;
/// Fields at the top of one operation.
pub(super) const ROOT_FIELDS: usize = 50;
/// Selections of all operations together.
pub(super) const SELECTIONS: usize = 5_000;
/// Fields inside one another.
pub(super) const DEPTH: usize = 30;
/// Bytes of argument values in memory.
pub(super) const VALUES: usize = 8 * 1024 * 1024;

/// Selection sets inside one another, fragments included: it bounds the stack of every walk after this one.
const LEVELS: usize = 64;
/// Selections of operations and of each fragment for itself: the library's rules walk both.
const WALKED: usize = 20_000;
/// Members that introspection may write, by [`fan_out`]; the whole of a schema of 400 types with every option
/// is 245,000.
const INTROSPECTED: usize = 300_000;
/// Lists inside one another in introspection, as graphql-js has it: types refer to each other without end.
const INTROSPECTED_LISTS: usize = 2;
/// What any value occupies, beside its text.
const VALUE: usize = 64;

/// Adds up the document, with variables as large as the request has them, or their defaults.
pub(super) fn check(document: &ExecutableDocument, variables: &Map<String, serde_json::Value>) -> Result<(), Refusal> {
    let mut walk = Walk { document, known: HashMap::new(), sizes: sizes(document, variables) };
    let mut total = Cost { values: walk.sizes.values().sum(), ..Cost::default() };
    for (count, (_, operation)) in document.operations.iter().enumerate() {
        if count == OPERATIONS {
            return Err(Refusal::TooManyOperations);
        }
        total = total.beside(walk.operation(&operation.node)?)?;
    }
    let mut walked = total.selections;
    for name in document.fragments.keys() {
        walked += walk.fragment(name, 0)?.selections;
        if walked > WALKED {
            return Err(Refusal::TooManySelections);
        }
    }
    Ok(())
}

/// What one selection, or all of a selection set, comes to.
#[derive(Clone, Copy, Default)]
struct Cost {
    selections: usize,
    /// Fields of this level, not those inside them.
    fields: usize,
    depth: usize,
    levels: usize,
    values: usize,
    /// What these selections would write as part of introspection, whether or not they are.
    members: usize,
    lists: usize,
    /// What introspection itself writes.
    introspected: usize,
}

impl Cost {
    /// Both, one after the other. Each sum is checked at once, so none can overflow.
    fn beside(self, other: Self) -> Result<Self, Refusal> {
        let both = Self {
            selections: self.selections + other.selections,
            fields: self.fields + other.fields,
            depth: self.depth.max(other.depth),
            levels: self.levels.max(other.levels),
            values: self.values.saturating_add(other.values),
            members: self.members.saturating_add(other.members),
            lists: self.lists.max(other.lists),
            introspected: self.introspected.saturating_add(other.introspected),
        };
        match both {
            _ if both.selections > SELECTIONS => Err(Refusal::TooManySelections),
            _ if both.depth > DEPTH || both.levels > LEVELS => Err(Refusal::TooDeep),
            _ if both.values > VALUES => Err(Refusal::ValuesTooLarge),
            _ if both.introspected > INTROSPECTED => Err(Refusal::IntrospectionTooLarge),
            _ => Ok(both),
        }
    }
}

struct Walk<'a> {
    document: &'a ExecutableDocument,
    /// `None` while the fragment is being walked: meeting it then is a cycle.
    known: HashMap<&'a str, Option<Cost>>,
    sizes: HashMap<&'a str, usize>,
}

impl<'a> Walk<'a> {
    fn operation(&mut self, operation: &'a OperationDefinition) -> Result<Cost, Refusal> {
        if operation.variable_definitions.len() > VARIABLES {
            return Err(Refusal::TooManyVariables);
        }
        let cost = self.set(&operation.selection_set.node, 0)?;
        if cost.fields > ROOT_FIELDS {
            return Err(Refusal::TooManyRootFields);
        }
        Ok(cost)
    }

    fn set(&mut self, set: &'a SelectionSet, level: usize) -> Result<Cost, Refusal> {
        if level > LEVELS {
            return Err(Refusal::TooDeep);
        }
        let mut sum = Cost::default();
        for item in &set.items {
            let cost = self.selection(&item.node, level)?;
            sum = sum.beside(Cost { selections: cost.selections + 1, ..cost })?;
        }
        Ok(sum)
    }

    fn selection(&mut self, selection: &'a Selection, level: usize) -> Result<Cost, Refusal> {
        let directives = self.directives(selection.directives())?;
        let cost = match selection {
            Selection::Field(field) => self.field(&field.node, level)?,
            Selection::InlineFragment(inline) => one_level_up(self.set(&inline.node.selection_set.node, level + 1)?),
            Selection::FragmentSpread(spread) => {
                one_level_up(self.fragment(&spread.node.fragment_name.node, level + 1)?)
            }
        };
        Ok(Cost { values: cost.values.saturating_add(directives), ..cost })
    }

    fn field(&mut self, field: &'a Field, level: usize) -> Result<Cost, Refusal> {
        let inner = self.set(&field.selection_set.node, level + 1)?;
        let name = field.name.node.as_str();
        // Clients ask for many levels of wrapping, and about half of all types are wrapped once more.
        let inside = if name == "ofType" { inner.members / 2 } else { inner.members };
        let members = fan_out(name).saturating_mul(inside).saturating_add(1);
        let introspects = matches!(name, "__schema" | "__type");
        if introspects && inner.lists > INTROSPECTED_LISTS {
            return Err(Refusal::IntrospectionTooLarge);
        }
        Ok(Cost {
            fields: 1,
            depth: inner.depth + 1,
            values: inner.values.saturating_add(self.arguments(&field.arguments)?),
            members,
            lists: inner.lists + usize::from(is_recursive_list(name)),
            introspected: if introspects { members } else { inner.introspected },
            ..one_level_up(inner)
        })
    }

    fn fragment(&mut self, name: &'a Name, level: usize) -> Result<Cost, Refusal> {
        match self.known.get(name.as_str()) {
            Some(Some(cost)) => return Ok(*cost),
            Some(None) => return Err(Refusal::FragmentCycle),
            None => {}
        }
        let fragment = self.document.fragments.get(name).ok_or(Refusal::UnknownFragment)?;
        self.known.insert(name, None);
        let cost = self.set(&fragment.node.selection_set.node, level)?;
        self.known.insert(name, Some(cost));
        Ok(cost)
    }

    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<usize, Refusal> {
        directives
            .iter()
            .try_fold(0, |sum: usize, directive| Ok(sum.saturating_add(self.arguments(&directive.node.arguments)?)))
    }

    fn arguments(&self, arguments: &[(Positioned<Name>, Positioned<Value>)]) -> Result<usize, Refusal> {
        if arguments.len() > ARGUMENTS {
            return Err(Refusal::TooManyArguments);
        }
        Ok(arguments.iter().fold(0, |sum: usize, (_, value)| sum.saturating_add(size(&value.node, &self.sizes))))
    }
}

fn one_level_up(cost: Cost) -> Cost {
    Cost { levels: cost.levels + 1, ..cost }
}

/// How many objects a field of introspection stands for, on the average of a large schema.
fn fan_out(name: &str) -> usize {
    match name {
        "types" => 400,
        // It may name the largest type of all.
        "__type" => 25,
        "fields" => 12,
        "directives" => 8,
        "possibleTypes" => 4,
        "args" | "inputFields" => 3,
        "enumValues" | "interfaces" => 2,
        _ => 1,
    }
}

fn is_recursive_list(name: &str) -> bool {
    matches!(name, "fields" | "inputFields" | "interfaces" | "possibleTypes")
}

/// How large each variable may be where it is used: as sent, or as its default.
fn sizes<'a>(
    document: &'a ExecutableDocument,
    variables: &'a Map<String, serde_json::Value>,
) -> HashMap<&'a str, usize> {
    let mut sizes: HashMap<&str, usize> =
        variables.iter().map(|(name, value)| (name.as_str(), json_size(value))).collect();
    let definitions = document.operations.iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
    for definition in definitions {
        if let Some(default) = &definition.node.default_value {
            let default = size(&default.node.clone().into_value(), &HashMap::new());
            let known = sizes.entry(definition.node.name.node.as_str()).or_default();
            *known = default.max(*known);
        }
    }
    sizes
}

fn size(value: &Value, sizes: &HashMap<&str, usize>) -> usize {
    let inside = match value {
        Value::Variable(name) => sizes.get(name.as_str()).copied().unwrap_or_default(),
        Value::String(text) => text.len(),
        Value::List(items) => items.iter().fold(0, |sum: usize, item| sum.saturating_add(size(item, sizes))),
        Value::Object(members) => members.iter().fold(0, |sum: usize, (name, member)| {
            sum.saturating_add(VALUE + name.len()).saturating_add(size(member, sizes))
        }),
        _ => 0,
    };
    inside.saturating_add(VALUE)
}

fn json_size(value: &serde_json::Value) -> usize {
    let inside = match value {
        serde_json::Value::String(text) => text.len(),
        serde_json::Value::Array(items) => items.iter().map(json_size).sum(),
        serde_json::Value::Object(members) => {
            members.iter().map(|(name, member)| VALUE + name.len() + json_size(member)).sum()
        }
        _ => 0,
    };
    inside + VALUE
}

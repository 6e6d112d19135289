//! Fields of a selection, merged by their key before anything runs, and arguments as JSON.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::types::{
        Directive, Field, FragmentDefinition, OperationDefinition, OperationType, Selection, SelectionSet,
    },
};
use async_graphql_value::Value;
use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

/// An operation, as a request sends it: validated, with its fragments and variables.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// The operation.
    pub operation: &'a OperationDefinition,
    /// The fragments of its document.
    pub fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// The values of its variables.
    pub variables: &'a Map<String, Json>,
}

/// One field, under one key, with everything that is selected below it.
pub struct Collected<'a> {
    /// The first of the fields under the key.
    pub field: &'a Field,
    /// Where it stands.
    pub position: (usize, usize),
    /// What all of them select.
    pub below: Vec<&'a SelectionSet>,
}

impl<'a> Document<'a> {
    /// The roots of the operation, by their keys.
    #[must_use]
    pub fn roots(&self) -> IndexMap<&'a str, Collected<'a>> {
        let root = if self.operation.ty == OperationType::Mutation { "Mutation" } else { "Query" };
        self.fields(&[&self.operation.selection_set.node], root, &[])
    }

    /// The fields that apply to a type, by their keys, in the order of the document: two fields of one key are one.
    #[must_use]
    pub fn fields(
        &self,
        sets: &[&'a SelectionSet],
        type_name: &str,
        interfaces: &[&str],
    ) -> IndexMap<&'a str, Collected<'a>> {
        let mut out = IndexMap::new();
        for set in sets {
            self.collect(set, type_name, interfaces, &mut out);
        }
        out
    }

    fn collect(
        &self,
        set: &'a SelectionSet,
        type_name: &str,
        interfaces: &[&str],
        out: &mut IndexMap<&'a str, Collected<'a>>,
    ) {
        let applies = |on: &str| on == type_name || interfaces.contains(&on);
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) if self.included(&field.node.directives) => {
                    let position = (field.pos.line, field.pos.column);
                    let new = || Collected { field: &field.node, position, below: Vec::new() };
                    out.entry(field.node.response_key().node.as_str())
                        .or_insert_with(new)
                        .below
                        .push(&field.node.selection_set.node);
                }
                Selection::InlineFragment(fragment)
                    if self.included(&fragment.node.directives)
                        && fragment.node.type_condition.as_ref().is_none_or(|on| applies(on.node.on.node.as_str())) =>
                {
                    self.collect(&fragment.node.selection_set.node, type_name, interfaces, out);
                }
                Selection::FragmentSpread(spread) if self.included(&spread.node.directives) => {
                    let Some(fragment) = self.fragments.get(&spread.node.fragment_name.node) else { continue };
                    if applies(fragment.node.type_condition.node.on.node.as_str()) {
                        self.collect(&fragment.node.selection_set.node, type_name, interfaces, out);
                    }
                }
                _ => {}
            }
        }
    }

    fn included(&self, directives: &[Positioned<Directive>]) -> bool {
        directives.iter().all(|directive| {
            let condition = || {
                directive
                    .node
                    .get_argument("if")
                    .and_then(|value| self.value(&value.node))
                    .and_then(|value| value.as_bool())
            };
            match directive.node.name.node.as_str() {
                "skip" => condition() != Some(true),
                "include" => condition() != Some(false),
                _ => true,
            }
        })
    }

    /// The arguments of a field; those whose variable has neither value nor default are absent.
    #[must_use]
    pub fn arguments(&self, field: &Field) -> Map<String, Json> {
        let given = field.arguments.iter();
        given.filter_map(|(name, value)| Some((name.node.to_string(), self.value(&value.node)?))).collect()
    }

    /// A value as JSON; nothing, for a variable without value and default.
    fn value(&self, value: &Value) -> Option<Json> {
        Some(match value {
            Value::Variable(name) => return self.variable(name),
            Value::Null => Json::Null,
            Value::Number(number) => Json::Number(number.clone()),
            Value::String(text) => Json::String(text.clone()),
            Value::Boolean(yes) => Json::Bool(*yes),
            Value::Binary(_) => return None,
            Value::Enum(word) => Json::String(word.to_string()),
            Value::List(values) => values.iter().map(|value| self.value(value).unwrap_or(Json::Null)).collect(),
            Value::Object(members) => {
                let members = members.iter().filter_map(|(name, value)| Some((name.to_string(), self.value(value)?)));
                Json::Object(members.collect())
            }
        })
    }

    fn variable(&self, name: &str) -> Option<Json> {
        self.variables.get(name).cloned().or_else(|| {
            let definition =
                self.operation.variable_definitions.iter().find(|definition| definition.node.name.node == name)?;
            definition.node.default_value.as_ref().and_then(|value| value.node.clone().into_json().ok())
        })
    }
}

//! Documents that were admitted and validated before: their parsed form, and whether values fit their variables.
//!
//! What is kept depends on the text alone, never on who sent it or with which values; those are looked at each time.

use std::sync::{Arc, LazyLock};

use async_graphql::{
    OutputType as _,
    parser::types::{BaseType, ExecutableDocument, OperationDefinition, Type},
    registry::{MetaType, MetaTypeName, Registry},
};
use async_graphql_value::ConstValue;
use quick_cache::{Weighter, sync::Cache};
use serde_json::{Map, Value as Json};

use super::schema::Query;

/// All documents together, in bytes of memory.
const TOTAL_BYTES: u64 = 24 * 1024 * 1024;
/// What a byte of text occupies once it is parsed, about: a field of ten letters is a node of two hundred bytes.
const PARSED: u64 = 24;
/// How many documents of usual length fit.
const USUAL_ENTRIES: usize = 1024;

static DOCUMENTS: LazyLock<Cache<Arc<str>, Arc<ExecutableDocument>, ByText>> =
    LazyLock::new(|| Cache::with_weighter(USUAL_ENTRIES, TOTAL_BYTES, ByText));

/// The input types of the schema, for values of variables.
static TYPES: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry::default();
    Query::create_type_info(&mut registry);
    registry
});

#[derive(Clone)]
struct ByText;

impl Weighter<Arc<str>, Arc<ExecutableDocument>> for ByText {
    fn weight(&self, text: &Arc<str>, _: &Arc<ExecutableDocument>) -> u64 {
        text.len() as u64 * PARSED
    }
}

/// The document of a text that was valid before.
#[must_use]
pub fn find(text: &str) -> Option<Arc<ExecutableDocument>> {
    DOCUMENTS.get(text)
}

/// Keeps a document that was executed without a fault: whoever sends nonsense fills nothing.
pub fn remember(text: &Arc<str>, document: Arc<ExecutableDocument>) {
    DOCUMENTS.insert(Arc::clone(text), document);
}

/// Whether the values are certainly such as the operation declares. Where it is in doubt (one value for a list of one,
/// a number as an id), the answer is no, and the library decides.
#[must_use]
pub fn values_fit(operation: &OperationDefinition, variables: &Map<String, Json>) -> bool {
    operation.variable_definitions.iter().all(|definition| {
        let definition = &definition.node;
        match variables.get(definition.name.node.as_str()) {
            Some(value) => fits(&definition.var_type.node, value),
            None => definition.var_type.node.nullable || definition.default_value.is_some(),
        }
    })
}

fn fits(ty: &Type, value: &Json) -> bool {
    if value.is_null() {
        return ty.nullable;
    }
    match &ty.base {
        BaseType::Named(name) => named_fits(name, value),
        BaseType::List(of) => value.as_array().is_some_and(|values| values.iter().all(|value| fits(of, value))),
    }
}

/// The same of a type as the registry spells it: `[ID!]!`.
fn spelled_fits(ty: &str, value: &Json) -> bool {
    match MetaTypeName::create(ty) {
        MetaTypeName::NonNull(of) => !value.is_null() && spelled_fits(of, value),
        _ if value.is_null() => true,
        MetaTypeName::List(of) => {
            value.as_array().is_some_and(|values| values.iter().all(|value| spelled_fits(of, value)))
        }
        MetaTypeName::Named(name) => named_fits(name, value),
    }
}

fn named_fits(name: &str, value: &Json) -> bool {
    match (TYPES.types.get(name), value) {
        (Some(MetaType::Scalar { name, .. }), _) if name == "ID" => value.is_string(),
        (Some(MetaType::Scalar { is_valid: Some(is_valid), .. }), _) => {
            ConstValue::from_json(value.clone()).is_ok_and(|value| is_valid(&value))
        }
        (Some(MetaType::Scalar { .. }), _) => true,
        (Some(MetaType::Enum { enum_values, .. }), Json::String(word)) => enum_values.contains_key(word),
        (Some(MetaType::InputObject { input_fields, oneof: false, .. }), Json::Object(members)) => {
            let known = members.keys().all(|name| input_fields.contains_key(name));
            known
                && input_fields.values().all(|field| match members.get(&field.name) {
                    Some(value) => spelled_fits(&field.ty, value),
                    None => !field.ty.ends_with('!') || field.default_value.is_some(),
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_certainly_fits_does() {
        let text = "query($id: ID!, $n: Int, $f: LearningPlanFilter, $o: [LearningPlanOrder!]) { learningPlan(id: $id) { id } }";
        let document = parse_query(text).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let fit = |values: Json| values_fit(&operation.node, values.as_object().unwrap());
        let id = "pln_01h455vb4pex5vsknk084sn02q";
        for (values, expected) in [
            (json!({ "id": id }), true),
            (json!({ "id": id, "n": 5, "f": null, "o": [] }), true),
            (json!({ "id": id, "f": { "status": ["ACTIVE"] } }), true),
            (json!({ "id": id, "o": [{ "field": "CREATED_AT", "direction": "DESC" }] }), true),
            (json!({}), false),
            (json!({ "id": null }), false),
            (json!({ "id": 5 }), false),
            (json!({ "id": id, "n": 1.5 }), false),
            (json!({ "id": id, "n": "5" }), false),
            (json!({ "id": id, "f": { "status": ["NONSENSE"] } }), false),
            (json!({ "id": id, "f": { "unheard": 1 } }), false),
            (json!({ "id": id, "o": { "field": "CREATED_AT" } }), false),
            (json!({ "id": id, "o": [{ "direction": "DESC" }] }), false),
        ] {
            assert_eq!(fit(values.clone()), expected, "{values}");
        }
    }
}

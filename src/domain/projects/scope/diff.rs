//! What changed between two revisions of a scope, as a pure function of their documents (§9).

use std::collections::BTreeMap;

use entity::{
    kind::{Kind, line, word},
    object, vocabulary,
};
use serde::Serialize;
use serde_json::{Map, Value};

vocabulary! {
    /// How something differs between two revisions.
    ChangeKind {
        /// It is in the second only.
        Added = "ADDED",
        /// It is in the first only.
        Removed = "REMOVED",
        /// It is in both, and differs.
        Changed = "CHANGED",
    }
}

object! {
    /// Something that differs between two revisions of a scope.
    #[derive(Serialize, PartialEq, Eq)]
    ScopeChange {
        /// What, as a JSON pointer into the document; things in lists go by their ids: `/solutions/csl_…/title`.
        required path: String = line(1, 500),
        /// How.
        required kind: ChangeKind = word::<ChangeKind>(),
        /// What it was.
        optional before: Value = Kind::Json,
        /// What it is.
        optional after: Value = Kind::Json,
    }
}

/// What tells of the revision itself, and not of what is in it.
const HEAD: [&str; 2] = ["revision", "currentStep"];

/// What changed from one document to another, in the order of the paths.
#[must_use]
pub fn between(first: &Value, second: &Value) -> Vec<ScopeChange> {
    let mut changes = Vec::new();
    let without_head = |document: &Value| {
        let members = document.as_object().into_iter().flatten();
        members
            .filter(|(name, _)| !HEAD.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect::<Map<_, _>>()
    };
    members("", &Value::Object(without_head(first)), &Value::Object(without_head(second)), &mut changes);
    changes
}

fn compare(path: &str, first: &Value, second: &Value, changes: &mut Vec<ScopeChange>) {
    if first == second {
        return;
    }
    match (first, second) {
        (Value::Object(_), Value::Object(_)) => members(path, first, second, changes),
        (Value::Array(first), Value::Array(second)) if have_ids(first) && have_ids(second) => {
            members(path, &by_id(first), &by_id(second), changes);
        }
        _ => {
            let kind = match (first, second) {
                (Value::Null, _) => ChangeKind::Added,
                (_, Value::Null) => ChangeKind::Removed,
                _ => ChangeKind::Changed,
            };
            let given = |value: &Value| Some(value.clone()).filter(|value| !value.is_null());
            changes.push(ScopeChange { path: path.to_owned(), kind, before: given(first), after: given(second) });
        }
    }
}

/// Member by member; one that is missing is null.
fn members(path: &str, first: &Value, second: &Value, changes: &mut Vec<ScopeChange>) {
    let mut pairs: BTreeMap<&str, [&Value; 2]> = BTreeMap::new();
    for (place, side) in [first, second].into_iter().enumerate() {
        for (name, value) in side.as_object().into_iter().flatten() {
            pairs.entry(name).or_insert([&Value::Null; 2])[place] = value;
        }
    }
    for (name, [first, second]) in pairs {
        compare(&format!("{path}/{}", name.replace('~', "~0").replace('/', "~1")), first, second, changes);
    }
}

fn have_ids(list: &[Value]) -> bool {
    list.iter().all(|one| one["id"].is_string())
}

fn by_id(list: &[Value]) -> Value {
    let named = list.iter().filter_map(|one| Some((one["id"].as_str()?.to_owned(), one.clone())));
    Value::Object(named.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(first: &Value, second: &Value) -> Vec<String> {
        let given = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), Value::to_string);
        between(first, second)
            .iter()
            .map(|one| format!("{} {} {} {}", one.kind, one.path, given(&one.before), given(&one.after)))
            .collect()
    }

    #[test]
    fn things_go_by_their_ids() {
        let first = json!({
            "revision": 1, "currentStep": null, "problem": { "statement": "a", "domain": null },
            "solutions": [{ "id": "s1", "title": "A" }, { "id": "s2", "title": "B" }], "singleIdeaReason": "x",
        });
        let second = json!({
            "revision": 2, "currentStep": "BUDGET", "problem": { "statement": "b", "domain": "Energy" },
            "solutions": [{ "id": "s3", "title": "C" }, { "id": "s1", "title": "A*" }], "singleIdeaReason": null,
        });
        assert_eq!(
            told(&first, &second),
            [
                r#"ADDED /problem/domain - "Energy""#,
                r#"CHANGED /problem/statement "a" "b""#,
                r#"REMOVED /singleIdeaReason "x" -"#,
                r#"CHANGED /solutions/s1/title "A" "A*""#,
                r#"REMOVED /solutions/s2 {"id":"s2","title":"B"} -"#,
                r#"ADDED /solutions/s3 - {"id":"s3","title":"C"}"#,
            ]
        );
        assert_eq!(told(&first, &first), [""; 0]);
    }

    #[test]
    fn a_list_without_ids_is_one_value() {
        let (first, second) = (json!({ "a": ["x", "y"], "b": [] }), json!({ "a": ["y"], "b": [{ "id": "1" }] }));
        assert_eq!(told(&first, &second), [r#"CHANGED /a ["x","y"] ["y"]"#, r#"ADDED /b/1 - {"id":"1"}"#]);
        // What a later version of the document has, an earlier one does not.
        assert_eq!(told(&json!({}), &json!({ "c": 1 })), ["ADDED /c - 1"]);
    }
}

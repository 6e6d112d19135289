//! Documents that say the same but for ids, which are made anew, and for when the project was made.

use std::collections::BTreeMap;

use serde_json::Value;

/// What is made anew; people, contacts and competencies stay who they are.
const MADE: [&str; 9] = ["exc", "csl", "fea", "val", "poc", "ms", "mtr", "bud", "bln"];

/// A document with each id by its place among those of its kind, and without when the project was made.
pub fn alike(document: &Value) -> Value {
    let mut document = document.clone();
    document["project"].as_object_mut().unwrap().remove("createdAt");
    let mut known = BTreeMap::new();
    rename(&mut document, &mut known);
    document
}

fn rename(value: &mut Value, known: &mut BTreeMap<String, String>) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(|value| rename(value, known)),
        Value::Object(members) => members.values_mut().for_each(|value| rename(value, known)),
        Value::String(text) => {
            let prefix = entity::id::decode(text).map(|(prefix, _)| prefix.to_owned()).unwrap_or_default();
            if MADE.contains(&prefix.as_str()) {
                let number = known.len();
                *text = known.entry(text.clone()).or_insert_with(|| format!("{prefix}#{number}")).clone();
            }
        }
        _ => {}
    }
}

/// A document without the names of other systems: where the project is, they stand for it.
pub fn without_names(document: &Value) -> Value {
    let mut document = document.clone();
    unname(&mut document);
    document
}

fn unname(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(unname),
        Value::Object(members) => {
            // What a scope was before keeps what it said.
            for (name, value) in members.iter_mut().filter(|(name, _)| *name != "revisions") {
                if name == "externalRefs" { *value = Value::Array(Vec::new()) } else { unname(value) }
            }
        }
        _ => {}
    }
}

//! What a statement says, whoever passes it on: in one spelling, so that the same is known again.

use serde_json::Value;
use uuid::Builder;

use crate::read::filter;

/// What a statement says, in one spelling: without what its reader adds, without the names of verbs and activities,
/// which may change while it stays the same, and without what says nothing, such as the kind that a thing has anyway.
pub(super) fn said(item: &Value) -> String {
    let mut said = item.clone();
    for name in ["id", "stored", "authority", "version"] {
        forget(&mut said, name);
    }
    at(&mut said, "actor", agent);
    at(&mut said, "verb", |verb| forget(verb, "display"));
    at(&mut said, "object", activity);
    at(&mut said, "context", context);
    if let Some(at) = item["timestamp"].as_str().and_then(filter::time) {
        said["timestamp"] = at.timestamp_micros().into();
    }
    said.to_string()
}

fn forget(value: &mut Value, name: &str) {
    if let Some(members) = value.as_object_mut() {
        members.remove(name);
    }
}

/// Does something to a member, if it is there.
fn at(value: &mut Value, name: &str, what: impl Fn(&mut Value)) {
    if let Some(member) = value.get_mut(name) {
        what(member);
    }
}

/// Does something to each of several, which come in no order; one alone is a list of one.
fn each(value: &mut Value, what: impl Fn(&mut Value)) {
    if value.is_object() {
        *value = Value::Array(vec![value.take()]);
    }
    if let Some(values) = value.as_array_mut() {
        values.iter_mut().for_each(what);
        values.sort_by_cached_key(ToString::to_string);
        values.dedup();
    }
}

/// The kind that a value has without saying so.
fn plain(value: &mut Value, kind: &str) {
    if value["objectType"] == kind {
        forget(value, "objectType");
    }
}

fn agent(value: &mut Value) {
    plain(value, "Agent");
    at(value, "member", |members| each(members, |member| plain(member, "Agent")));
}

fn activity(value: &mut Value) {
    plain(value, "Activity");
    forget(value, "definition");
}

fn context(value: &mut Value) {
    at(value, "instructor", agent);
    at(value, "team", agent);
    at(value, "contextActivities", |kinds| {
        for (_, activities) in kinds.as_object_mut().into_iter().flatten() {
            each(activities, activity);
        }
    });
    for (name, whom) in [("contextAgents", "agent"), ("contextGroups", "group")] {
        at(value, name, |involved| each(involved, |one| at(one, whom, agent)));
    }
}

/// The id of a statement that came without: the same for the same statement, so that it may be sent again.
pub(super) fn derived(said: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, said.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// A statement as it is kept: as it came, with its id, and without what only its reader may say.
pub(super) fn kept(mut item: Value, id: &str) -> String {
    if let Some(members) = item.as_object_mut() {
        members.insert("id".to_owned(), id.into());
        members.remove("stored");
        members.remove("authority");
    }
    item.to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_reader_adds_makes_no_other_statement() {
        let plain = json!({
            "verb": { "id": "v" }, "object": { "id": "o" }, "timestamp": "2026-01-31T12:00:00Z", "result": { "success": true },
        });
        let dressed = json!({
            "id": "x", "stored": "y", "authority": {}, "version": "1.0.3", "timestamp": "2026-01-31T13:00:00.000+01:00",
            "verb": { "id": "v", "display": { "en": "V" } }, "object": { "id": "o", "definition": {} }, "result": { "success": true },
        });
        assert_eq!(said(&plain), said(&dressed));
        assert_ne!(said(&plain), said(&json!({ "verb": { "id": "v" }, "object": { "id": "o" } })));
        assert_eq!(derived("a"), derived("a"));
        assert!(super::super::form::is_uuid(&derived("a")) && derived("a") != derived("b"));
        assert!(!kept(dressed, "i").contains("stored"));
    }

    #[test]
    fn what_says_nothing_makes_no_other_statement() {
        let mbox = json!({ "mbox": "mailto:a@b.example" });
        let plain = json!({
            "actor": mbox, "object": { "id": "o" },
            "context": {
                "instructor": mbox, "team": { "objectType": "Group", "member": [mbox, { "openid": "urn:x" }] },
                "contextActivities": { "grouping": [{ "id": "a" }, { "id": "b" }], "parent": [{ "id": "p" }] },
                "contextAgents": [{ "objectType": "contextAgent", "agent": mbox }],
            },
        });
        let typed = json!({ "objectType": "Agent", "mbox": "mailto:a@b.example" });
        let dressed = json!({
            "actor": typed, "object": { "objectType": "Activity", "id": "o" },
            "context": {
                "instructor": typed, "team": { "objectType": "Group", "member": [{ "openid": "urn:x" }, typed] },
                "contextActivities": {
                    "grouping": [{ "id": "b", "definition": { "name": { "en": "B" } } }, { "id": "a" }, { "id": "b" }],
                    "parent": { "id": "p", "objectType": "Activity", "definition": {} },
                },
                "contextAgents": [{ "objectType": "contextAgent", "agent": typed }],
            },
        });
        assert_eq!(said(&plain), said(&dressed));
        for (place, other) in [
            ("/actor", json!({ "objectType": "Group", "mbox": "mailto:a@b.example" })),
            ("/context/instructor", json!({ "openid": "urn:x" })),
            ("/context/contextActivities/parent", json!([{ "id": "q" }])),
            ("/context/contextActivities/grouping", json!([{ "id": "a" }])),
            ("/context/team/member", json!([mbox])),
        ] {
            let mut changed = plain.clone();
            *changed.pointer_mut(place).unwrap() = other;
            assert_ne!(said(&plain), said(&changed), "{place}");
        }
    }
}

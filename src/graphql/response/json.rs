//! Appends JSON to bytes.

use async_graphql::Value;

/// How async-graphql marks an object that is JSON already written (feature `raw_value`).
pub(super) const RAW: &str = "$serde_json::private::RawValue";

/// Appends a value of async-graphql as JSON; what is JSON already is copied as it is.
pub fn value_bytes(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Boolean(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
        Value::Number(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::String(value) => text(out, value),
        Value::Enum(name) => text(out, name),
        Value::Binary(bytes) => list(out, bytes, |byte, out| {
            out.extend_from_slice(byte.to_string().as_bytes());
        }),
        Value::List(items) => list(out, items, value_bytes),
        Value::Object(members) => {
            if let (1, Some(Value::String(raw))) = (members.len(), members.get(RAW)) {
                return out.extend_from_slice(raw.as_bytes());
            }
            out.push(b'{');
            for (name, value) in members {
                member(out, name);
                value_bytes(value, out);
            }
            out.push(b'}');
        }
    }
}

/// Appends a member's name, after a comma unless it is the first.
pub(super) fn member(out: &mut Vec<u8>, name: &str) {
    comma(out);
    text(out, name);
    out.push(b':');
}

/// Appends an array.
pub(super) fn list<T>(out: &mut Vec<u8>, items: impl IntoIterator<Item = T>, write: impl Fn(T, &mut Vec<u8>)) {
    out.push(b'[');
    for item in items {
        comma(out);
        write(item, out);
    }
    out.push(b']');
}

fn comma(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'{' | b'[')) {
        out.push(b',');
    }
}

/// Appends a string.
pub(super) fn text(out: &mut Vec<u8>, text: &str) {
    let written = serde_json::to_writer(&mut *out, text);
    debug_assert!(written.is_ok(), "memory takes every byte");
}

//! The schemas of values without members: exactly what the core's check lets pass, so that clients can check before.

use entity::{
    decimal::Decimal,
    kind::{Form, Kind},
    money,
};
use serde_json::{Value, json};
use utoipa::openapi::{KnownFormat, ObjectBuilder, SchemaFormat, Type};

/// Which way a value goes: some are shown in one form and taken in several.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Taken.
    Input,
    /// Shown.
    Output,
}

/// A cursor.
pub const CURSOR: Kind = Kind::Text { min: 1, max: 4096, form: Form::Slug };
/// A code of an error or a warning.
pub const CODE: Kind = Kind::Text { min: 1, max: 100, form: Form::Slug };
/// A sentence for people.
pub const SENTENCE: Kind = Kind::Text { min: 1, max: 2000, form: Form::Line };
/// What is shown once.
pub const REVEALED: Kind = Kind::Text { min: 1, max: 2000, form: Form::Secret };

/// Numbers that JavaScript holds exactly.
const SAFE: i64 = 9_007_199_254_740_991;
/// Control characters, as a class of a regular expression has them.
const CONTROL: &str = r"\u0000-\u001f\u007f-\u009f";
/// The same without line breaks and tabulators.
const CONTROL_IN_LINES: &str = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f";
/// Control characters and blanks.
const BLANK: &str = r"\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

/// The type, and the limits, of a kind that is neither a word nor an object nor a list.
#[must_use]
pub fn scalar(kind: Kind, side: Side) -> (Option<Type>, ObjectBuilder) {
    let schema = ObjectBuilder::new().examples(example(kind));
    match kind {
        Kind::Id(prefix) => {
            (Some(Type::String), string(schema, 27 + prefix.len(), 27 + prefix.len(), id_pattern(prefix)))
        }
        Kind::Text { min, max, form } => (Some(Type::String), text(schema, min, max, form)),
        Kind::Int { min, max } => {
            let format = if min >= i64::from(i32::MIN) && max <= i64::from(i32::MAX) {
                KnownFormat::Int32
            } else {
                KnownFormat::Int64
            };
            let schema = schema.format(Some(SchemaFormat::KnownFormat(format)));
            (Some(Type::Integer), schema.minimum(Some(number(min))).maximum(Some(number(max))))
        }
        Kind::Decimal => (Some(Type::String), string(schema, 1, Decimal::LENGTH, Decimal::PATTERN.to_owned())),
        Kind::Bool => (Some(Type::Boolean), schema),
        Kind::Time => {
            let schema = schema.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)));
            let shown = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$";
            let schema = if side == Side::Output {
                schema.max_length(Some(27)).pattern(Some(shown))
            } else {
                schema.max_length(Some(40))
            };
            (Some(Type::String), schema)
        }
        Kind::Date => {
            (Some(Type::String), schema.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).max_length(Some(10)))
        }
        Kind::Word(_) | Kind::Object(_) | Kind::List { .. } | Kind::Json | Kind::Document(_) => (None, schema),
    }
}

fn string(schema: ObjectBuilder, min: usize, max: usize, pattern: String) -> ObjectBuilder {
    schema.min_length(Some(min)).max_length(Some(max)).pattern(Some(pattern))
}

fn text(schema: ObjectBuilder, min: usize, max: usize, form: Form) -> ObjectBuilder {
    let schema = if form == Form::Secret {
        schema.format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
    } else {
        schema
    };
    // What may be left empty need not look like anything then.
    let looks = if min == 0 { format!("^$|{}", pattern(form)) } else { pattern(form) };
    string(schema, min, max, looks)
}

/// What texts of a form look like, as an ECMA-262 regular expression.
#[must_use]
pub fn pattern(form: Form) -> String {
    match form {
        Form::Line => not_blank(CONTROL),
        Form::Prose => not_blank(CONTROL_IN_LINES),
        Form::File => not_blank(r"\u0000"),
        Form::Secret => format!("^[^{CONTROL}]*$"),
        Form::Slug => "^[A-Za-z0-9._~-]+$".to_owned(),
        Form::Decimal => money::PATTERN.to_owned(),
        Form::Email => r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$".to_owned(),
        Form::Url => {
            r"^https?://[!$%&'()*+,.0-9:;=A-Z\[\]_a-z~-]+([/?#][!#$%&'()*+,./0-9:;=?@A-Z\[\]_a-z~-]*)?$".to_owned()
        }
        Form::TimeZone => "^[A-Za-z0-9/_+-]+$".to_owned(),
    }
}

fn not_blank(control: &str) -> String {
    format!("^[^{control}]*[^{BLANK}][^{control}]*$")
}

/// What a typed id looks like.
#[must_use]
pub fn id_pattern(prefix: &str) -> String {
    format!("^{}$", bare_id_pattern(prefix))
}

/// The same, to stand inside another pattern.
#[must_use]
pub fn bare_id_pattern(prefix: &str) -> String {
    format!("{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}")
}

/// What another system's name for an object looks like in a path.
#[must_use]
pub fn external_pattern() -> String {
    format!("ext:[A-Za-z0-9._~-]{{1,100}}:[^{BLANK}][^{CONTROL}]{{0,254}}")
}

fn number(value: i64) -> i64 {
    value.clamp(-SAFE, SAFE)
}

/// A value of a kind, where one helps.
#[must_use]
pub fn example(kind: Kind) -> Option<Value> {
    Some(match kind {
        Kind::Id(prefix) => json!(format!("{prefix}_01h455vb4pex5vsknk084sn02q")),
        Kind::Text { form: Form::Decimal, .. } => json!("1250.00"),
        Kind::Text { form: Form::Email, .. } => json!("ada@example.com"),
        Kind::Text { form: Form::Url, .. } => json!("https://example.com/course"),
        Kind::Text { form: Form::TimeZone, .. } => json!("Europe/Vienna"),
        Kind::Decimal => json!("0.93"),
        Kind::Time => json!("2026-03-01T09:30:00.000000Z"),
        Kind::Date => json!("2027-03-01"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_exact_and_ids_have_their_prefix() {
        assert_eq!(number(i64::MAX), SAFE);
        assert_eq!(id_pattern("pln"), "^pln_[0-7][0-9a-hjkmnp-tv-z]{25}$");
        let (_, schema) = scalar(Kind::Int { min: 1, max: i64::MAX }, Side::Output);
        let schema = serde_json::to_value(schema.build()).unwrap();
        assert_eq!(schema["maximum"], json!(SAFE));
    }
}

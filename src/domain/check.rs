//! Inputs are checked once, here, by their declaration: all that is wrong is told at once.

use std::fmt::Write as _;

use entity::{
    decimal::Decimal,
    id::decode_as,
    kind::{Field, Form, Kind, Object, Presence},
    money,
};
use serde_json::{Map, Value};

use super::{
    clock,
    error::{Code, Error, FieldError, Result},
};
use crate::read::filter;

/// Checks a value against a declared object.
///
/// # Errors
/// `BAD_INPUT` when members have the wrong form (unknown, missing, of another type), else `VALIDATION_FAILED` when
/// values break the limits: each with every member that is wrong.
pub fn object(declared: &'static Object, value: &Value) -> Result<()> {
    let mut findings = Findings::default();
    findings.object(declared, value, "");
    if !findings.form.is_empty() {
        return Err(Error::fields(Code::BadInput, findings.form));
    }
    if !findings.values.is_empty() {
        return Err(Error::fields(Code::ValidationFailed, findings.values));
    }
    Ok(())
}

/// A checked value with each moment in its one form, the one that the databases keep: whatever reads it gets no other.
#[must_use]
pub fn settled(declared: &'static Object, mut value: Value) -> Value {
    members(declared, &mut value);
    value
}

fn members(declared: &'static Object, value: &mut Value) {
    let Some(members) = value.as_object_mut() else { return };
    for field in &declared.fields {
        if let Some(value) = members.get_mut(&field.name) {
            settle(field.kind, value);
        }
    }
}

fn settle(kind: Kind, value: &mut Value) {
    match (kind, value) {
        (Kind::Object(declared) | Kind::Document(declared), value) => members(declared(), value),
        (Kind::List { of, .. }, Value::Array(values)) => values.iter_mut().for_each(|value| settle(*of, value)),
        (Kind::Time, Value::String(text)) => {
            if let Some(at) = filter::time(text) {
                *text = clock::rfc3339(at);
            }
        }
        _ => {}
    }
}

/// What is wrong with one value.
#[must_use]
pub fn value(kind: Kind, value: &Value) -> Vec<FieldError> {
    let mut findings = Findings::default();
    findings.kind(kind, value, "");
    findings.form.into_iter().chain(findings.values).collect()
}

#[derive(Default)]
struct Findings {
    form: Vec<FieldError>,
    values: Vec<FieldError>,
}

/// How many findings of a kind are told: a small body can be wrong in many thousands of places.
const TOLD: usize = 100;

impl Findings {
    fn form(&mut self, pointer: &str, message: impl Into<String>) {
        if self.form.len() < TOLD {
            self.form.push(FieldError::new(pointer, Code::BadInput.as_str(), message));
        }
    }

    fn value(&mut self, pointer: &str, message: impl Into<String>) {
        if self.values.len() < TOLD {
            self.values.push(FieldError::new(pointer, Code::ValidationFailed.as_str(), message));
        }
    }

    fn object(&mut self, declared: &'static Object, value: &Value, at: &str) {
        let Some(members) = value.as_object() else {
            return self.form(at, "An object is expected.");
        };
        for name in members.keys() {
            if !declared.fields.iter().any(|field| field.name == *name) {
                self.form(&pointer(at, name), format!("{} has no member of this name.", declared.name));
            }
        }
        for field in &declared.fields {
            self.member(field, members, at);
        }
        if declared.oneof && members.len() != 1 {
            let names: Vec<&str> = declared.fields.iter().map(|field| field.name.as_str()).collect();
            self.form(at, format!("Exactly one of {} is expected.", names.join(", ")));
        }
    }

    fn member(&mut self, field: &Field, members: &Map<String, Value>, at: &str) {
        let here = pointer(at, &field.name);
        match (members.get(&field.name), field.presence) {
            (None, Presence::Required) => self.form(&here, format!("{} is missing.", field.name)),
            (Some(Value::Null), Presence::Required | Presence::Change) => {
                self.form(&here, format!("{} cannot be null.", field.name));
            }
            (None | Some(Value::Null), _) => {}
            (Some(value), _) => self.kind(field.kind, value, &here),
        }
    }

    fn kind(&mut self, kind: Kind, value: &Value, at: &str) {
        match kind {
            Kind::Object(declared) | Kind::Document(declared) => self.object(declared(), value, at),
            Kind::List { of, min, max } => self.list(*of, min, max, value, at),
            Kind::Bool if !value.is_boolean() => self.form(at, "true or false is expected."),
            Kind::Int { min, max } => match value.as_i64() {
                None => self.form(at, "A whole number is expected."),
                Some(n) if n < min || n > max => self.value(at, format!("must be {min} to {max}.")),
                Some(_) => {}
            },
            Kind::Bool | Kind::Json => {}
            Kind::Id(_) | Kind::Text { .. } | Kind::Decimal | Kind::Time | Kind::Date | Kind::Word(_) => {
                match value.as_str() {
                    Some(text) => self.text(kind, text, at),
                    None if matches!(kind, Kind::Decimal) => {
                        self.form(at, "A decimal number as a string is expected, such as \"0.93\".");
                    }
                    None => self.form(at, "A string is expected."),
                }
            }
        }
    }

    fn list(&mut self, of: Kind, min: usize, max: usize, value: &Value, at: &str) {
        let Some(values) = value.as_array() else {
            return self.form(at, "A list is expected.");
        };
        if values.len() < min || values.len() > max {
            return self.value(at, format!("must hold {min} to {max} values."));
        }
        for (place, value) in values.iter().enumerate() {
            self.kind(of, value, &format!("{at}/{place}"));
        }
    }

    fn text(&mut self, kind: Kind, text: &str, at: &str) {
        match kind {
            Kind::Id(prefix) => {
                if let Err(why) = decode_as(prefix, text) {
                    self.form(at, format!("{why}."));
                }
            }
            Kind::Word(words) if !words.words.iter().any(|word| word.name == text) => {
                let known: Vec<_> = words.words.iter().map(|word| word.name).collect();
                self.form(at, format!("must be one of {}.", known.join(", ")));
            }
            Kind::Time if filter::time(text).is_none() => self.form(at, "must be a time such as 2026-01-31T12:00:00Z."),
            Kind::Date if filter::date(text).is_none() => self.form(at, "must be a day such as 2026-01-31."),
            Kind::Decimal => {
                if let Err(why) = text.parse::<Decimal>() {
                    self.value(at, format!("{why}."));
                }
            }
            Kind::Text { min, max, form } => {
                if let Some(why) = wrong_text(text, min, max, form) {
                    self.value(at, why);
                }
            }
            _ => {}
        }
    }
}

/// Appends a member's name to a JSON pointer.
fn pointer(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// What is wrong with a text, if anything.
#[must_use]
pub fn wrong_text(text: &str, min: usize, max: usize, form: Form) -> Option<String> {
    let length = text.chars().count();
    if length < min || length > max {
        let mut why = String::new();
        let _ = if min == max {
            write!(why, "must have {min} characters.")
        } else {
            write!(why, "must have {min} to {max} characters.")
        };
        return Some(why);
    }
    if text.is_empty() {
        return None;
    }
    let control = |allowed: &[char]| text.chars().any(|c| c.is_control() && !allowed.contains(&c));
    let why = match form {
        Form::Secret => control(&[]).then_some("must not hold control characters."),
        Form::Prose => (text.trim().is_empty() || control(&['\n', '\r', '\t']))
            .then_some("must be text that is not blank, without control characters."),
        Form::File => (text.contains('\0') || text.chars().all(|c| c.is_control() || c.is_whitespace()))
            .then_some("must be text that is not blank, without null characters."),
        Form::Line => (text.trim().is_empty() || control(&[])).then_some("must be one line of text that is not blank."),
        Form::Slug => text
            .chars()
            .any(|c| !(c.is_ascii_alphanumeric() || "-._~".contains(c)))
            .then_some("may hold letters, digits and -._~ only."),
        Form::Decimal => (!money::is_decimal(text)).then_some("must be a decimal number in digits, such as 1250.00."),
        Form::Email => (!is_email(text)).then_some("must be an e-mail address."),
        Form::Url => (!is_url(text)).then_some("must be an absolute http or https address."),
        Form::TimeZone => {
            text.parse::<chrono_tz::Tz>().is_err().then_some("must be an IANA time zone such as Europe/Vienna.")
        }
    };
    why.map(str::to_owned)
}

/// Whether a text has the form of an address that a mail server would take; only mail proves more.
fn is_email(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._+".contains(c);
    text.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty()
            && local.len() <= 64
            && local.chars().all(plain)
            && host.contains('.')
            && host
                .split('.')
                .all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
    })
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty()
            && !host.contains('@')
            && text.chars().all(|c| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c))
    })
}

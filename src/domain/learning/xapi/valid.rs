//! What a statement may look like is declared in tables of members; here they are held against one.

use serde_json::Value;

use super::Version;
use crate::domain::error::{Code, Error, FieldError, Result};

/// Holds a value against a rule: what is wrong is added to the findings, with where it stands.
pub(super) type Check = fn(&mut Findings, &Value, &str);

/// A member of an object: its name, whether it must be there, and what it has to be.
pub(super) type Member = (&'static str, bool, Check);

/// How many findings are told: a small body can be wrong in many thousands of places.
const TOLD: usize = 100;

/// What is wrong with statements.
#[derive(Debug)]
pub(super) struct Findings {
    /// By which version of the standard.
    pub version: Version,
    found: Vec<FieldError>,
}

impl Findings {
    /// Nothing is wrong yet.
    pub(super) const fn of(version: Version) -> Self {
        Self { version, found: Vec::new() }
    }

    /// Adds a finding: the first of a place is told, as what follows from it is not news.
    pub(super) fn add(&mut self, at: &str, message: impl Into<String>) {
        if self.found.len() < TOLD && self.found.iter().all(|known| known.pointer != at) {
            self.found.push(FieldError::new(at, Code::BadInput.as_str(), message));
        }
    }

    /// Refuses what is wrong, with all that was found.
    pub(super) fn settle(self) -> Result<()> {
        if self.found.is_empty() { Ok(()) } else { Err(Error::fields(Code::BadInput, self.found)) }
    }

    /// Checks an object: no other members than these, and none of them null.
    pub(super) fn object(&mut self, value: &Value, at: &str, members: &[Member]) {
        let Some(given) = value.as_object() else {
            return self.add(at, "An object is expected.");
        };
        for (name, value) in given {
            let here = pointer(at, name);
            match members.iter().find(|(known, ..)| known == name) {
                None => self.add(&here, "xAPI has no such property here."),
                Some(_) if value.is_null() => self.add(&here, "null is not allowed: leave the property out."),
                Some((.., check)) => check(self, value, &here),
            }
        }
        for (name, needed, _) in members {
            if *needed && !given.contains_key(*name) {
                self.add(&pointer(at, name), format!("{name} is missing."));
            }
        }
    }

    /// Checks each member of a list.
    pub(super) fn list(&mut self, value: &Value, at: &str, each: Check) {
        let Some(values) = value.as_array() else {
            return self.add(at, "A list is expected.");
        };
        for (place, value) in values.iter().enumerate() {
            each(self, value, &format!("{at}/{place}"));
        }
    }

    /// Checks a text.
    pub(super) fn text(&mut self, value: &Value, at: &str, fits: impl Fn(&str) -> bool, expected: &str) {
        if !value.as_str().is_some_and(fits) {
            self.add(at, format!("{expected} is expected."));
        }
    }
}

/// A place below another.
pub(super) fn pointer(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

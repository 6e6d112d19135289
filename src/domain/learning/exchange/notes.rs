//! What is found in a document: errors, which refuse it, and advice, each with its place.

use entity::learning::import_job::ImportNote;
use serde_json::Value;

use crate::domain::{
    error::{Code, Error},
    verb::Warning,
};

/// How many errors are told, and how much advice: a document can be wrong in many thousands of places.
pub const TOLD: usize = 200;
/// How long a pointer that is told may be: it holds names that the client made up.
const POINTER_MAX: usize = 500;

/// Where in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The line of a table.
    pub line: Option<i64>,
    /// A JSON pointer; of a table, the column.
    pub pointer: String,
}

impl Place {
    /// A place in a JSON document.
    #[must_use]
    pub fn pointer(pointer: impl Into<String>) -> Self {
        Self { line: None, pointer: pointer.into() }
    }

    /// A line of a table.
    #[must_use]
    pub const fn line(line: i64) -> Self {
        Self { line: Some(line), pointer: String::new() }
    }

    /// A member of what stands here.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        Self { line: self.line, pointer: format!("{}/{name}", self.pointer) }
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The first errors.
    pub errors: Vec<ImportNote>,
    /// How many there are.
    pub error_count: i64,
    /// Advice.
    pub warnings: Vec<ImportNote>,
}

impl Notes {
    /// Something refuses the document.
    pub fn error(&mut self, at: Place, code: Code, message: &str) {
        self.found(at, code.as_str(), message);
    }

    /// The same, with what a program needs to know of it.
    pub fn error_with(&mut self, at: Place, code: Code, message: &str, details: Value) {
        self.error_count += 1;
        keep(&mut self.errors, at, code.as_str(), message, Some(details));
    }

    /// The same by the code's word.
    pub fn found(&mut self, at: Place, code: &str, message: &str) {
        self.error_count += 1;
        keep(&mut self.errors, at, code, message, None);
    }

    /// A rule refuses what stands here: what it says of its input's members is said of this place.
    pub fn refused(&mut self, at: &Place, error: &Error) {
        if error.field_errors().is_empty() {
            return self.error(at.clone(), error.code(), error.detail());
        }
        for field in error.field_errors() {
            let place = Place { line: at.line, pointer: format!("{}{}", at.pointer, field.pointer) };
            self.found(place, field.code, &field.message);
        }
    }

    /// Something deserves a look.
    pub fn warn(&mut self, at: Place, code: &str, message: &str) {
        keep(&mut self.warnings, at, code, message, None);
    }

    /// Advice of a rule, as it would be told by hand.
    pub fn advice(&mut self, at: Place, advice: Warning) {
        keep(&mut self.warnings, at, &advice.code, &advice.message, advice.details);
    }

    /// Whether nothing refuses the document.
    #[must_use]
    pub const fn fine(&self) -> bool {
        self.error_count == 0
    }
}

fn keep(notes: &mut Vec<ImportNote>, at: Place, code: &str, message: &str, details: Option<Value>) {
    if notes.len() < TOLD {
        let pointer = at.pointer.chars().filter(|c| !c.is_control()).take(POINTER_MAX).collect();
        let (code, message) = (code.to_owned(), message.to_owned());
        notes.push(ImportNote { line: at.line, pointer, code, message, details });
    }
}

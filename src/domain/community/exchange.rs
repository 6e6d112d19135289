//! Address books in and out: contacts as vCards (RFC 6350, RFC 2426) and as tables (§31).
//!
//! Whatever form a contact comes in becomes one draft, a [`NewContact`] and the name of a company. Drafts are held against the contacts that
//! are there: one that is there already is filled in where it says nothing, and never overwritten. A preview ends before
//! anything is written, and tells the same rows.

pub mod columns;
pub mod export;
pub mod known;
pub mod take;
pub mod vcard;

use entity::{
    kind::{Declared as _, Form, Kind, line, text},
    object,
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::contact::NewContact;
use crate::domain::{
    check,
    external::ExternalRef,
    learning::exchange::notes::{Notes, Place},
};

/// How many contacts one document holds at most.
pub const CONTACTS_MAX: usize = 5000;
const COMPANY: Kind = line(1, 200);

/// A contact that a document tells of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Where it begins.
    pub line: i64,
    /// The object that it names, if it is one of ours.
    pub id: Option<String>,
    /// The name that the document has for it: the system, when it says which, and the name.
    pub known_as: Option<(Option<String>, String)>,
    /// The company by its name.
    pub company: Option<String>,
    /// The rest, by the members of a new contact.
    pub members: Map<String, Value>,
}

impl Draft {
    /// Notes what breaks a rule of contacts.
    pub fn check(&self, notes: &mut Notes) {
        let at = Place::line(self.line);
        if let Err(error) = check::object(NewContact::object(), &Value::Object(self.members.clone())) {
            notes.refused(&at, &error);
        }
        let named = [("company", COMPANY, self.company.as_ref())];
        let known_as = self.known_as.as_ref();
        let names = [
            ("externalId", crate::domain::external::EXTERNAL_ID, known_as.map(|(_, name)| name)),
            ("externalSource", crate::domain::external::SOURCE, known_as.and_then(|(source, _)| source.as_ref())),
        ];
        for (member, kind, value) in named.into_iter().chain(names) {
            let (Some(value), Kind::Text { min, max, form }) = (value, kind) else { continue };
            if let Some(why) = check::wrong_text(value, min, max, form) {
                notes.found(at.member(member), "VALIDATION_FAILED", &why);
            }
        }
    }

    /// The name that the document has for it. One of a file of somebody's own says no system: it is theirs alone, so that two people may
    /// take in the same file.
    #[must_use]
    pub fn reference(&self, own_source: &str) -> Option<ExternalRef> {
        let (source, external_id) = self.known_as.clone()?;
        Some(ExternalRef { source: source.unwrap_or_else(|| own_source.to_owned()), external_id })
    }
}

/// A column of a table, and what it holds.
pub const COLUMN: Kind = Kind::Object(MappedColumn::object);

object! {
    /// A column of a table, and what it holds.
    #[derive(Serialize)]
    MappedColumn {
        /// What it is called in the head of the table.
        required column: String = line(1, 200),
        /// The member that it holds.
        required field: String = text(Form::Slug, 1, 100),
    }
}

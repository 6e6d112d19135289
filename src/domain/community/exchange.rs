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

use std::collections::BTreeMap;

use entity::kind::{Declared as _, Kind};
use serde_json::{Map, Value, json};

use super::{company, contact::NewContact};
use crate::domain::{
    check,
    error::Error,
    external::{EXTERNAL_ID, ExternalRef, SOURCE},
    learning::exchange::notes::{Notes, Place},
};

/// How many contacts one document holds at most, on its way in and on its way out.
pub const CONTACTS_MAX: usize = 10_000;
const COMPANY: Kind = company::NAME;
const NAME: &str = "name";

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
    /// Where members stand that do not stand where it begins.
    pub lines: BTreeMap<&'static str, i64>,
}

impl Draft {
    /// Notes what breaks a rule of contacts. Whoever has no name is refused; anything else that is odd is left out by itself: address books
    /// hold much that nobody ever looked at.
    pub fn check(&mut self, notes: &mut Notes) {
        let at = Place::line(self.line);
        let members = std::mem::take(&mut self.members);
        let name = members.get(NAME).map(|name| Map::from_iter([(NAME.to_owned(), name.clone())])).unwrap_or_default();
        if let Err(error) = check::object(NewContact::object(), &Value::Object(name)) {
            notes.refused(&at, &error);
        }
        for (member, value) in members {
            let alone = Map::from_iter([(NAME.to_owned(), json!("-")), (member.clone(), value.clone())]);
            match check::object(NewContact::object(), &Value::Object(alone)) {
                Err(error) if member != NAME => {
                    let line = self.lines.get(member.as_str()).copied().unwrap_or(self.line);
                    left_out(notes, &Place::line(line).member(&member), &error);
                }
                _ => _ = self.members.insert(member, value),
            }
        }
        if self.company.as_ref().is_some_and(|name| is_wrong(notes, &at.member("company"), name, COMPANY)) {
            self.company = None;
        }
        if let Some((source, name)) = &self.known_as
            && (is_wrong(notes, &at.member("externalId"), name, EXTERNAL_ID)
                || source.as_ref().is_some_and(|of| is_wrong(notes, &at.member("externalSource"), of, SOURCE)))
        {
            self.known_as = None;
        }
    }

    /// The name that the document has for it. One of a file of somebody's own says no system.
    #[must_use]
    pub fn reference(&self, own_source: &str) -> Option<ExternalRef> {
        let (source, external_id) = self.known_as.clone()?;
        Some(ExternalRef { source: source.unwrap_or_else(|| own_source.to_owned()), external_id })
    }
}

/// A value is left out, and why.
fn left_out(notes: &mut Notes, at: &Place, error: &Error) {
    let why = error.field_errors().first().map_or_else(|| error.detail(), |field| field.message.as_ref());
    notes.warn(at.clone(), "VALUE_LEFT_OUT", &format!("It is left out: it {why}"));
}

/// Whether a text breaks its rule: then it is left out.
fn is_wrong(notes: &mut Notes, at: &Place, value: &str, kind: Kind) -> bool {
    let Kind::Text { min, max, form } = kind else { return false };
    let wrong = check::wrong_text(value, min, max, form);
    if let Some(why) = &wrong {
        notes.warn(at.clone(), "VALUE_LEFT_OUT", &format!("It is left out: it {why}"));
    }
    wrong.is_some()
}

//! What comes in from elsewhere and goes out again: frameworks as CASE packages and as tables, plans as documents (§2, §7).
//!
//! Whatever form a framework comes in, it is read into one [`Draft`], which is checked row by row and then taken in as a
//! whole. Whatever form it goes out in, it is written so that reading it gives the same draft.

pub mod case;
pub mod export;
pub mod framework;
pub mod notes;
pub mod plan;
pub mod plan_document;
pub mod rows;
pub mod sheet;
pub mod table;
pub mod tree;

use entity::{
    kind::Kind,
    learning::{
        competency::{Alignment, CompetencyRule},
        competency_framework::Scale,
    },
};
use serde_json::json;

use super::{competency, competency_framework};
use crate::domain::check;
use notes::{Notes, Place};

/// A framework as a document says it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// What it says of the framework itself; a table says nothing of it.
    pub head: Option<Head>,
    /// Its competencies, in the document's order.
    pub items: Vec<Item>,
    /// How the form calls what an item has.
    pub names: &'static Names,
}

/// What a document says of a framework itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// CASE's identifier of the document.
    pub case_id: String,
    /// The full name.
    pub title: String,
    /// Which edition of it this is.
    pub edition: String,
    /// What it covers.
    pub description: Option<String>,
    /// The levels that it measures with, when the document says.
    pub scale: Option<Scale>,
}

/// A competency as a document says it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Where it stands in the document.
    pub at: Place,
    /// Where the document says what it stands below.
    pub parent_at: Place,
    /// CASE's identifier of it.
    pub case_id: Option<String>,
    /// A code, unique inside the framework.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// What somebody can do who has it.
    pub description: Option<String>,
    /// The place in the list of the one above it.
    pub parent: Option<usize>,
    /// Its place among its siblings.
    pub sort_order: i64,
    /// How it follows from the ones below it, when the document says.
    pub rule: Option<CompetencyRule>,
    /// The same ability elsewhere.
    pub alignments: Vec<Alignment>,
}

/// How a form calls what an item has.
#[derive(Debug, PartialEq, Eq)]
pub struct Names {
    /// The code.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// The description.
    pub description: &'static str,
    /// The place among its siblings.
    pub sort_order: &'static str,
    /// The same ability elsewhere.
    pub alignments: &'static str,
}

impl Draft {
    /// Checks the values of some items against what a competency may be.
    pub fn check(&self, from: usize, to: usize, notes: &mut Notes) {
        for item in self.items.iter().take(to).skip(from) {
            let mut check = |kind: Kind, value: serde_json::Value, name: &str| {
                for wrong in check::value(kind, &value) {
                    notes.found(item.at.member(name), wrong.code, &wrong.message);
                }
            };
            check(competency::CODE, json!(item.code), self.names.code);
            check(competency::NAME, json!(item.name), self.names.name);
            if let Some(description) = &item.description {
                check(competency::DESCRIPTION, json!(description), self.names.description);
            }
            check(competency::PLACE, json!(item.sort_order), self.names.sort_order);
            check(competency::ALIGNMENTS, json!(item.alignments), self.names.alignments);
        }
    }

    /// Checks what the document says of the framework itself.
    pub fn check_head(&self, notes: &mut Notes) {
        let Some(head) = &self.head else { return };
        let at = Place::pointer("/CFDocument");
        let mut check = |kind: Kind, value: &str, name: &str| {
            for wrong in check::value(kind, &json!(value)) {
                notes.found(at.member(name), wrong.code, &wrong.message);
            }
        };
        check(competency_framework::TITLE, &head.title, "title");
        check(competency_framework::EDITION, &head.edition, "version");
        if let Some(description) = &head.description {
            check(competency_framework::DESCRIPTION, description, "description");
        }
    }
}

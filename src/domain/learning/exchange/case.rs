//! 1EdTech CASE 1.0: a framework as a `CFPackage` of a document, its items and their associations.
//!
//! What Cairn has a place for is read; the rest is kept as it came with the framework, and is written again. What is
//! written of something that nobody changed is, member for member, what was read.

mod associations;
pub mod read;
pub mod scale;
pub mod write;

use entity::learning::competency::Alignment;
use serde_json::{Map, Value};

use super::{
    Names,
    notes::{Notes, Place},
};
use crate::domain::{check::wrong_text, error::Code, learning::competency};
use entity::kind::{Form, Kind};

/// The system whose names CASE's identifiers are.
pub const SOURCE: &str = "case";
/// The members of a package that are read.
pub const DOCUMENT: &str = "CFDocument";
/// Its items.
pub const ITEMS: &str = "CFItems";
/// How they belong together.
pub const ASSOCIATIONS: &str = "CFAssociations";
/// Its rubrics, which may hold a scale.
pub const RUBRICS: &str = "CFRubrics";
/// How many items a package has at most.
pub const ITEMS_MAX: usize = 20_000;
/// How many associations.
pub const ASSOCIATIONS_MAX: usize = 100_000;

/// How CASE calls what an item has.
pub const NAMES: Names = Names {
    code: "humanCodingScheme",
    name: "abbreviatedStatement",
    description: "fullStatement",
    sort_order: "sequenceNumber",
    alignments: "CFAssociations",
};

/// The association of a child with what stands above it.
pub const IS_CHILD_OF: &str = "isChildOf";
/// The associations that say where the same ability, or one like it, is defined elsewhere; the first is ours to write.
pub const ALIGNING: [&str; 3] = ["exactMatchOf", "isPeerOf", "isRelatedTo"];

/// A member that is text, if it is there and not blank.
fn text<'v>(members: &'v Map<String, Value>, name: &str, at: &Place, notes: &mut Notes) -> Option<&'v str> {
    match members.get(name) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.as_str()).filter(|text| !text.trim().is_empty()),
        Some(_) => {
            notes.error(at.member(name), Code::BadInput, "A string is expected.");
            None
        }
    }
}

/// A member that is text and must be there.
fn needed<'v>(members: &'v Map<String, Value>, name: &str, at: &Place, notes: &mut Notes) -> Option<&'v str> {
    let before = notes.error_count;
    let found = text(members, name, at, notes);
    if found.is_none() && notes.error_count == before {
        notes.error(at.member(name), Code::BadInput, &format!("{name} is missing."));
    }
    found
}

/// A member that is a list of objects, each with its place.
fn objects<'v>(
    package: &'v Map<String, Value>,
    name: &str,
    most: usize,
    notes: &mut Notes,
) -> Vec<(Place, &'v Map<String, Value>)> {
    let at = Place::default().member(name);
    let list = match package.get(name) {
        None | Some(Value::Null) => return Vec::new(),
        Some(Value::Array(list)) => list,
        Some(_) => {
            notes.error(at, Code::BadInput, "A list is expected.");
            return Vec::new();
        }
    };
    if list.len() > most {
        notes.error(at, Code::TooLarge, &format!("{name} holds at most {most}."));
        return Vec::new();
    }
    let mut out = Vec::with_capacity(list.len());
    for (place, value) in list.iter().enumerate() {
        let at = at.member(&place.to_string());
        match value.as_object() {
            Some(members) => out.push((at, members)),
            None => notes.error(at, Code::BadInput, "An object is expected."),
        }
    }
    out
}

/// Whether a text fits a kind.
fn fits(kind: Kind, value: &str) -> bool {
    matches!(kind, Kind::Text { min, max, form } if wrong_text(value, min, max, form).is_none())
}

/// A statement as a name: one line, cut between words when it is too long.
fn shortened(statement: &str) -> String {
    const MOST: usize = 200;
    let line = statement
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    let cut: String = line.chars().take(MOST - 1).collect();
    let words = cut.rfind(' ').filter(|end| *end > MOST / 2).map_or(cut.as_str(), |end| &cut[..end]);
    format!("{words}…")
}

/// What an item is called and what describes it, by its statements.
fn said(full: &str, abbreviated: Option<&str>) -> (String, Option<String>) {
    if let Some(short) = abbreviated.filter(|short| fits(competency::NAME, short)) {
        return (short.to_owned(), Some(full.to_owned()));
    }
    let name = shortened(full);
    let more = (name != full).then(|| full.to_owned());
    (name, more)
}

/// The members that say the same.
fn statements(name: &str, description: Option<&str>) -> (String, Option<String>) {
    match description {
        Some(description) => (description.to_owned(), Some(name.to_owned())),
        None => (name.to_owned(), None),
    }
}

/// The code of each item: its human coding scheme in letters that a code may have, else its identifier.
fn codes(items: &[(Option<&str>, &str)]) -> Vec<String> {
    let slugs: Vec<String> = items
        .iter()
        .map(|(scheme, identifier)| scheme.and_then(slug).unwrap_or_else(|| slug(identifier).unwrap_or_default()))
        .collect();
    let mut often = std::collections::HashMap::<&str, usize>::new();
    for slug in &slugs {
        *often.entry(slug).or_default() += 1;
    }
    let one = |(slug, (scheme, identifier)): (&String, &(Option<&str>, &str))| {
        // Schemes that differ only in letters that a code has not are told apart; ones that are equal are not.
        if often[slug.as_str()] > 1 && scheme.is_some_and(|scheme| scheme != slug) {
            let end: String = identifier.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
            return format!("{}-{end}", slug.chars().take(90).collect::<String>());
        }
        slug.clone()
    };
    slugs.iter().zip(items).map(one).collect()
}

fn slug(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let slug: String = text.trim().chars().map(|c| if allowed(c) { c } else { '-' }).take(100).collect();
    slug.chars().any(|c| c.is_ascii_alphanumeric()).then_some(slug)
}

/// The framework that an alignment names: the grouping of the association, else the host of the address.
fn alignment(grouping: Option<&str>, uri: &str) -> Option<Alignment> {
    const FRAMEWORK: Kind = entity::kind::line(1, 100);
    const URI: Kind = entity::kind::text(Form::Url, 1, 2000);
    let host = || uri.split("://").nth(1).unwrap_or_default().split(['/', '?', '#', ':']).next().unwrap_or_default();
    let framework = grouping.filter(|title| fits(FRAMEWORK, title)).unwrap_or_else(host);
    let framework: String = framework.chars().take(100).collect();
    fits(URI, uri).then(|| Alignment { framework, uri: uri.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_become_names_and_back() {
        for (full, short, name, description) in [
            ("Adds.", None, "Adds.", None),
            ("Adds.", Some("Adds."), "Adds.", Some("Adds.")),
            ("Adds whole numbers.", Some("Adding"), "Adding", Some("Adds whole numbers.")),
            ("Adds\n  numbers.", None, "Adds numbers.", Some("Adds\n  numbers.")),
            ("Adds.", Some("two\nlines"), "Adds.", None),
        ] {
            let said = said(full, short);
            assert_eq!((said.0.as_str(), said.1.as_deref()), (name, description), "{full}");
            let (full, short) = statements(&said.0, said.1.as_deref());
            assert_eq!(super::said(&full, short.as_deref()), said, "{full}");
        }
        let long = "word ".repeat(100);
        let name = shortened(&long);
        assert!(name.chars().count() <= 200 && name.ends_with("word…"), "{name}");
        assert_eq!(shortened(&"x".repeat(300)).chars().count(), 200);
    }

    #[test]
    fn codes_are_what_people_write_where_they_can_be() {
        let items = [
            (Some("3.OA.A.1"), "a"),
            (Some("3 OA"), "bbbb-1111-2222"),
            (Some("3/OA"), "cccc-1111-2222"),
            (None, "0f-9"),
            (Some("***"), "0f-8"),
            (Some("X Y"), "d"),
        ];
        assert_eq!(codes(&items), ["3.OA.A.1", "3-OA-bbbb1111", "3-OA-cccc1111", "0f-9", "0f-8", "X-Y"]);
        assert_eq!(codes(&[(Some("A"), "1"), (Some("A"), "2")]), ["A", "A"], "which is refused");
    }

    #[test]
    fn an_alignment_names_its_framework() {
        let named = |grouping, uri| alignment(grouping, uri).map(|one| one.framework);
        assert_eq!(named(Some("ESCO"), "https://data.europa.eu/esco/1").as_deref(), Some("ESCO"));
        assert_eq!(named(None, "https://data.europa.eu:8080/esco/1").as_deref(), Some("data.europa.eu"));
        assert_eq!(named(None, "urn:uuid:1"), None);
    }
}

//! Reading a package.

use std::collections::HashMap;

use entity::learning::competency::CompetencyRule;
use entity::vocabulary::Vocabulary as _;
use serde_json::{Map, Value};

use super::{
    ASSOCIATIONS, ASSOCIATIONS_MAX, DOCUMENT, ITEMS, ITEMS_MAX, NAMES,
    associations::{self, All, Links},
    codes, fits, needed, objects, said, scale, shortened, text,
};
use crate::domain::{
    error::Code,
    external::EXTERNAL_ID,
    learning::{
        competency_framework::EDITION,
        exchange::{
            Draft, Head, Item,
            notes::{Notes, Place},
        },
    },
};

/// Reads a package; what is wrong with its form is noted, and it is not to be taken in then.
#[must_use]
pub fn read(package: &Value, notes: &mut Notes) -> Option<Draft> {
    whole(package, notes).map(|(draft, _)| draft)
}

/// The same, with what each association says.
pub(super) fn whole(package: &Value, notes: &mut Notes) -> Option<(Draft, All)> {
    let Some(members) = package.as_object() else {
        notes.error(Place::default(), Code::BadInput, "A CFPackage is a JSON object.");
        return None;
    };
    let head = head(members, notes)?;
    if members.get(ITEMS).is_none_or(Value::is_null) {
        notes.error(Place::default().member(ITEMS), Code::BadInput, "The list of items is missing.");
    }
    let items = objects(members, ITEMS, ITEMS_MAX, notes);
    let items = with_identifiers(items, notes);
    let places: HashMap<&str, usize> = items.iter().enumerate().map(|(place, item)| (item.identifier, place)).collect();
    // Of items that cannot be read nobody asks what they belong to.
    let listed = if notes.fine() { objects(members, ASSOCIATIONS, ASSOCIATIONS_MAX, notes) } else { Vec::new() };
    let links = associations::read(&listed, &head.case_id, &places, notes);
    let schemes: Vec<_> =
        items.iter().map(|item| (text(item.members, "humanCodingScheme", &item.at, notes), item.identifier)).collect();
    let codes = codes(&schemes);
    let items =
        items.iter().zip(codes).enumerate().map(|(place, (item, code))| read_item(item, code, links.of(place), notes));
    let items = items.collect();
    Some((Draft { head: Some(head), items, names: &NAMES }, links))
}

fn head(package: &Map<String, Value>, notes: &mut Notes) -> Option<Head> {
    let at = Place::default().member(DOCUMENT);
    let Some(document) = package.get(DOCUMENT).and_then(Value::as_object) else {
        notes.error(at, Code::BadInput, "A CFDocument is expected.");
        return None;
    };
    let identifier = identifier(document, &at, notes);
    let title = needed(document, "title", &at, notes);
    let edition =
        text(document, "version", &at, notes).filter(|edition| fits(EDITION, edition)).unwrap_or("1").to_owned();
    let description = text(document, "description", &at, notes).map(str::to_owned);
    Some(Head {
        case_id: identifier?.to_owned(),
        title: shortened(title?),
        edition,
        description,
        scale: scale::read(package),
    })
}

/// CASE asks for a UUID; what published packages have is a line of text.
fn identifier<'v>(members: &'v Map<String, Value>, at: &Place, notes: &mut Notes) -> Option<&'v str> {
    let found = needed(members, "identifier", at, notes)?;
    if fits(EXTERNAL_ID, found) {
        return Some(found);
    }
    notes.error(at.member("identifier"), Code::ValidationFailed, "must be one line of 1 to 255 characters.");
    None
}

struct Found<'v> {
    at: Place,
    identifier: &'v str,
    members: &'v Map<String, Value>,
}

fn with_identifiers<'v>(items: Vec<(Place, &'v Map<String, Value>)>, notes: &mut Notes) -> Vec<Found<'v>> {
    let mut known = std::collections::HashSet::new();
    let mut out = Vec::with_capacity(items.len());
    for (at, members) in items {
        let Some(identifier) = identifier(members, &at, notes) else { continue };
        if known.insert(identifier) {
            out.push(Found { at, identifier, members });
        } else {
            notes.error(
                at.member("identifier"),
                Code::AlreadyExists,
                "Another item of the package has this identifier.",
            );
        }
    }
    out
}

fn read_item(item: &Found<'_>, code: String, links: &Links, notes: &mut Notes) -> Item {
    let full = needed(item.members, "fullStatement", &item.at, notes).unwrap_or_default();
    let short = text(item.members, "abbreviatedStatement", &item.at, notes);
    let (name, description) = said(full, short);
    Item {
        at: item.at.clone(),
        parent_at: links.at.clone().unwrap_or_else(|| item.at.clone()),
        case_id: Some(item.identifier.to_owned()),
        code,
        name,
        description,
        parent: links.parent,
        sort_order: links.sort_order,
        rule: rule(item.members),
        alignments: links.alignments.iter().map(|(_, alignment)| alignment.clone()).collect(),
    }
}

/// How a competency follows from those below it is ours to say: it stands where CASE lets others say more.
fn rule(members: &Map<String, Value>) -> Option<CompetencyRule> {
    CompetencyRule::of(members.get("extensions")?.get("cairn")?.get("rule")?.as_str()?)
}

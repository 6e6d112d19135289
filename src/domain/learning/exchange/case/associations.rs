//! The associations of a package: what stands below what, in which order, and what is defined elsewhere.

use std::collections::HashMap;

use entity::learning::competency::Alignment;
use serde_json::{Map, Value};

use super::{ALIGNING, IS_CHILD_OF, alignment, needed, text};
use crate::domain::{
    error::Code,
    learning::exchange::notes::{Notes, Place},
};

/// How many alignments a competency has at most.
const ALIGNMENTS_MAX: usize = 50;
/// The highest place among siblings.
const PLACE_MAX: i64 = 100_000;

/// What associations say of one item.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    /// Where it is said what the item stands below.
    pub(super) at: Option<Place>,
    /// The place of that association in its list.
    pub(super) said_by: Option<usize>,
    /// The item above it, by its place.
    pub(super) parent: Option<usize>,
    /// The number that was given.
    sequence: Option<i64>,
    /// Its place among its siblings.
    pub(super) sort_order: i64,
    /// What is defined elsewhere, and by which association.
    pub(super) alignments: Vec<(usize, Alignment)>,
}

/// What all associations say, by the places of the items.
#[derive(Debug)]
pub(super) struct All(Vec<Links>);

impl All {
    /// What they say of one item.
    #[must_use]
    pub(super) fn of(&self, item: usize) -> &Links {
        &self.0[item]
    }
}

/// The two ends of an association, and its type.
pub(super) struct Ends<'v> {
    pub(super) kind: &'v str,
    pub(super) origin: &'v str,
    pub(super) destination: &'v str,
}

/// Reads the ends of an association.
pub(super) fn ends<'v>(members: &'v Map<String, Value>, at: &Place, notes: &mut Notes) -> Option<Ends<'v>> {
    let kind = needed(members, "associationType", at, notes);
    let mut node = |name: &str| {
        if let Some(node) = members.get(name).and_then(Value::as_object) {
            return needed(node, "identifier", &at.member(name), notes);
        }
        notes.error(at.member(name), Code::BadInput, "A node with an identifier is expected.");
        None
    };
    let (origin, destination) = (node("originNodeURI"), node("destinationNodeURI"));
    Some(Ends { kind: kind?, origin: origin?, destination: destination? })
}

/// Reads associations.
pub(super) fn read(
    listed: &[(Place, &Map<String, Value>)],
    document: &str,
    items: &HashMap<&str, usize>,
    notes: &mut Notes,
) -> All {
    let mut all = All(vec![Links::default(); items.len()]);
    for (place, (at, members)) in listed.iter().enumerate() {
        let Some(ends) = ends(members, at, notes) else { continue };
        if ends.kind == IS_CHILD_OF {
            child(&mut all, place, (at, members), &ends, document, items, notes);
        } else if ALIGNING.contains(&ends.kind) && !items.contains_key(ends.destination) && ends.destination != document
        {
            aligned(&mut all, place, (at, members), &ends, items, notes);
        }
    }
    rank(&mut all.0);
    all
}

fn child(
    all: &mut All,
    place: usize,
    (at, members): (&Place, &Map<String, Value>),
    ends: &Ends<'_>,
    document: &str,
    items: &HashMap<&str, usize>,
    notes: &mut Notes,
) {
    let unknown = |notes: &mut Notes, name: &str| {
        notes.error(at.member(name).member("identifier"), Code::ReferenceUnknown, "The package has no such item.");
    };
    let Some(&origin) = items.get(ends.origin) else { return unknown(notes, "originNodeURI") };
    let parent = items.get(ends.destination).copied();
    if parent.is_none() && ends.destination != document {
        return unknown(notes, "destinationNodeURI");
    }
    let links = &mut all.0[origin];
    if links.said_by.is_some() {
        let message = "The item stands below another one already: here, it stands there alone.";
        return notes.warn(at.clone(), "SECOND_PARENT", message);
    }
    let sequence = members.get("sequenceNumber").filter(|number| !number.is_null());
    if sequence.is_some_and(|number| !number.is_number()) {
        notes.error(at.member("sequenceNumber"), Code::BadInput, "A number is expected.");
    }
    links.at = Some(at.clone());
    links.said_by = Some(place);
    links.parent = parent;
    links.sequence = sequence.and_then(Value::as_i64);
}

fn aligned(
    all: &mut All,
    place: usize,
    (at, members): (&Place, &Map<String, Value>),
    ends: &Ends<'_>,
    items: &HashMap<&str, usize>,
    notes: &mut Notes,
) {
    let Some(&origin) = items.get(ends.origin) else { return };
    let node = |name: &str| members.get(name).and_then(Value::as_object);
    let Some(to) = node("destinationNodeURI") else { return };
    let uri = text(to, "uri", &at.member("destinationNodeURI"), notes);
    let grouping = node("CFAssociationGroupingURI").and_then(|group| group.get("title")).and_then(Value::as_str);
    let Some(alignment) = uri.and_then(|uri| alignment(grouping, uri)) else { return };
    let known = &mut all.0[origin].alignments;
    if known.iter().any(|(_, other)| *other == alignment) {
        return;
    }
    if known.len() == ALIGNMENTS_MAX {
        let message = format!("A competency keeps {ALIGNMENTS_MAX} alignments: this one is only exported again.");
        return notes.warn(at.clone(), "ALIGNMENT_LEFT_OUT", &message);
    }
    known.push((place, alignment));
}

/// Gives each item its place among its siblings: the number that was given, else where it comes in their order.
fn rank(all: &mut [Links]) {
    let mut order: Vec<usize> = (0..all.len()).collect();
    let key = |links: &Links, item: usize| {
        (links.parent, links.sequence.unwrap_or(i64::MAX), links.said_by.unwrap_or(usize::MAX), item)
    };
    order.sort_by_key(|&item| key(&all[item], item));
    let (mut last, mut rank) = (None, 0);
    for item in order {
        let parent = all[item].parent;
        rank = if last == Some(parent) { rank + 1 } else { 0 };
        last = Some(parent);
        all[item].sort_order =
            all[item].sequence.filter(|number| (0..=PLACE_MAX).contains(number)).unwrap_or(rank.min(PLACE_MAX));
    }
}

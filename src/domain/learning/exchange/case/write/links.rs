//! Writing associations: those that came and still hold, and those that say what has changed.

use std::collections::{BTreeMap, HashMap};

use entity::learning::competency::Alignment;
use serde_json::{Map, Value, json};

use super::{Framework, Row, Was};
use crate::domain::{
    clock::rfc3339,
    learning::exchange::{
        case::{ALIGNING, ASSOCIATIONS, IS_CHILD_OF, ITEMS, associations::ends},
        notes::{Notes, Place},
    },
};

/// The associations of a framework, and the groupings that they name.
pub(super) fn write(framework: &Framework, was: Option<&Was<'_>>) -> (Vec<Value>, BTreeMap<String, Value>) {
    let rows: HashMap<&str, &Row> = framework.rows.iter().map(|row| (row.case_id.as_str(), row)).collect();
    let mut out = Vec::new();
    if let Some(was) = was {
        for (place, raw) in was.package[ASSOCIATIONS].as_array().into_iter().flatten().enumerate() {
            out.extend(kept(framework, was, &rows, place, raw));
        }
    }
    let mut groupings = BTreeMap::new();
    for row in &framework.rows {
        let known = was.and_then(|was| was.places.get(&row.case_id).map(|place| (was, *place)));
        let said = known.is_some_and(|(was, place)| {
            was.links.of(place).said_by.is_some() || stands_as_before(framework, was, place, row)
        });
        if !said {
            out.push(child(framework, row, was));
        }
        for alignment in &row.alignments {
            let there = known
                .is_some_and(|(was, place)| was.links.of(place).alignments.iter().any(|(_, one)| one == alignment));
            if !there {
                let (association, grouping) = aligned(framework, row, alignment, was);
                out.push(association);
                groupings.insert(alignment.framework.clone(), grouping);
            }
        }
    }
    (out, groupings)
}

/// Whether a competency stands where the package put it.
fn stands_as_before(framework: &Framework, was: &Was<'_>, place: usize, row: &Row) -> bool {
    let item = &was.draft.items[place];
    let above = row.parent.map(|parent| framework.rows[parent].case_id.as_str());
    let before = item.parent.and_then(|parent| was.draft.items[parent].case_id.as_deref());
    above == before && item.sort_order == row.sort_order
}

/// An association that came, as far as it still holds.
fn kept(framework: &Framework, was: &Was<'_>, rows: &HashMap<&str, &Row>, place: usize, raw: &Value) -> Option<Value> {
    let ends = ends(raw.as_object()?, &Place::default(), &mut Notes::default())?;
    let gone = |node: &str| was.places.contains_key(node) && !rows.contains_key(node);
    if gone(ends.origin) || gone(ends.destination) {
        // What it stood below is gone: it stands elsewhere now.
        let moved = was.places.get(ends.origin).is_some_and(|&origin| was.links.of(origin).said_by == Some(place));
        return rows.get(ends.origin).filter(|_| moved).map(|row| child(framework, row, Some(was)));
    }
    let Some((&origin, row)) = was.places.get(ends.origin).zip(rows.get(ends.origin)) else { return Some(raw.clone()) };
    let links = was.links.of(origin);
    if links.said_by == Some(place) && !stands_as_before(framework, was, origin, row) {
        let mut moved = raw.clone();
        moved["destinationNodeURI"] = above(framework, row, Some(was));
        moved["sequenceNumber"] = row.sort_order.into();
        moved["lastChangeDateTime"] = rfc3339(row.updated_at).into();
        return Some(moved);
    }
    match links.alignments.iter().find(|(by, _)| *by == place) {
        Some((_, alignment)) if !row.alignments.contains(alignment) => None,
        _ => Some(raw.clone()),
    }
}

/// How associations name a competency.
fn node(framework: &Framework, row: &Row, was: Option<&Was<'_>>) -> Value {
    let place = was.and_then(|was| was.places.get(&row.case_id).map(|place| (was, *place)));
    let known = place.and_then(|(was, place)| was.package[ITEMS][place]["uri"].as_str());
    let uri = known.map_or_else(|| framework.address_of(row), str::to_owned);
    json!({ "title": row.name, "identifier": row.case_id, "uri": uri })
}

fn above(framework: &Framework, row: &Row, was: Option<&Was<'_>>) -> Value {
    match row.parent {
        Some(parent) => node(framework, &framework.rows[parent], was),
        None => framework.link(was),
    }
}

fn child(framework: &Framework, row: &Row, was: Option<&Was<'_>>) -> Value {
    let (identifier, uri) = framework.part(row.id.0, &framework.address_of(row), IS_CHILD_OF);
    json!({
        "identifier": identifier, "uri": uri, "associationType": IS_CHILD_OF, "sequenceNumber": row.sort_order,
        "originNodeURI": node(framework, row, was), "destinationNodeURI": above(framework, row, was),
        "CFDocumentURI": framework.link(was), "lastChangeDateTime": rfc3339(row.updated_at),
    })
}

/// An alignment, and the grouping that names its framework.
fn aligned(framework: &Framework, row: &Row, alignment: &Alignment, was: Option<&Was<'_>>) -> (Value, Value) {
    let what = format!("{} {} {}", ALIGNING[0], alignment.framework, alignment.uri);
    let (identifier, _) = framework.part(row.id.0, "", &what);
    let uri = format!("{}#{}-{identifier}", framework.address_of(row), ALIGNING[0]);
    let (elsewhere, _) = framework.part(uuid::Uuid::nil(), "", &alignment.uri);
    let (group, _) = framework.part(framework.id.0, "", &format!("grouping {}", alignment.framework));
    let group_uri = format!("{}#grouping-{group}", framework.address());
    let grouping = json!({ "title": alignment.framework, "identifier": group, "uri": group_uri });
    let association = json!({
        "identifier": identifier, "uri": uri, "associationType": ALIGNING[0],
        "originNodeURI": node(framework, row, was),
        "destinationNodeURI": { "title": alignment.uri, "identifier": elsewhere, "uri": alignment.uri },
        "CFAssociationGroupingURI": grouping, "CFDocumentURI": framework.link(was),
        "lastChangeDateTime": rfc3339(row.updated_at),
    });
    let mut defined = grouping;
    defined["lastChangeDateTime"] = rfc3339(framework.updated_at).into();
    (association, defined)
}

/// Adds groupings to the definitions of a package.
pub(super) fn define(package: &mut Map<String, Value>, groupings: BTreeMap<String, Value>) {
    if groupings.is_empty() {
        return;
    }
    let definitions = package.entry("CFDefinitions").or_insert_with(|| json!({}));
    let Some(definitions) = definitions.as_object_mut() else { return };
    let known = definitions.entry("CFAssociationGroupings").or_insert_with(|| json!([]));
    let Some(known) = known.as_array_mut() else { return };
    for grouping in groupings.into_values() {
        if !known.iter().any(|one| one["identifier"] == grouping["identifier"]) {
            known.push(grouping);
        }
    }
}

//! A framework in the form in which they are published: a CASE package of some hundred items on four levels, with
//! associations inside and to other frameworks. The same in every run.

use serde_json::{Value, json};

const BASE: &str = "https://case.example.org/ims/case/v1p0";

/// An identifier of the n-th thing of a kind.
pub fn uuid(kind: u32, n: usize) -> String {
    format!("{kind:08x}-4242-11e8-9b1c-{n:012x}")
}

fn link(kind: &str, title: &str, identifier: &str) -> Value {
    json!({ "title": title, "identifier": identifier, "uri": format!("{BASE}/{kind}/{identifier}") })
}

fn document() -> Value {
    link("CFDocuments", "Data literacy for everybody", &uuid(1, 0))
}

/// An item, by its number and its code.
fn item(n: usize, code: &str, level: usize) -> Value {
    let kind = ["Area", "Strand", "Standard", "Component"][level.min(3)];
    let mut item = json!({
        "identifier": uuid(2, n), "uri": format!("{BASE}/CFItems/{}", uuid(2, n)), "CFDocumentURI": document(),
        "humanCodingScheme": code, "CFItemType": kind, "CFItemTypeURI": link("CFItemTypes", kind, &uuid(3, level)),
        "fullStatement": format!("Explain \"{code}\" in one's own words,\nand give an example – número {n}."),
        "language": if n.is_multiple_of(7) { "es" } else { "en" }, "educationLevel": ["09", "10"],
        "lastChangeDateTime": format!("2024-03-{:02}T09:{:02}:00+00:00", n % 28 + 1, n % 60),
    });
    match n % 5 {
        0 => item["abbreviatedStatement"] = json!(format!("Explain {code}")),
        1 => item["notes"] = json!("Kept, though Cairn has no place for it."),
        // Where there is no code, the identifier stands for one.
        2 if level == 3 => _ = item.as_object_mut().unwrap().remove("humanCodingScheme"),
        _ => {}
    }
    if n.is_multiple_of(11) {
        item["fullStatement"] = json!(format!("Short statement {n}"));
        item.as_object_mut().unwrap().remove("abbreviatedStatement");
    }
    item
}

fn association(n: usize, kind: &str, from: &Value, to: &Value) -> Value {
    json!({
        "identifier": uuid(4, n), "uri": format!("{BASE}/CFAssociations/{}", uuid(4, n)), "associationType": kind,
        "CFDocumentURI": document(), "originNodeURI": from, "destinationNodeURI": to,
        "lastChangeDateTime": "2024-03-01T09:00:00+00:00",
    })
}

fn node(item: &Value) -> Value {
    json!({ "title": item["humanCodingScheme"], "identifier": item["identifier"], "uri": item["uri"] })
}

/// What the tree looks like: how many children each node of a level has.
pub const WIDE: [usize; 4] = [4, 5, 4, 2];

/// A package: 4 + 20 + 80 + 160 items, or others.
pub fn package(wide: [usize; 4]) -> Value {
    let mut items: Vec<Value> = Vec::new();
    let mut associations: Vec<Value> = Vec::new();
    let mut level: Vec<(Value, String)> = vec![(document(), String::new())];
    for (depth, children) in wide.into_iter().enumerate() {
        let mut next = Vec::new();
        for (above, code) in &level {
            for place in 0..children {
                let code = if code.is_empty() { format!("DL{}", place + 1) } else { format!("{code}.{}", place + 1) };
                let item = item(items.len(), &code, depth);
                let mut below = association(associations.len(), "isChildOf", &node(&item), above);
                // Backwards, so that the order of the list is not the order of the siblings; now and then unsaid.
                if associations.len() % 13 != 12 {
                    below["sequenceNumber"] = json!(children - place);
                }
                associations.push(below);
                next.push((node(&item), code));
                items.push(item);
            }
        }
        level = next;
    }
    others(&items, &mut associations);
    // Children stand before their parents in some of what is published.
    let (last, first) = (items.len() - 1, items.remove(0));
    items.insert(last, first);
    json!({
        "CFDocument": {
            "identifier": uuid(1, 0), "uri": format!("{BASE}/CFDocuments/{}", uuid(1, 0)), "creator": "Example consortium",
            "title": "Data literacy for everybody", "version": "2024", "language": "en", "adoptionStatus": "Adopted",
            "description": "What everybody should know of data.", "lastChangeDateTime": "2024-03-01T09:00:00+00:00",
            "CFPackageURI": link("CFPackages", "Data literacy for everybody", &uuid(1, 0)),
            "subject": ["Data"], "subjectURI": [link("CFSubjects", "Data", &uuid(5, 0))],
        },
        "CFItems": items,
        "CFAssociations": associations,
        "CFDefinitions": {
            "CFSubjects": [{ "identifier": uuid(5, 0), "uri": format!("{BASE}/CFSubjects/{}", uuid(5, 0)), "title": "Data",
                "hierarchyCode": "1", "lastChangeDateTime": "2024-03-01T09:00:00+00:00" }],
            "CFItemTypes": [],
        },
        "CFRubrics": [],
    })
}

/// Associations that are no hierarchy: inside the package, to other frameworks, and from there.
fn others(items: &[Value], associations: &mut Vec<Value>) {
    let elsewhere = |n: usize| json!({ "title": format!("Skill {n}"), "identifier": uuid(6, n), "uri": format!("https://esco.example.org/skill/{n}") });
    for n in (0..items.len()).step_by(9) {
        associations.push(association(associations.len(), "exactMatchOf", &node(&items[n]), &elsewhere(n)));
    }
    for n in (5..items.len()).step_by(25) {
        let mut related = association(associations.len(), "isRelatedTo", &node(&items[n]), &elsewhere(n + 1000));
        related["CFAssociationGroupingURI"] = link("CFAssociationGroupings", "Crosswalk", &uuid(7, 0));
        associations.push(related);
        associations.push(association(associations.len(), "precedes", &node(&items[n - 1]), &node(&items[n])));
        associations.push(association(associations.len(), "isPeerOf", &elsewhere(n + 2000), &node(&items[n])));
        // An address that is none of the web's is kept all the same.
        let mut urn = association(associations.len(), "exactMatchOf", &node(&items[n]), &elsewhere(n));
        urn["destinationNodeURI"]["uri"] = json!(format!("urn:uuid:{}", uuid(6, n)));
        associations.push(urn);
    }
}

/// The place of an item in a package.
pub fn place(package: &Value, n: usize) -> usize {
    let items = package["CFItems"].as_array().unwrap();
    items.iter().position(|item| item["identifier"] == uuid(2, n).as_str()).expect("an item")
}

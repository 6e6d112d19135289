//! Writing a package: over the one that the framework came from, so that what nobody changed is what it was.

use std::collections::HashMap;

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use entity::{
    id::{CompetencyFrameworkId, CompetencyId},
    learning::{
        competency::{Alignment, CompetencyRule},
        competency_framework::Scale,
    },
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{ASSOCIATIONS, DOCUMENT, ITEMS, RUBRICS, associations::All, read::whole, scale, statements};
use crate::domain::{
    clock::rfc3339,
    learning::exchange::{Draft, Item, framework::default_scale, notes::Notes},
};

mod links;

/// A framework to write.
#[derive(Debug)]
pub struct Framework {
    /// The id.
    pub id: CompetencyFrameworkId,
    /// CASE's identifier of it.
    pub case_id: String,
    /// The full name.
    pub title: String,
    /// Which edition it is.
    pub edition: String,
    /// What it covers.
    pub description: Option<String>,
    /// The levels that it measures with.
    pub scale: Scale,
    /// Who made it.
    pub creator: String,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The address that this installation is known by.
    pub base: String,
    /// Its competencies, in the order of their paths.
    pub rows: Vec<Row>,
}

/// A competency to write.
#[derive(Debug)]
pub struct Row {
    /// The id.
    pub id: CompetencyId,
    /// CASE's identifier of it.
    pub case_id: String,
    /// Its code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// What describes it.
    pub description: Option<String>,
    /// The place in the list of the one above it.
    pub parent: Option<usize>,
    /// Its place among its siblings.
    pub sort_order: i64,
    /// How it follows from the ones below it.
    pub rule: CompetencyRule,
    /// The same ability elsewhere.
    pub alignments: Vec<Alignment>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// The package that a framework came from, read.
struct Was<'a> {
    package: &'a Value,
    draft: Draft,
    links: All,
    /// The places of its items, by their identifiers.
    places: HashMap<String, usize>,
}

impl<'a> Was<'a> {
    fn of(package: &'a Value) -> Option<Self> {
        let (draft, links) = whole(package, &mut Notes::default())?;
        let places = draft.items.iter().enumerate().filter_map(|(place, item)| Some((item.case_id.clone()?, place)));
        let places = places.collect();
        Some(Self { package, draft, links, places })
    }
}

/// Writes a framework.
#[must_use]
pub fn write(framework: &Framework, stored: Option<&Value>) -> Value {
    let was = stored.and_then(Was::of);
    let mut package = was.as_ref().and_then(|was| was.package.as_object().cloned()).unwrap_or_default();
    let document = document(framework, was.as_ref());
    package.insert(DOCUMENT.to_owned(), document);
    let items = items(framework, was.as_ref());
    put(&mut package, ITEMS, items);
    let (associations, groupings) = links::write(framework, was.as_ref());
    put(&mut package, ASSOCIATIONS, associations);
    links::define(&mut package, groupings);
    rubrics(&mut package, framework, was.as_ref());
    Value::Object(package)
}

/// A list that is empty need not stand where none stood.
fn put(package: &mut Map<String, Value>, name: &str, list: Vec<Value>) {
    let named = name == ITEMS || package.contains_key(name);
    if named || !list.is_empty() {
        package.insert(name.to_owned(), Value::Array(list));
    }
}

impl Framework {
    /// The identifier and the address of a part of the framework, always the same.
    fn part(&self, of: Uuid, at: &str, what: &str) -> (String, String) {
        let hash = digest(&SHA256, format!("{} {of} {what}", self.id).as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_ref()[..16]);
        (uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string(), format!("{at}#{what}"))
    }

    fn address(&self) -> String {
        format!("{}/api/v1/competency-frameworks/{}", self.base, self.id)
    }

    fn address_of(&self, row: &Row) -> String {
        format!("{}/api/v1/competencies/{}", self.base, row.id)
    }

    /// How other parts name the document.
    fn link(&self, was: Option<&Was<'_>>) -> Value {
        let known = was.map(|was| &was.package[DOCUMENT]["uri"]).and_then(Value::as_str);
        let uri = known.map_or_else(|| self.address(), str::to_owned);
        json!({ "title": self.title, "identifier": self.case_id, "uri": uri })
    }
}

fn document(framework: &Framework, was: Option<&Was<'_>>) -> Value {
    let head = was.and_then(|was| Some((was.package[DOCUMENT].as_object()?.clone(), was.draft.head.as_ref()?)));
    let Some((mut document, head)) = head else { return new_document(framework) };
    let mut changed = false;
    let mut set = |name: &str, value: Option<&str>, was: Option<&str>| {
        if value == was {
            return;
        }
        changed = true;
        match value {
            Some(value) => document.insert(name.to_owned(), value.into()),
            None => document.remove(name),
        };
    };
    set("title", Some(&framework.title), Some(&head.title));
    set("version", Some(&framework.edition), Some(&head.edition));
    set("description", framework.description.as_deref(), head.description.as_deref());
    if changed {
        document.insert("lastChangeDateTime".to_owned(), rfc3339(framework.updated_at).into());
    }
    Value::Object(document)
}

fn new_document(framework: &Framework) -> Value {
    let (title, identifier) = (&framework.title, &framework.case_id);
    let mut document = json!({
        "identifier": identifier, "uri": framework.address(), "creator": framework.creator, "title": title,
        "version": framework.edition, "lastChangeDateTime": rfc3339(framework.updated_at),
        "CFPackageURI": { "title": title, "identifier": identifier, "uri": format!("{}#package", framework.address()) },
    });
    if let Some(description) = &framework.description {
        document["description"] = description.as_str().into();
    }
    document
}

/// The items: those that came, in the order in which they came, and then those that were added.
fn items(framework: &Framework, was: Option<&Was<'_>>) -> Vec<Value> {
    let place = |row: &Row| was.and_then(|was| was.places.get(&row.case_id).copied());
    let mut rows: Vec<(Option<usize>, &Row)> = framework.rows.iter().map(|row| (place(row), row)).collect();
    rows.sort_by_key(|(place, _)| place.unwrap_or(usize::MAX));
    let one = |(place, row): (Option<usize>, &Row)| match place.zip(was) {
        Some((place, was)) => changed_item(&was.package[ITEMS][place], &was.draft.items[place], row),
        None => new_item(framework, row, was),
    };
    rows.into_iter().map(one).collect()
}

fn changed_item(raw: &Value, was: &Item, row: &Row) -> Value {
    let mut item = raw.clone();
    let reworded = (&was.name, &was.description) != (&row.name, &row.description);
    let ruled = was.rule.unwrap_or(CompetencyRule::None) != row.rule;
    if was.code != row.code {
        item["humanCodingScheme"] = row.code.as_str().into();
    }
    if reworded {
        say(&mut item, row);
    }
    if ruled {
        extend(&mut item, row.rule);
    }
    if was.code != row.code || reworded || ruled {
        item["lastChangeDateTime"] = rfc3339(row.updated_at).into();
    }
    item
}

fn new_item(framework: &Framework, row: &Row, was: Option<&Was<'_>>) -> Value {
    let mut item = json!({
        "identifier": row.case_id, "uri": framework.address_of(row), "CFDocumentURI": framework.link(was),
        "humanCodingScheme": row.code, "lastChangeDateTime": rfc3339(row.updated_at),
    });
    say(&mut item, row);
    if row.rule != CompetencyRule::None {
        extend(&mut item, row.rule);
    }
    item
}

fn say(item: &mut Value, row: &Row) {
    let (full, short) = statements(&row.name, row.description.as_deref());
    item["fullStatement"] = full.into();
    match (short, item.as_object_mut()) {
        (Some(short), _) => item["abbreviatedStatement"] = short.into(),
        (None, Some(members)) => _ = members.remove("abbreviatedStatement"),
        (None, None) => {}
    }
}

/// Says how a competency follows from the ones below it, beside whatever else is said there.
fn extend(item: &mut Value, rule: CompetencyRule) {
    if !item["extensions"].is_object() {
        item["extensions"] = json!({});
    }
    if !item["extensions"]["cairn"].is_object() {
        item["extensions"]["cairn"] = json!({});
    }
    item["extensions"]["cairn"]["rule"] = json!(rule);
}

/// The scale: where the package brought none and it is the one that is taken then, nothing is said of it.
fn rubrics(package: &mut Map<String, Value>, framework: &Framework, was: Option<&Was<'_>>) {
    let known = was.and_then(|was| was.draft.head.as_ref()).map(|head| head.scale.as_ref());
    let same = match known {
        Some(Some(scale)) => *scale == framework.scale,
        Some(None) => framework.scale == default_scale(),
        None => false,
    };
    if same {
        return;
    }
    let named = |what: &str| framework.part(framework.id.0, &framework.address(), what);
    let rubric = scale::write(&framework.scale, &rfc3339(framework.updated_at), named);
    let rubrics = package.entry(RUBRICS).or_insert_with(|| json!([]));
    if let Some(rubrics) = rubrics.as_array_mut() {
        rubrics.retain(|rubric| !scale::is_ours(rubric));
        rubrics.push(rubric);
    }
}

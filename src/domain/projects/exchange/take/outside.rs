//! What a document names that is not in it, and what of that is known here.

use std::collections::{BTreeMap, BTreeSet};

use entity::id::{ContactId, UserId};

use super::super::{
    document::{ProjectDocument, people::PersonName},
    names::Known,
};
use crate::domain::{
    error::Result,
    learning::exchange::notes::{Notes, Place},
    tx::Tx,
};

/// People and contacts, and who takes the document in.
#[derive(Debug)]
pub(super) struct Outside {
    known: Known,
    /// Who is who: somebody whose id is another here is known by the e-mail address.
    here: BTreeMap<UserId, UserId>,
    /// Whether it is a machine, which speaks for the organization.
    pub(super) machine: bool,
    user: Option<UserId>,
}

impl Outside {
    pub(super) async fn find(tx: &Tx, owner: UserId, document: &ProjectDocument) -> Result<Self> {
        let people: Vec<&PersonName> = document
            .members
            .iter()
            .filter_map(|one| one.person.as_ref())
            .chain(document.scope.transitions.iter().filter_map(|one| one.actor.as_ref()))
            .chain(document.budget.lines.iter().filter_map(|one| one.assignee.as_ref()))
            .chain(&document.budget.approver)
            .chain(document.obstacles.iter().map(|one| &one.person))
            .collect();
        // Those who are named in full come last: they are known by more than their id.
        let listed = named_people(document);
        let named: Vec<PersonName> = listed
            .iter()
            .filter_map(|id| id.parse().ok())
            .map(|id| PersonName { id: Some(id), email: None, name: None })
            .collect();
        let people: Vec<&PersonName> = named.iter().chain(people).collect();
        let asked = document.scope.consultations.iter().filter_map(|one| one.contact.as_ref()?.id);
        let members = document.members.iter().filter_map(|one| one.contact.as_ref()?.id);
        let values = document.scope.solutions.iter().filter_map(|one| one.value.as_ref());
        let evidence = values.flat_map(|one| &one.evidence).filter_map(|one| one.contact_id);
        let listed = listed.iter().filter_map(|id| id.parse().ok());
        let contacts: BTreeSet<ContactId> = asked.chain(members).chain(evidence).chain(listed).collect();
        let known = Known::find(tx, owner, &people, contacts).await?;
        let here = people.iter().filter_map(|name| Some((name.id?, known.person(name)?))).collect();
        Ok(Self { known, here, machine: tx.who.is_machine(), user: tx.who.user() })
    }

    /// Somebody whom the document names at a place; nobody, with advice, when they are not known here.
    pub(super) fn person(&self, name: Option<&PersonName>, at: &str, notes: &mut Notes) -> Option<UserId> {
        let name = name?;
        let known = self.known.person(name);
        if known.is_none() {
            unknown(at, "PERSON_LEFT_OUT", "There is no such person in this organization.", notes);
        }
        known
    }

    /// Somebody who did something: only a machine says so of another, on behalf of the organization.
    pub(super) fn actor(&self, name: Option<&PersonName>, at: &str, notes: &mut Notes) -> Option<UserId> {
        let known = self.person(name, at, notes)?;
        if self.machine || self.user == Some(known) {
            return Some(known);
        }
        unknown(at, "PERSON_LEFT_OUT", "What another person did is not yours to say.", notes);
        None
    }

    /// A contact whom the document names at a place; nobody, with advice, when the owner does not know them.
    pub(super) fn contact(&self, id: Option<ContactId>, at: &str, notes: &mut Notes) -> Option<ContactId> {
        let known = self.known.contact(id?);
        if known.is_none() {
            unknown(at, "CONTACT_LEFT_OUT", "Its owner has no such contact.", notes);
        }
        known
    }

    /// What becomes of the id of a person or a contact in a document of before.
    pub(super) fn before(&self, id: &str) -> Option<String> {
        let person = || self.here.get(&id.parse().ok()?).copied();
        let contact = || self.known.contact(id.parse().ok()?);
        person().map(|id| id.to_string()).or_else(|| contact().map(|id| id.to_string()))
    }

    /// The people of a list who are known here: of the organization or of the owner's contacts.
    pub(super) fn some(&self, ids: Vec<String>, at: &str, notes: &mut Notes) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let known = ids.into_iter().enumerate().filter_map(|(place, id)| {
            let known = self.before(&id);
            if known.is_none() {
                let at = format!("{at}/{place}");
                unknown(&at, "PERSON_LEFT_OUT", "There is no such person here, and no such contact.", notes);
            }
            known.filter(|id| seen.insert(id.clone()))
        });
        known.collect()
    }
}

/// The people and contacts of a checklist, by their ids, and those whom only an earlier revision names.
fn named_people(document: &ProjectDocument) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(one) = &document.checklist {
        all.extend(one.people.teammate_ids.iter().chain(&one.people.discussant_ids).cloned());
    }
    for one in &document.scope.revisions {
        ids_in(&one.document, &mut all);
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn ids_in(value: &serde_json::Value, all: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(values) => values.iter().for_each(|value| ids_in(value, all)),
        serde_json::Value::Object(members) => {
            for (name, value) in members {
                match value.as_str() {
                    Some(text) if name.ends_with("Id") => all.push(text.to_owned()),
                    _ => ids_in(value, all),
                }
            }
        }
        _ => {}
    }
}

pub(super) fn unknown(at: &str, code: &str, why: &str, notes: &mut Notes) {
    notes.warn(Place::pointer(at), code, &format!("{why} It is left out."));
}

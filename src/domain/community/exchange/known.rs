//! What is there already: the contacts of a person in hand, and how a draft is held against them.

use std::collections::HashMap;

use entity::{
    community::contact,
    id::{CompanyId, ContactId},
    learning::import_job::ImportMatch,
};

use super::Draft;
use crate::domain::{external::ExternalRef, spelling::folded};

/// A contact in hand.
#[derive(Clone, Debug)]
pub struct Held {
    /// As it stands now.
    pub row: contact::Model,
    /// As it was, when it was there before.
    pub was: Option<contact::Model>,
    /// The names that the document has for it, and that are still to be written down.
    pub names: Vec<ExternalRef>,
}

/// The contacts of a person, by all that they are found by.
#[derive(Debug, Default)]
pub struct Known {
    /// All of them, in the order in which they were made.
    pub all: Vec<Held>,
    by_id: HashMap<ContactId, usize>,
    by_name_elsewhere: HashMap<(String, String), usize>,
    by_email: HashMap<String, Vec<usize>>,
    by_name: HashMap<(String, Option<String>), Vec<usize>>,
}

/// Which contact a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// None that is known.
    New,
    /// None that is known for sure: this one looks alike, and differs in what tells people apart.
    Like(usize),
    /// This one, and by what that is known.
    There(usize, ImportMatch),
}

impl Known {
    /// Takes a contact in hand, with the folded name of its company. Of several that are alike, the first is found.
    pub fn hold(&mut self, held: Held, company: Option<&str>) -> usize {
        let place = self.all.len();
        self.all.push(held);
        self.find_again(place, company);
        place
    }

    /// Lets a contact be found by all that is known of it now.
    pub fn find_again(&mut self, place: usize, company: Option<&str>) {
        let held = &self.all[place];
        self.by_id.insert(held.row.id, place);
        if let Some(email) = &held.row.email {
            note(self.by_email.entry(email.to_lowercase()).or_default(), place);
        }
        note(self.by_name.entry((folded(&held.row.name), company.map(str::to_owned))).or_default(), place);
        for name in &held.names {
            self.by_name_elsewhere.entry((name.source.clone(), name.external_id.clone())).or_insert(place);
        }
    }

    /// A contact that is there has a name elsewhere.
    pub fn is_called(&mut self, id: ContactId, name: ExternalRef) {
        if let Some(&place) = self.by_id.get(&id) {
            self.by_name_elsewhere.entry((name.source, name.external_id)).or_insert(place);
        }
    }

    /// Whether it is the id of one of them.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        id.parse::<ContactId>().is_ok_and(|id| self.by_id.contains_key(&id))
    }

    /// Whether one of them is called so elsewhere.
    #[must_use]
    pub fn is_named(&self, name: &ExternalRef) -> bool {
        self.by_name_elsewhere.contains_key(&(name.source.clone(), name.external_id.clone()))
    }

    /// Which contact a draft is, and by what that is known: what is surest comes first. One e-mail address may be that of an office, and
    /// two people may be called alike: then it is a new one, and whoever takes it in is told which one it looks like.
    #[must_use]
    pub fn find(&self, draft: &Draft, own_source: &str) -> Found {
        let member = |name: &str| draft.members.get(name).and_then(serde_json::Value::as_str);
        let id = draft.id.as_ref().and_then(|id| id.parse::<ContactId>().ok());
        let by_id = id.and_then(|id| self.by_id.get(&id)).map(|&place| (place, ImportMatch::Id));
        let name = draft.reference(own_source).map(|name| (name.source, name.external_id));
        let by_name_elsewhere = || name.and_then(|name| self.by_name_elsewhere.get(&name));
        if let Some((place, by)) = by_id.or_else(|| by_name_elsewhere().map(|&place| (place, ImportMatch::ExternalRef)))
        {
            return Found::There(place, by);
        }
        let called = folded(member("name").unwrap_or_default());
        let of_email = member("email").and_then(|email| self.by_email.get(&email.to_lowercase()));
        let of_email = of_email.map(Vec::as_slice).unwrap_or_default();
        let alike = |place: &&usize| folded(&self.all[**place].row.name) == called;
        if let Some(&place) = of_email.iter().find(alike) {
            return Found::There(place, ImportMatch::Email);
        }
        let of_name = self.by_name.get(&(called, draft.company.as_deref().map(folded)));
        let of_name = of_name.map(Vec::as_slice).unwrap_or_default();
        let (email, phone) = (member("email"), member("phone").filter(|_| draft.company.is_none()));
        if let Some(&place) = of_name.iter().find(|place| may_be(&self.all[**place].row, email, phone)) {
            return Found::There(place, ImportMatch::NameAndCompany);
        }
        of_email.first().or(of_name.first()).map_or(Found::New, |&place| Found::Like(place))
    }
}

fn note(places: &mut Vec<usize>, place: usize) {
    if !places.contains(&place) {
        places.push(place);
    }
}

/// Whether somebody who is called like a contact may be that one: what reaches them does not say otherwise. That a contact with the same e-mail
/// address is that one was found before.
fn may_be(row: &contact::Model, email: Option<&str>, phone: Option<&str>) -> bool {
    let numbers = row.phone.as_deref().zip(phone);
    !(row.email.is_some() && email.is_some()) && numbers.is_none_or(|(one, other)| digits(one).eq(digits(other)))
}

/// A number, however it is written.
fn digits(phone: &str) -> impl Iterator<Item = char> + '_ {
    phone.chars().filter(char::is_ascii_digit)
}

/// Fills in what a contact says nothing of, and tells what was filled in.
pub fn fill(row: &mut contact::Model, from: &contact::Model, company: Option<CompanyId>) -> Vec<String> {
    let mut filled = Vec::new();
    let mut into = |member: &str, is: bool| {
        if is {
            filled.push(member.to_owned());
        }
    };
    into("companyId", put(&mut row.company_id, company.as_ref()));
    into("role", put(&mut row.role, from.role.as_ref()));
    into("relationship", put(&mut row.relationship, from.relationship.as_ref()));
    into("howMet", put(&mut row.how_met, from.how_met.as_ref()));
    into("cadenceDays", put(&mut row.cadence_days, from.cadence_days.as_ref()));
    into("email", put(&mut row.email, from.email.as_ref()));
    into("phone", put(&mut row.phone, from.phone.as_ref()));
    into("url", put(&mut row.url, from.url.as_ref()));
    into("note", put(&mut row.note, from.note.as_ref()));
    if row.last_interaction_at.is_none() && from.last_interaction_at.is_some() {
        row.last_interaction_at = from.last_interaction_at;
        row.said_in_touch_at = from.last_interaction_at;
        into("lastInteractionAt", true);
    }
    filled
}

fn put<T: Clone>(there: &mut Option<T>, new: Option<&T>) -> bool {
    let is = there.is_none() && new.is_some();
    if is {
        *there = new.cloned();
    }
    is
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::clock;

    fn contact(name: &str, email: Option<&str>) -> contact::Model {
        let now = clock::now();
        contact::Model {
            id: clock::new_id(),
            organization_id: clock::new_id(),
            owner_id: clock::new_id(),
            name: name.to_owned(),
            company_id: None,
            role: None,
            relationship: None,
            how_met: None,
            cadence_days: None,
            last_interaction_at: None,
            said_in_touch_at: None,
            email: email.map(str::to_owned),
            phone: None,
            url: None,
            note: None,
            user_id: None,
            search_text: String::new(),
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    fn draft(name: &str, email: Option<&str>, company: Option<&str>, known_as: Option<&str>) -> Draft {
        let mut members = serde_json::Map::new();
        members.insert("name".to_owned(), json!(name));
        if let Some(email) = email {
            members.insert("email".to_owned(), json!(email));
        }
        let known_as = known_as.map(|name| (None, name.to_owned()));
        Draft { line: 2, known_as, company: company.map(str::to_owned), members, ..Draft::default() }
    }

    #[test]
    fn what_is_surest_comes_first() {
        let mut known = Known::default();
        let rows = [contact("Noor", Some("noor@example.org")), contact("Olu", None), contact("Olu", None)];
        let companies = [Some("windy grid"), None, Some("windy grid")];
        for (row, company) in rows.iter().zip(companies) {
            known.hold(Held { row: row.clone(), was: Some(row.clone()), names: Vec::new() }, company);
        }
        let name =
            |external_id: &str| ExternalRef { source: "vcard.x".to_owned(), external_id: external_id.to_owned() };
        known.is_called(rows[2].id, name("7"));
        let by_id = Draft { id: Some(rows[1].id.to_string()), ..draft("x", Some("noor@example.org"), None, Some("7")) };
        for (draft, expected) in [
            (by_id, Found::There(1, ImportMatch::Id)),
            (draft("x", Some("noor@example.org"), None, Some("7")), Found::There(2, ImportMatch::ExternalRef)),
            (draft("noor", Some("NOOR@example.org"), None, Some("8")), Found::There(0, ImportMatch::Email)),
            (draft("Zoe", Some("NOOR@example.org"), None, Some("8")), Found::Like(0)),
            (draft("Noor", Some("n@example.org"), Some("Windy Grid"), None), Found::Like(0)),
            (
                draft(" OLU ", Some("o@example.org"), Some("Windy  Grid"), None),
                Found::There(2, ImportMatch::NameAndCompany),
            ),
            (draft("olu", None, None, None), Found::There(1, ImportMatch::NameAndCompany)),
            (draft("Olu", None, Some("Sun"), None), Found::New),
            (draft("Noor", None, None, None), Found::New),
            (draft("Else", None, None, None), Found::New),
        ] {
            assert_eq!(known.find(&draft, "vcard.x"), expected, "{draft:?}");
        }
    }

    #[test]
    fn two_who_are_called_alike_may_be_two() {
        let mut row = contact("Anna", Some("anna@example.org"));
        row.phone = Some("+43 1 234".to_owned());
        for (email, phone, one) in [
            (None, None, true),
            (Some("other@example.org"), None, false),
            (None, Some("+43-1-234"), true),
            (None, Some("+43 1 235"), false),
            (Some("other@example.org"), Some("+43 1 234"), false),
        ] {
            assert_eq!(may_be(&row, email, phone), one, "{email:?} {phone:?}");
        }
        assert!(may_be(&contact("Anna", None), Some("a@example.org"), Some("1")));
    }

    #[test]
    fn what_is_said_is_never_overwritten() {
        let mut row = contact("Noor", Some("noor@example.org"));
        let from = contact::Model { role: Some("Lead".to_owned()), ..contact("N.", Some("other@example.org")) };
        let company = clock::new_id();
        assert_eq!(fill(&mut row, &from, Some(company)), ["companyId", "role"]);
        assert_eq!((row.name.as_str(), row.email.as_deref()), ("Noor", Some("noor@example.org")));
        assert!(fill(&mut row, &from, Some(clock::new_id())).is_empty());
        assert_eq!(row.company_id, Some(company));
    }
}

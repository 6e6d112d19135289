//! A person's contacts as they leave: as JSON, as a table for spreadsheets, and as vCards for address books.

use chrono::{DateTime, Utc};
use entity::{
    id::{CompanyId, ContactId, UserId},
    kind::{Declared as _, Kind, id, int, list},
    object,
};
use sea_orm::FromQueryResult;
use serde::Serialize;
use serde_json::json;

use super::{COMPANY, CONTACTS_MAX, columns::FIELDS, vcard};
use crate::{
    domain::{
        answer::{Answer, Form},
        clock,
        community::contact,
        content_line::Lines,
        error::{Code, Error, Result},
        look::Look,
        policy::Action,
        table::{Cell, csv},
    },
    read::{
        filter::time,
        shape::shape,
        sql::{Arg, Sql},
    },
};

const CONTACT: Kind = Kind::Object(ExportedContact::object);

object! {
    /// Whose contacts.
    ContactsExportQuestion {
        /// Whose; without it, the caller's.
        optional user_id: UserId = id::<UserId>(),
        /// Only those who work there.
        optional company_id: CompanyId = id::<CompanyId>(),
    }
}

object! {
    /// Contacts as they leave.
    #[derive(Serialize)]
    ContactsExport {
        /// Whose they are.
        required user_id: UserId = id::<UserId>(),
        /// How many there are.
        required total: i64 = int(0, i64::MAX),
        /// Whether there are more than one export holds: then these are the first. A table and vCards cannot say so, and are refused.
        required truncated: bool = Kind::Bool,
        /// Who, in the order in which they were noted down: ten thousand at most.
        required contacts: Vec<ExportedContact> = list(&CONTACT, CONTACTS_MAX),
    }
}

object! {
    /// A contact as it leaves.
    #[derive(Serialize)]
    ExportedContact {
        /// The id.
        required id: ContactId = id::<ContactId>(),
        /// What they are called.
        required name: String = contact::NAME,
        /// Their e-mail address.
        optional email: String = contact::EMAIL,
        /// Their telephone number.
        optional phone: String = contact::PHONE,
        /// Where they work.
        optional company: String = COMPANY,
        /// What they do there.
        optional role: String = contact::ROLE,
        /// How the owner stands to them.
        optional relationship: String = contact::RELATIONSHIP,
        /// How the owner met them.
        optional how_met: String = contact::HOW_MET,
        /// Where they show themselves.
        optional url: String = contact::URL,
        /// What else is known of them.
        optional note: String = contact::NOTE,
        /// After how many days without a word it is time for one.
        optional cadence_days: i64 = contact::CADENCE,
        /// When they were last in touch.
        optional last_interaction_at: String = Kind::Time,
        /// When this last changed.
        required changed_at: String = Kind::Time,
    }
}

/// `contactsExport`.
#[must_use]
pub fn of_person() -> Answer {
    Answer::new(
        "contactsExport",
        Action::ViewNetwork,
        "The contacts of a person, to take elsewhere: taken in again, each is found to be there already.",
        Kind::Object(ContactsExport::object),
        export,
    )
    .points(50)
    .form(Form::csv("The same as a table, in the columns in which contacts are taken in.", table))
    .form(Form::vcard("The same as vCards (RFC 6350), for address books.", cards))
}

#[derive(FromQueryResult)]
struct Row {
    id: ContactId,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    company: Option<String>,
    role: Option<String>,
    relationship: Option<String>,
    how_met: Option<String>,
    url: Option<String>,
    note: Option<String>,
    cadence_days: Option<i64>,
    last_interaction_at: Option<DateTime<Utc>>,
    updated_at: DateTime<Utc>,
}

async fn export(look: Look, asked: ContactsExportQuestion) -> Result<ContactsExport> {
    let person = look.person(asked.user_id, Action::ViewNetwork).await?;
    let of = |sql: &mut Sql| {
        sql.push(" WHERE c.deleted_at IS NULL AND c.owner_id = ").bind(Arg::Uuid(person.id.0)).push(" AND ");
        sql.visible(shape("Contact"), "c", &look.who);
        if let Some(company) = asked.company_id {
            sql.push(" AND c.company_id = ").bind(Arg::Uuid(company.0));
        }
    };
    let mut sql = look.sql();
    sql.push(
        "SELECT c.id, c.name, c.email, c.phone, y.name AS company, c.role, c.relationship, c.how_met, c.url, c.note, \
         c.cadence_days, c.last_interaction_at, c.updated_at FROM \"contact\" c \
         LEFT JOIN \"company\" y ON y.id = c.company_id AND y.organization_id = c.organization_id",
    );
    of(&mut sql);
    sql.push(&format!(" ORDER BY c.created_at, c.id LIMIT {}", CONTACTS_MAX + 1));
    let mut contacts: Vec<ExportedContact> = look.rows::<Row>(&sql).await?.into_iter().map(exported).collect();
    let truncated = contacts.len() > CONTACTS_MAX;
    contacts.truncate(CONTACTS_MAX);
    let mut total = i64::try_from(contacts.len()).unwrap_or(i64::MAX);
    if truncated {
        let mut sql = look.sql();
        sql.push("SELECT CAST(COUNT(*) AS BIGINT) AS count FROM \"contact\" c");
        of(&mut sql);
        total = look.rows::<CountRow>(&sql).await?.first().map_or(total, |row| row.count);
    }
    Ok(ContactsExport { user_id: person.id, total, truncated, contacts })
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

/// A file cannot say that something is missing.
fn whole(told: &ContactsExport) -> Result<()> {
    if !told.truncated {
        return Ok(());
    }
    let why = format!("A file holds at most {CONTACTS_MAX} contacts: ask for those of one company, or read the list.");
    Err(Error::new(Code::ExportTooLarge, why).with(json!({ "total": told.total, "most": CONTACTS_MAX })))
}

fn exported(row: Row) -> ExportedContact {
    ExportedContact {
        id: row.id,
        name: row.name,
        email: row.email,
        phone: row.phone,
        company: row.company,
        role: row.role,
        relationship: row.relationship,
        how_met: row.how_met,
        url: row.url,
        note: row.note,
        cadence_days: row.cadence_days,
        last_interaction_at: row.last_interaction_at.map(clock::rfc3339),
        changed_at: clock::rfc3339(row.updated_at),
    }
}

/// What a contact says of a member, by its name in tables and in cards.
fn said(contact: &ExportedContact, member: &str) -> Option<String> {
    match member {
        "id" => Some(contact.id.to_string()),
        "name" => Some(contact.name.clone()),
        "email" => contact.email.clone(),
        "phone" => contact.phone.clone(),
        "company" => contact.company.clone(),
        "role" => contact.role.clone(),
        "relationship" => contact.relationship.clone(),
        "howMet" => contact.how_met.clone(),
        "url" => contact.url.clone(),
        "note" => contact.note.clone(),
        "cadenceDays" => contact.cadence_days.map(|days| days.to_string()),
        "lastInteractionAt" => contact.last_interaction_at.clone(),
        _ => None,
    }
}

/// How many of the fields of a table are told: names elsewhere are of others.
const TOLD: usize = FIELDS.len() - 2;

fn table(told: &ContactsExport) -> Result<String> {
    whole(told)?;
    let row = |contact: &ExportedContact| FIELDS[..TOLD].iter().map(|field| Cell::from(said(contact, field))).collect();
    csv(&FIELDS[..TOLD], told.contacts.iter().map(row))
}

fn cards(told: &ContactsExport) -> Result<String> {
    whole(told)?;
    let mut out = Lines::default();
    for contact in &told.contacts {
        let changed = time(&contact.changed_at).map(|at| at.format("%Y%m%dT%H%M%SZ").to_string()).unwrap_or_default();
        vcard::write(&mut out, &contact.id.to_string(), &changed, |member| said(contact, member));
    }
    Ok(out.done())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        community::exchange::{columns, vcard},
        learning::exchange::notes::Notes,
    };

    fn noor() -> ContactsExport {
        let noor = ExportedContact {
            id: clock::new_id(),
            name: "=Noor; \"H\"".to_owned(),
            email: Some("noor@example.org".to_owned()),
            phone: Some("+43 1 234".to_owned()),
            company: Some("Windy, Grid".to_owned()),
            role: Some("@lead".to_owned()),
            relationship: None,
            how_met: Some("At a meetup.\nTwice.".to_owned()),
            url: Some("https://noor.example/a".to_owned()),
            note: Some("-1".to_owned()),
            cadence_days: Some(30),
            last_interaction_at: Some("2026-03-01T10:00:00.000000Z".to_owned()),
            changed_at: "2026-03-02T10:00:00.000000Z".to_owned(),
        };
        ContactsExport { user_id: clock::new_id(), total: 1, truncated: false, contacts: vec![noor] }
    }

    #[test]
    fn what_leaves_comes_back() {
        let told = noor();
        let mut notes = Notes::default();
        let mut from_table = columns::read(&table(&told).unwrap(), None, &mut notes).unwrap();
        let mut from_cards = vcard::read(&cards(&told).unwrap(), &mut notes).unwrap();
        assert!(notes.fine() && notes.warnings.is_empty(), "{notes:?}");
        for draft in from_table.iter_mut().chain(&mut from_cards) {
            draft.check(&mut notes);
            for member in ["name", "email", "phone", "role", "howMet", "url", "note", "lastInteractionAt"] {
                let expected = said(&told.contacts[0], member);
                assert_eq!(draft.members.get(member).and_then(|value| value.as_str()), expected.as_deref(), "{member}");
            }
            assert_eq!(draft.members["cadenceDays"], 30);
            assert_eq!(draft.company.as_deref(), Some("Windy, Grid"));
            assert_eq!(draft.id, said(&told.contacts[0], "id"));
        }
        assert!(notes.fine(), "{notes:?}");
    }

    #[test]
    fn a_file_holds_all_or_nothing() {
        let told = ContactsExport { total: 10_001, truncated: true, ..noor() };
        for form in [table, cards] {
            assert_eq!(form(&told).unwrap_err().code(), Code::ExportTooLarge);
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        let text = table(&noor()).unwrap();
        for cell in ["'=Noor", "'@lead", "'-1", "'+43 1 234"] {
            assert!(text.contains(cell), "{text}");
        }
    }
}

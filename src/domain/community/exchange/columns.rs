//! Contacts as a table: a line for each, its columns as our own are called, or as a mapping says.

use ::csv::StringRecord;
use entity::{
    kind::{Declared as _, Form, Kind, line as one_line, text},
    object,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{CONTACTS_MAX, Draft};
use crate::domain::{
    error::Code,
    learning::exchange::{
        notes::{Notes, Place},
        sheet,
    },
    table::as_meant,
};

/// A column of a table, and what it holds.
pub const COLUMN: Kind = Kind::Object(MappedColumn::object);

object! {
    /// A column of a table, and what it holds.
    #[derive(Serialize)]
    MappedColumn {
        /// What it is called in the head of the table.
        required column: String = one_line(1, 200),
        /// The member that it holds.
        required field: String = text(Form::Slug, 1, 100),
    }
}

/// What a column may hold, in the order in which a table is written. The first is needed.
pub const FIELDS: [&str; 14] = [
    "name",
    "email",
    "phone",
    "company",
    "role",
    "relationship",
    "howMet",
    "url",
    "note",
    "cadenceDays",
    "lastInteractionAt",
    "id",
    "externalId",
    "externalSource",
];

/// Reads a table; what is wrong with its form is noted.
#[must_use]
pub fn read(text: &str, mapping: Option<&[MappedColumn]>, notes: &mut Notes) -> Option<Vec<Draft>> {
    let sheet = sheet::read(text, CONTACTS_MAX, notes)?;
    let places = match mapping {
        Some(mapping) => mapped(&sheet.head, mapping, notes)?,
        None => named(&sheet.head, notes)?,
    };
    if sheet.lines.is_empty() {
        notes.error(Place::line(1), Code::BadInput, "There is no line below the head.");
    }
    Some(sheet.lines.iter().map(|(at, line)| draft(&places, *at, line)).collect())
}

/// Where each field stands.
type Places = [Option<usize>; FIELDS.len()];

/// A table whose columns are called as ours are; others are left out.
fn named(head: &StringRecord, notes: &mut Notes) -> Option<Places> {
    let (mut places, at): (Places, _) = ([None; FIELDS.len()], Place::line(1));
    for (place, name) in head.iter().map(str::trim).enumerate() {
        match FIELDS.iter().position(|field| field.eq_ignore_ascii_case(name)) {
            None => notes.warn(at.member(name), "COLUMN_LEFT_OUT", "No member of a contact is called so."),
            Some(field) => put(&mut places, field, place, &at.member(name), notes),
        }
    }
    complete(places, notes)
}

/// A table whose columns are called otherwise: what is not mapped is left out.
fn mapped(head: &StringRecord, mapping: &[MappedColumn], notes: &mut Notes) -> Option<Places> {
    let mut places: Places = [None; FIELDS.len()];
    for (number, one) in mapping.iter().enumerate() {
        let at = Place::pointer(format!("/mapping/{number}"));
        let column = head.iter().position(|name| name.trim() == one.column.trim());
        let field = FIELDS.iter().position(|field| *field == one.field);
        if column.is_none() {
            notes.error(at.member("column"), Code::BadInput, "The table has no such column.");
        }
        if field.is_none() {
            let message = format!("must be one of {}.", FIELDS.join(", "));
            notes.error(at.member("field"), Code::BadInput, &message);
        }
        if let Some((field, column)) = field.zip(column) {
            put(&mut places, field, column, &at.member("field"), notes);
        }
    }
    complete(places, notes)
}

fn put(places: &mut Places, field: usize, column: usize, at: &Place, notes: &mut Notes) {
    if places[field].is_some() {
        return notes.error(at.clone(), Code::BadInput, "Two columns hold the same.");
    }
    places[field] = Some(column);
}

fn complete(places: Places, notes: &mut Notes) -> Option<Places> {
    if places[0].is_none() && notes.fine() {
        notes.error(Place::line(1).member(FIELDS[0]), Code::BadInput, "The column is missing.");
    }
    notes.fine().then_some(places)
}

fn draft(places: &Places, line: i64, cells: &StringRecord) -> Draft {
    let mut out = Draft { line, ..Draft::default() };
    let mut source = None;
    for (field, place) in FIELDS.iter().zip(places) {
        let cell = place.and_then(|place| cells.get(place)).map(|cell| as_meant(cell.trim()));
        let Some(cell) = cell.filter(|cell| !cell.is_empty()) else { continue };
        match *field {
            "company" => out.company = Some(cell.to_owned()),
            "id" => out.id = Some(cell.to_owned()),
            "externalId" => out.known_as = Some((None, cell.to_owned())),
            "externalSource" => source = Some(cell.to_owned()),
            "cadenceDays" => _ = out.members.insert((*field).to_owned(), number(cell)),
            "url" => _ = out.members.insert((*field).to_owned(), absolute(cell)),
            _ => _ = out.members.insert((*field).to_owned(), json!(cell)),
        }
    }
    if let Some((of, _)) = &mut out.known_as {
        *of = source;
    }
    out
}

/// A whole number, or what it is instead: the check says so.
pub(super) fn number(text: &str) -> Value {
    text.parse::<i64>().map_or_else(|_| json!(text), Value::from)
}

/// Address books leave out what every address begins with.
pub(super) fn absolute(address: &str) -> Value {
    if address.contains("://") { json!(address) } else { json!(format!("https://{address}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, mapping: Option<&[MappedColumn]>) -> (Vec<Draft>, Vec<String>) {
        let mut notes = Notes::default();
        let mut drafts = read(text, mapping, &mut notes).unwrap_or_default();
        for draft in &mut drafts {
            draft.check(&mut notes);
        }
        let line = |note: &entity::learning::import_job::ImportNote| {
            format!("{} {} {}", note.line.unwrap_or_default(), note.pointer, note.code)
        };
        (drafts, notes.errors.iter().chain(&notes.warnings).map(line).collect())
    }

    fn column(column: &str, field: &str) -> MappedColumn {
        MappedColumn { column: column.to_owned(), field: field.to_owned() }
    }

    #[test]
    fn a_line_is_a_contact() {
        let text = "\u{feff}name;email;Company;cadenceDays;url\r\n\"Noor, H.\";noor@example.org;Windy Grid;30;noor.example\r\n";
        let (drafts, notes) = told(text, None);
        assert_eq!(notes, [""; 0]);
        let members = json!({ "name": "Noor, H.", "email": "noor@example.org", "cadenceDays": 30, "url": "https://noor.example" });
        assert_eq!(Value::Object(drafts[0].members.clone()), members);
        assert_eq!((drafts[0].line, drafts[0].company.as_deref()), (2, Some("Windy Grid")));
    }

    #[test]
    fn a_mapping_says_what_columns_hold() {
        let mapping = [column("Full name", "name"), column("Key", "externalId"), column("System", "externalSource")];
        let (drafts, notes) = told("Key,Full name,Else,System\n7,Noor,x,crm\n", Some(&mapping));
        assert_eq!(notes, [""; 0]);
        assert_eq!(drafts[0].known_as, Some((Some("crm".to_owned()), "7".to_owned())));
        assert_eq!(Value::Object(drafts[0].members.clone()), json!({ "name": "Noor" }));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_place() {
        for (text, expected) in [
            ("", vec!["1 /name BAD_INPUT"]),
            ("name\n", vec!["1  BAD_INPUT"]),
            ("email\na@b.c\n", vec!["1 /name BAD_INPUT"]),
            ("name,Fax\nNoor,1\n", vec!["1 /Fax COLUMN_LEFT_OUT"]),
            ("name,NAME\nNoor,1\n", vec!["1 /NAME BAD_INPUT"]),
            ("name,email\nNoor\n", vec!["2  BAD_INPUT"]),
            ("name,email\n,a@b.c\n", vec!["2 /name BAD_INPUT"]),
            ("name,email\n\"Noor,a@b.c\n", vec!["0  BAD_INPUT"]),
            (
                "name,email,cadenceDays\nNoor,nowhere,often\n",
                vec!["2 /cadenceDays VALUE_LEFT_OUT", "2 /email VALUE_LEFT_OUT"],
            ),
            ("name,email\n,\n\nNoor,\n , \n", vec![]),
        ] {
            assert_eq!(told(text, None).1, expected, "{text:?}");
        }
        let wrong = [column("Name", "name"), column("Nome", "called"), column("Name", "name")];
        let (_, notes) = told("Name\nNoor\n", Some(&wrong));
        assert_eq!(
            notes,
            ["0 /mapping/1/column BAD_INPUT", "0 /mapping/1/field BAD_INPUT", "0 /mapping/2/field BAD_INPUT"]
        );
    }

    #[test]
    fn a_formula_comes_back_as_it_was_meant() {
        let (drafts, _) = told("name,note\n'=1+1,=cmd()\n", None);
        assert_eq!(Value::Object(drafts[0].members.clone()), json!({ "name": "=1+1", "note": "=cmd()" }));
    }
}

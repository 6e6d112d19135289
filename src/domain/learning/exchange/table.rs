//! A framework as a table: a line for each competency, parents named by their codes.

use std::collections::HashMap;

use ::csv::StringRecord;
use entity::{
    learning::competency::{Alignment, CompetencyRule},
    vocabulary::Vocabulary as _,
};

use super::{
    Draft, Item, Names,
    notes::{Notes, Place},
    sheet,
};
use crate::domain::{
    error::{Code, Result},
    table::{Cell, as_meant, csv},
};

/// The columns, in the order in which they are written; the first two are needed.
pub const COLUMNS: [&str; 7] = ["code", "name", "description", "parentCode", "sortOrder", "rule", "alignments"];
/// How many lines a table has at most.
pub const LINES_MAX: usize = 20_000;

/// How a table calls what an item has.
pub const NAMES: Names =
    Names { code: "code", name: "name", description: "description", sort_order: "sortOrder", alignments: "alignments" };

/// Writes a table.
///
/// # Errors
/// Never: a row has a cell for each column.
pub fn write(draft: &Draft) -> Result<String> {
    let row = |item: &Item| {
        let parent = item.parent.map(|parent| draft.items[parent].code.as_str());
        let aligned: Vec<String> = item.alignments.iter().map(|one| format!("{}|{}", one.framework, one.uri)).collect();
        vec![
            Cell::from(item.code.as_str()),
            item.name.as_str().into(),
            item.description.as_deref().into(),
            parent.into(),
            item.sort_order.into(),
            item.rule.unwrap_or(CompetencyRule::None).word().into(),
            aligned.join("\n").into(),
        ]
    };
    csv(&COLUMNS, draft.items.iter().map(row))
}

/// Where each column stands.
struct Head([Option<usize>; 7]);

impl Head {
    fn read(head: &StringRecord, notes: &mut Notes) -> Option<Self> {
        let (mut places, before, at) = ([None; 7], notes.error_count, Place::line(1));
        for (place, name) in head.iter().enumerate() {
            let name = name.trim();
            match COLUMNS.iter().position(|known| known.eq_ignore_ascii_case(name)) {
                None => {
                    let message = format!("There is no such column; there are {}.", COLUMNS.join(", "));
                    notes.error(at.member(name), Code::BadInput, &message);
                }
                Some(column) if places[column].is_some() => {
                    notes.error(at.member(name), Code::BadInput, "The column is there twice.");
                }
                Some(column) => places[column] = Some(place),
            }
        }
        for name in COLUMNS.iter().zip(&places).take(2).filter(|(_, place)| place.is_none()).map(|(name, _)| name) {
            notes.error(at.member(name), Code::BadInput, "The column is missing.");
        }
        (notes.error_count == before).then_some(Self(places))
    }

    fn cell<'r>(&self, line: &'r StringRecord, column: usize) -> Option<&'r str> {
        let cell = as_meant(line.get(self.0[column]?)?);
        (!cell.trim().is_empty()).then_some(cell)
    }
}

/// Reads a table; what is wrong with its form is noted, and it is not to be taken in then.
#[must_use]
pub fn read(text: &str, notes: &mut Notes) -> Option<Draft> {
    let sheet = sheet::read(text, LINES_MAX, notes)?;
    let head = Head::read(&sheet.head, notes)?;
    let lines = (0..).zip(&sheet.lines).map(|(rank, (at, line))| read_line(&head, line, Place::line(*at), rank, notes));
    let lines: Vec<(Item, Option<String>)> = lines.collect();
    if lines.is_empty() {
        notes.error(Place::line(1), Code::BadInput, "There is no line below the head.");
    }
    Some(Draft { head: None, items: linked(lines, notes), names: &NAMES })
}

/// A line as an item, and the code of what it stands below.
fn read_line(head: &Head, line: &StringRecord, at: Place, rank: i64, notes: &mut Notes) -> (Item, Option<String>) {
    let mut needed = |column: usize| {
        let cell = head.cell(line, column);
        if cell.is_none() {
            notes.error(at.member(COLUMNS[column]), Code::BadInput, "The cell is empty.");
        }
        cell.unwrap_or_default().to_owned()
    };
    let (code, name) = (needed(0).trim().to_owned(), needed(1));
    let sort_order = match head.cell(line, 4).map(|cell| cell.trim().parse::<i64>()) {
        None => rank,
        Some(Ok(place)) => place,
        Some(Err(_)) => {
            notes.error(at.member(COLUMNS[4]), Code::BadInput, "A whole number is expected.");
            0
        }
    };
    let item = Item {
        parent_at: at.member(COLUMNS[3]),
        case_id: None,
        code,
        name,
        description: head.cell(line, 2).map(str::to_owned),
        parent: None,
        sort_order,
        rule: rule(head, line, &at, notes),
        alignments: alignments(head.cell(line, 6).unwrap_or_default(), &at, notes),
        at,
    };
    (item, head.cell(line, 3).map(|cell| cell.trim().to_owned()))
}

/// The rule of a line: without the column, whatever it was; in an empty cell, none.
fn rule(head: &Head, line: &StringRecord, at: &Place, notes: &mut Notes) -> Option<CompetencyRule> {
    head.0[5]?;
    let Some(word) = head.cell(line, 5) else { return Some(CompetencyRule::None) };
    let rule = CompetencyRule::of(&word.trim().to_ascii_uppercase());
    if rule.is_none() {
        let words: Vec<_> = CompetencyRule::WORDS.words.iter().map(|word| word.name).collect();
        notes.error(at.member(COLUMNS[5]), Code::BadInput, &format!("must be one of {}.", words.join(", ")));
    }
    rule
}

/// The alignments of a cell, a line for each: `framework|address`.
fn alignments(cell: &str, at: &Place, notes: &mut Notes) -> Vec<Alignment> {
    let mut out = Vec::new();
    for line in cell.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.rsplit_once('|') {
            Some((framework, uri)) => {
                out.push(Alignment { framework: framework.trim().to_owned(), uri: uri.trim().to_owned() });
            }
            None => notes.error(at.member(COLUMNS[6]), Code::BadInput, "Each line is written framework|address."),
        }
    }
    out
}

/// Finds what each line stands below.
fn linked(lines: Vec<(Item, Option<String>)>, notes: &mut Notes) -> Vec<Item> {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (place, (item, _)) in lines.iter().enumerate() {
        places.entry(item.code.clone()).or_insert(place);
    }
    let mut out = Vec::with_capacity(lines.len());
    for (mut item, above) in lines {
        if let Some(above) = above {
            item.parent = places.get(&above).copied();
            if item.parent.is_none() {
                notes.error(item.parent_at.clone(), Code::ReferenceUnknown, "The table has no line with this code.");
            }
        }
        out.push(item);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let mut notes = Notes::default();
        let _ = read(text, &mut notes);
        notes
            .errors
            .iter()
            .map(|note| format!("{} {} {}", note.line.unwrap_or_default(), note.pointer, note.code))
            .collect()
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_column() {
        assert_eq!(told("code,name\na,A\nb,B\n"), [""; 0]);
        assert_eq!(told("\u{feff}Code;Name\r\na;A\r\n"), [""; 0]);
        assert_eq!(told(""), ["1 /code BAD_INPUT", "1 /name BAD_INPUT"]);
        assert_eq!(told("code,nome,code\n"), ["1 /nome BAD_INPUT", "1 /code BAD_INPUT", "1 /name BAD_INPUT"]);
        assert_eq!(told("code,name\na\n,B\n"), ["2  BAD_INPUT", "3 /code BAD_INPUT"]);
        assert_eq!(
            told("code,name,parentCode,sortOrder,rule,alignments\n\"a\",\"A\nB\",x,1.5,SOME,nowhere\nb,B,a,,,\n"),
            [
                "2 /sortOrder BAD_INPUT",
                "2 /rule BAD_INPUT",
                "2 /alignments BAD_INPUT",
                "2 /parentCode REFERENCE_UNKNOWN"
            ]
        );
    }
}

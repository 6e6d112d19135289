//! Tables that come in: a head and lines, as spreadsheets write them, each line with its number.

use ::csv::StringRecord;

use super::notes::{Notes, Place};
use crate::domain::error::Code;

/// A table that could be read.
#[derive(Debug)]
pub struct Sheet {
    /// The head.
    pub head: StringRecord,
    /// The lines below it that have as many cells, with where they begin.
    pub lines: Vec<(i64, StringRecord)>,
}

/// Reads a table of at most so many lines; what is wrong with its form is noted.
#[must_use]
pub fn read(text: &str, most: usize, notes: &mut Notes) -> Option<Sheet> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Marks inside a cell are doubled: an odd one is not closed, and would take all the lines below it along.
    if text.matches('"').count() % 2 == 1 {
        notes.error(Place::default(), Code::BadInput, "A quotation mark is not closed.");
        return None;
    }
    let first = text.lines().next().unwrap_or_default();
    // Spreadsheets of half of Europe separate by semicolons.
    let separator = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
    let mut table = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let Ok(head) = table.headers().cloned() else {
        notes.error(Place::line(1), Code::BadInput, "The head cannot be read.");
        return None;
    };
    let mut lines = Vec::new();
    for line in table.records() {
        let Ok(line) = line else {
            notes.error(Place::default(), Code::BadInput, "The table cannot be read.");
            return None;
        };
        if lines.len() == most {
            notes.error(Place::default(), Code::TooLarge, &format!("A table holds at most {most} lines."));
            return None;
        }
        let number = line.position().and_then(|at| i64::try_from(at.line()).ok()).unwrap_or_default();
        if line.len() != head.len() {
            let message = format!("{} cells are expected, not {}.", head.len(), line.len());
            notes.error(Place::line(number), Code::BadInput, &message);
            continue;
        }
        lines.push((number, line));
    }
    Some(Sheet { head, lines })
}

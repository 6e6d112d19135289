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
    let first = text.lines().next().unwrap_or_default();
    // Whatever separates most, which is semicolons for half of Europe; of as many, the comma.
    let separators = [b'\t', b';', b','];
    let separator = separators.into_iter().max_by_key(|&one| first.bytes().filter(|&byte| byte == one).count());
    let separator = separator.unwrap_or(b',');
    if is_unclosed(text, separator) {
        notes.error(Place::default(), Code::BadInput, "A quotation mark is not closed.");
        return None;
    }
    let mut table = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let Ok(head) = table.headers().cloned() else {
        notes.error(Place::line(1), Code::BadInput, "The head cannot be read.");
        return None;
    };
    let (mut lines, mut place) = (Vec::new(), Lines { text, read: 0, number: 1 });
    for line in table.records() {
        let Ok(line) = line else {
            notes.error(Place::default(), Code::BadInput, "The table cannot be read.");
            return None;
        };
        // Spreadsheets end in lines that hold nothing but their separators.
        if line.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if lines.len() == most {
            notes.error(Place::default(), Code::TooLarge, &format!("A table holds at most {most} lines."));
            return None;
        }
        let number = place.of(line.position().map_or(0, csv::Position::byte));
        if line.len() != head.len() {
            let message = format!("{} cells are expected, not {}.", head.len(), line.len());
            notes.error(Place::line(number), Code::BadInput, &message);
            continue;
        }
        lines.push((number, line));
    }
    Some(Sheet { head, lines })
}

/// Whether a cell that begins with a mark is not closed, and would take all the lines below it along. A mark within a cell is a letter.
fn is_unclosed(text: &str, separator: u8) -> bool {
    let (mut quoted, mut begins) = (false, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if quoted {
            // Marks inside a cell are doubled.
            quoted = byte != b'"' || bytes.next_if_eq(&b'"').is_some();
            continue;
        }
        quoted = begins && byte == b'"';
        begins = byte == separator || byte == b'\n' || byte == b'\r';
    }
    quoted
}

/// Where lines begin: the reader of tables counts the end of a line with the line that follows it.
struct Lines<'t> {
    text: &'t str,
    read: usize,
    number: i64,
}

impl Lines<'_> {
    /// The number of the line that begins there, or behind what ends the one before it.
    fn of(&mut self, byte: u64) -> i64 {
        let all = self.text.as_bytes();
        let mut at = usize::try_from(byte).unwrap_or_default().clamp(self.read, all.len());
        while all.get(at).is_some_and(|letter| matches!(letter, b'\r' | b'\n')) {
            at += 1;
        }
        let ends = self.text.get(self.read..at).map_or(0, |passed| passed.matches('\n').count());
        self.number += i64::try_from(ends).unwrap_or_default();
        self.read = at;
        self.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_number_however_lines_end() {
        for (text, expected) in [
            ("a,b\n1,2\n3,4\n", [2, 3]),
            ("a,b\r\n1,2\r\n3,4\r\n", [2, 3]),
            ("\u{feff}a,b\r\n\"1\n1\",2\r\n3,4", [2, 4]),
            ("a,b\n\n1,2\n\n\n3,4\n", [3, 6]),
        ] {
            let sheet = read(text, 10, &mut Notes::default()).unwrap();
            assert_eq!(sheet.lines.iter().map(|(at, _)| *at).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}

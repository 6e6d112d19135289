//! Tables for spreadsheets: CSV as RFC 4180 has it, with a row of headers, in which no cell is ever a formula.

use csv::{Terminator, WriterBuilder};
use entity::{decimal::Decimal, money};

use super::error::{Error, Result};

/// What begins like a formula in some spreadsheet, or is skipped by one before it looks for a formula. Those of full
/// width are read as the plain ones in East Asian settings.
const RISKY: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A text that no spreadsheet takes for a formula: one that looks like one gets an apostrophe in front, and so does one
/// that has apostrophes there already, so that the way back is certain.
#[must_use]
pub fn harmless(text: &str) -> String {
    if text.trim_start_matches('\'').starts_with(RISKY) { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`harmless`] made harmless.
#[must_use]
pub fn as_meant(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(RISKY) => rest,
        _ => cell,
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing, or nothing that may be told.
    Empty,
    /// A number: it stays one, whatever its sign.
    Number(i64),
    /// A decimal number: it stays one, too.
    Decimal(Decimal),
    /// An amount, in digits: it stays a number, whatever its sign.
    Digits(String),
    /// A text that somebody may have written.
    Text(String),
}

impl Cell {
    /// The cell as it is written: what a spreadsheet might run gets an apostrophe in front.
    fn written(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Number(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Digits(digits) if money::is_decimal(digits) => digits.clone(),
            Self::Digits(text) => harmless(text),
            Self::Text(text) => harmless(text),
        }
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Cell {
    fn from(yes: bool) -> Self {
        Self::Text(yes.to_string())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Writes a table: names of columns, and rows of as many cells.
///
/// # Errors
/// `INTERNAL` for a row of another length.
pub fn csv(columns: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<String> {
    let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    out.write_record(columns).map_err(Error::internal)?;
    for row in rows {
        out.write_record(row.iter().map(Cell::written)).map_err(Error::internal)?;
    }
    let bytes = out.into_inner().map_err(Error::internal)?;
    String::from_utf8(bytes).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_as_the_standard_has_it() {
        let rows = [vec![Cell::from("a,b"), Cell::from("say \"hi\"\r\ntwice"), Cell::Empty, Cell::from(true)]];
        let table = csv(&["one", "two", "three", "four"], rows).unwrap();
        assert_eq!(table, "one,two,three,four\r\n\"a,b\",\"say \"\"hi\"\"\r\ntwice\",,true\r\n");
        assert!(csv(&["one"], [vec![Cell::Empty, Cell::Empty]]).is_err());
        assert_eq!(csv(&["a", "b"], []).unwrap(), "a,b\r\n");
    }

    #[test]
    fn no_text_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A"] {
            assert_eq!(Cell::from(text).written(), format!("'{text}"));
        }
        assert_eq!(Cell::from("'=1").written(), "''=1");
        for text in ["", "a=1", "1-2", "Ångström", "'a"] {
            assert_eq!(Cell::from(text).written(), text);
        }
    }

    #[test]
    fn a_number_stays_a_number() {
        assert_eq!(
            [Cell::from(-5), Cell::from(Some(7)), Cell::from(None::<i64>)].map(|cell| cell.written()),
            ["-5", "7", ""]
        );
    }

    #[test]
    fn a_decimal_stays_a_number_if_it_is_one() {
        let written = ["-0.50", "12", "=1+1"].map(|text| Cell::Digits(text.to_owned()).written());
        assert_eq!(written, ["-0.50", "12", "'=1+1"]);
    }

    #[test]
    fn what_was_written_is_read_again() {
        let rows = [vec![Cell::from("π, \"=2\"\n"), Cell::from(i64::MIN)]];
        let table = csv(&["text", "number"], rows).unwrap();
        let mut read = csv::Reader::from_reader(table.as_bytes());
        let row = read.records().next().unwrap().unwrap();
        assert_eq!((&row[0], &row[1]), ("π, \"=2\"\n", "-9223372036854775808"));
    }

    #[test]
    fn no_cell_is_a_formula_and_every_cell_comes_back() {
        for (cell, out) in [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("-5", "'-5"),
            ("@a", "'@a"),
            ("+a", "'+a"),
            ("\tx", "'\tx"),
            ("'=1", "''=1"),
            ("''-", "'''-"),
            ("'quoted'", "'quoted'"),
            ("'", "'"),
            ("", ""),
        ] {
            assert_eq!(harmless(cell), out);
            assert_eq!(as_meant(out), cell);
        }
    }
}

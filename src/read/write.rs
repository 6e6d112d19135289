//! Rows become JSON bytes: the one place where values take their wire form.

use std::{io::Write as _, ops::Range};

use entity::{decimal::Decimal, id::encode_into, kind::Kind};
use uuid::Uuid;

use super::{
    cell::{Cell, Value},
    compile::{Level, Shown, ShownEdgePart, ShownMember, ShownPage, ShownPart, json_key, value},
    cursor,
    plan::{InfoPart, Pick},
    rows::LevelRows,
    shape::Seen,
};

/// Everything that was read, and how it is shown.
#[derive(Debug)]
pub struct Writer<'a> {
    /// The levels.
    pub levels: &'a [Level],
    /// What each read.
    pub read: &'a [LevelRows],
    /// What computed leaves may look at.
    pub seen: Seen,
}

/// Which rows of a level are a page, and what lies around it.
struct Window {
    rows: Range<usize>,
    backward: bool,
    has_next: bool,
    has_previous: bool,
    total: i64,
}

impl Window {
    /// The rows in the order of the list, whichever way it was walked.
    fn places(&self) -> impl Iterator<Item = usize> {
        let (start, end, backward) = (self.rows.start, self.rows.end, self.backward);
        (start..end).map(move |place| if backward { end - 1 - (place - start) } else { place })
    }
}

impl Writer<'_> {
    /// The first row of a level, or null.
    pub fn first(&self, level: usize, shown: &Shown, out: &mut Vec<u8>) {
        let rows = &self.read[level].rows;
        if rows.is_empty() { out.extend_from_slice(b"null") } else { self.object(shown, level, 0, out) }
    }

    /// The row of an id in a level, or null.
    pub fn node(&self, level: usize, shown: &Shown, id: Uuid, out: &mut Vec<u8>) {
        match self.read[level].of.get(&id) {
            Some(rows) => self.object(shown, level, rows.start, out),
            None => out.extend_from_slice(b"null"),
        }
    }

    /// A page: of the root, or of one parent.
    pub fn page(&self, page: &ShownPage, parent: Option<Uuid>, out: &mut Vec<u8>) {
        let window = self.window(page.level, parent);
        out.push(b'{');
        for (place, (key, part)) in page.form.iter().enumerate() {
            member(out, place, key);
            match part {
                ShownPart::Typename => text(&format!("{}Connection", page.shape.name), out),
                ShownPart::Total(count) => number(count.told(window.total), out),
                ShownPart::Info(parts) => self.info(page.level, &window, parts, out),
                ShownPart::Nodes(shown) => {
                    list(window.places(), out, |row, out| self.object(shown, page.level, row, out));
                }
                ShownPart::Edges(parts) => list(window.places(), out, |row, out| self.edge(page, parts, row, out)),
            }
        }
        out.push(b'}');
    }

    fn window(&self, level: usize, parent: Option<Uuid>) -> Window {
        let read = &self.read[level];
        let slice = &self.levels[level].slice;
        let rows = match parent {
            Some(id) => read.of.get(&id).cloned().unwrap_or(0..0),
            None => 0..read.rows.len(),
        };
        let more = rows.len() > slice.limit;
        let mut rows = rows.start..rows.end.min(rows.start + slice.limit);
        let cut = slice.tail.map_or(0, |tail| rows.len().saturating_sub(tail));
        rows.start += cut;
        let total = read.totals.get(&parent.unwrap_or_default()).copied().unwrap_or(0);
        let (has_next, has_previous) =
            if slice.backward { (slice.before.is_some(), more) } else { (more, cut > 0 || slice.after.is_some()) };
        Window { rows, backward: slice.backward, has_next, has_previous, total }
    }

    fn info(&self, level: usize, window: &Window, parts: &[(String, InfoPart)], out: &mut Vec<u8>) {
        out.push(b'{');
        for (place, (key, part)) in parts.iter().enumerate() {
            member(out, place, key);
            match part {
                InfoPart::Typename => text("PageInfo", out),
                InfoPart::HasNext => boolean(window.has_next, out),
                InfoPart::HasPrevious => boolean(window.has_previous, out),
                InfoPart::Total(count) => number(count.told(window.total), out),
                InfoPart::Start => self.cursor_or_null(level, window.places().next(), out),
                InfoPart::End => self.cursor_or_null(level, window.places().last(), out),
            }
        }
        out.push(b'}');
    }

    fn cursor_or_null(&self, level: usize, row: Option<usize>, out: &mut Vec<u8>) {
        match row {
            Some(row) => text(&self.cursor(level, row), out),
            None => out.extend_from_slice(b"null"),
        }
    }

    fn cursor(&self, level: usize, row: usize) -> String {
        let declared = &self.levels[level];
        let marks = self.read[level].rows.row(row).cells(&declared.marks);
        cursor::encode(declared.shape, &declared.slice.order, &marks)
    }

    fn edge(&self, page: &ShownPage, parts: &[(String, ShownEdgePart)], row: usize, out: &mut Vec<u8>) {
        out.push(b'{');
        for (place, (key, part)) in parts.iter().enumerate() {
            member(out, place, key);
            match part {
                ShownEdgePart::Typename => text(&format!("{}Edge", page.shape.name), out),
                ShownEdgePart::Cursor => text(&self.cursor(page.level, row), out),
                ShownEdgePart::Node(shown) => self.object(shown, page.level, row, out),
            }
        }
        out.push(b'}');
    }

    fn object(&self, shown: &Shown, level: usize, row: usize, out: &mut Vec<u8>) {
        let cells = self.read[level].rows.row(row);
        let Some(id) = cells.at(shown.id).uuid() else {
            out.extend_from_slice(b"null");
            return;
        };
        out.push(b'{');
        for (place, (key, part)) in shown.members.iter().enumerate() {
            member(out, place, key);
            match part {
                ShownMember::Typename(name) => text(name, out),
                ShownMember::One(shown) => self.object(shown, level, row, out),
                ShownMember::Many(page) => {
                    self.page(page, page.parent.map_or(Some(id), |column| cells.at(column).uuid()), out);
                }
                ShownMember::Within(leaf, columns, picks) => {
                    let json = value(leaf, &cells.cells(columns), &self.seen);
                    let json =
                        json.text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(serde_json::Value::Null);
                    within(&json, picks, out);
                }
                ShownMember::Leaf(leaf, columns) => match columns.as_slice() {
                    // The common case copies nothing.
                    [column] if leaf.column().is_some() => wire(leaf.kind, cells.at(*column), out),
                    several => cell(leaf.kind, &value(leaf, &cells.cells(several), &self.seen), out),
                },
            }
        }
        out.push(b'}');
    }
}

/// Writes what is picked out of a declared object, or out of each in a list.
fn within(value: &serde_json::Value, picks: &[Pick], out: &mut Vec<u8>) {
    match value {
        serde_json::Value::Array(values) => list(values.iter(), out, |value, out| within(value, picks, out)),
        serde_json::Value::Object(members) => {
            out.push(b'{');
            for (place, pick) in picks.iter().enumerate() {
                member(out, place, &json_key(&pick.key));
                match pick.name.as_ref().map(|name| members.get(name).unwrap_or(&serde_json::Value::Null)) {
                    None => text(pick.type_name, out),
                    Some(inner) if pick.below.is_empty() => {
                        let _ = serde_json::to_writer(&mut *out, inner);
                    }
                    Some(inner) => within(inner, &pick.below, out),
                }
            }
            out.push(b'}');
        }
        _ => out.extend_from_slice(b"null"),
    }
}

/// Writes a member's key, after a comma unless it is the first.
pub(super) fn member(out: &mut Vec<u8>, place: usize, key: &str) {
    if place > 0 {
        out.push(b',');
    }
    out.extend_from_slice(key.as_bytes());
}

/// Writes a list.
pub(super) fn list<T>(items: impl Iterator<Item = T>, out: &mut Vec<u8>, mut each: impl FnMut(T, &mut Vec<u8>)) {
    out.push(b'[');
    for (place, item) in items.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        each(item, out);
    }
    out.push(b']');
}

/// Writes a value in its wire form.
pub fn cell(kind: Kind, cell: &Cell, out: &mut Vec<u8>) {
    wire(kind, cell.into(), out);
}

fn wire(kind: Kind, value: Value<'_>, out: &mut Vec<u8>) {
    match (kind, value) {
        (_, Value::Null) => out.extend_from_slice(b"null"),
        (Kind::Id(prefix), Value::Uuid(id)) => {
            out.push(b'"');
            encode_into(prefix, id, out);
            out.push(b'"');
        }
        (Kind::List { of: Kind::Word(words), .. }, Value::Int(bits)) => {
            let held = words.words.iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0);
            list(held, out, |(_, word), out| text(word.name, out));
        }
        // JSON columns hold what we wrote: one form already.
        (Kind::Object(_) | Kind::List { .. } | Kind::Json | Kind::Document(_), Value::Text(json)) => {
            out.extend_from_slice(json.as_bytes());
        }
        (_, Value::Text(value)) => text(value, out),
        (Kind::Decimal, Value::Int(millionths)) => match Decimal::of_millionths(millionths.into()) {
            Some(value) => text(&value.to_string(), out),
            None => out.extend_from_slice(b"null"),
        },
        (_, Value::Int(value)) => number(value, out),
        (_, Value::Bool(value)) => boolean(value, out),
        (_, Value::Time(micros)) => moment(micros, out),
        (_, Value::Date(days)) => {
            out.push(b'"');
            day(days, out);
            out.push(b'"');
        }
        (_, Value::Uuid(id)) => text(&id.to_string(), out),
    }
}

/// A moment as RFC 3339 has it, in UTC, with microseconds.
fn moment(micros: i64, out: &mut Vec<u8>) {
    const DAY: i64 = 86_400_000_000;
    let Ok(days) = i32::try_from(micros.div_euclid(DAY)) else {
        out.extend_from_slice(b"null");
        return;
    };
    let (seconds, micros) = (micros.rem_euclid(DAY) / 1_000_000, micros.rem_euclid(1_000_000));
    out.push(b'"');
    day(days, out);
    out.push(b'T');
    digits(seconds / 3600, 2, out);
    out.push(b':');
    digits(seconds / 60 % 60, 2, out);
    out.push(b':');
    digits(seconds % 60, 2, out);
    out.push(b'.');
    digits(micros, 6, out);
    out.extend_from_slice(b"Z\"");
}

/// A day as ISO 8601 has it.
fn day(days: i32, out: &mut Vec<u8>) {
    // Years that begin in March have their leap day at the end, and eras of 400 of them have equally many days.
    let shifted = i64::from(days) + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    if (0..=9999).contains(&year) {
        digits(year, 4, out);
    } else {
        let _ = write!(out, "{year:+05}");
    }
    out.push(b'-');
    digits(month, 2, out);
    out.push(b'-');
    digits(of_year - (153 * from_march + 2) / 5 + 1, 2, out);
}

/// A number that is not negative, with leading zeros.
fn digits(mut value: i64, width: usize, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + width, b'0');
    for digit in out[start..].iter_mut().rev() {
        *digit = b'0' + u8::try_from(value % 10).unwrap_or_default();
        value /= 10;
    }
}

fn text(value: &str, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, value);
}

fn number(value: i64, out: &mut Vec<u8>) {
    let _ = serde_json::to_writer(out, &value);
}

fn boolean(value: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};

    use super::*;

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn days_are_written_as_the_calendar_has_them() {
        for days in (-800_000..3_000_000).step_by(7).chain(-200_000..-100_000).chain(10_000..30_000) {
            let date = NaiveDate::from_epoch_days(days).unwrap();
            assert_eq!(written(|out| day(days, out)), date.to_string(), "{days}");
        }
    }

    #[test]
    fn moments_are_written_with_microseconds_in_utc() {
        for micros in
            [0, 1, -1, 999_999, 86_399_999_999, 86_400_000_000, 1_764_102_913_000_123, -62_135_596_800_000_000]
        {
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            assert_eq!(written(|out| moment(micros, out)), at.format("\"%Y-%m-%dT%H:%M:%S%.6fZ\"").to_string());
        }
    }
}

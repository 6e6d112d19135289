//! Rows become JSON bytes: the one place where values take their wire form.

use std::{io::Write as _, ops::Range};

use chrono::{Datelike as _, Timelike as _};
use entity::{id::encode, kind::Kind};
use uuid::Uuid;

use super::{
    cell::Cell,
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
        let (declared, cells) = (&self.levels[level], self.read[level].rows.row(row));
        let marks: Vec<Cell> = declared.marks.iter().map(|&column| cells[column].clone()).collect();
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
        let Some(id) = cells[shown.id].uuid() else {
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
                    self.page(page, page.parent.map_or(Some(id), |column| cells[column].uuid()), out);
                }
                ShownMember::Within(leaf, columns, picks) => {
                    let needed: Vec<Cell> = columns.iter().map(|&column| cells[column].clone()).collect();
                    let json = value(leaf, &needed, &self.seen);
                    let json =
                        json.text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or(serde_json::Value::Null);
                    within(&json, picks, out);
                }
                ShownMember::Leaf(leaf, columns) => match columns.as_slice() {
                    // The common case copies nothing.
                    [column] if leaf.column().is_some() => cell(leaf.kind, &cells[*column], out),
                    several => {
                        let needed: Vec<Cell> = several.iter().map(|&column| cells[column].clone()).collect();
                        cell(leaf.kind, &value(leaf, &needed, &self.seen), out);
                    }
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
    match (kind, cell) {
        (_, Cell::Null) => out.extend_from_slice(b"null"),
        (Kind::Id(prefix), Cell::Uuid(id)) => text(&encode(prefix, *id), out),
        (Kind::List { of: Kind::Word(words), .. }, Cell::Int(bits)) => {
            let held = words.words.iter().enumerate().filter(|(place, _)| bits & (1 << place) != 0);
            list(held, out, |(_, word), out| text(word.name, out));
        }
        // JSON columns hold what we wrote: one form already.
        (Kind::Object(_) | Kind::List { .. } | Kind::Json, Cell::Text(json)) => out.extend_from_slice(json.as_bytes()),
        (_, Cell::Text(value)) => text(value, out),
        (_, Cell::Int(value)) => number(*value, out),
        (_, Cell::Bool(value)) => boolean(*value, out),
        (_, Cell::Time(at)) => {
            let (year, month, day) = (at.year(), at.month(), at.day());
            let (hour, minute, second, micros) = (at.hour(), at.minute(), at.second(), at.nanosecond() / 1000);
            let _ = write!(out, "\"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z\"");
        }
        (_, Cell::Date(day)) => {
            let _ = write!(out, "\"{day}\"");
        }
        (_, Cell::Uuid(id)) => text(&id.to_string(), out),
    }
}

fn text(value: &str, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, value);
}

fn number(value: i64, out: &mut Vec<u8>) {
    let _ = write!(out, "{value}");
}

fn boolean(value: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

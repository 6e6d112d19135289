//! Keyset cursors: opaque text that holds where a row stands in one order, and is refused by another.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    cell::{Cell, Store},
    plan::Sort,
    shape::Shape,
};

/// Where a row stands: its value for each sort key, and the tie breaker.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark(pub Vec<Cell>);

/// Writes the cursor of a row that stands at `cells`: the sort keys in their order, then the tie breaker.
#[must_use]
pub fn encode(shape: &Shape, order: &[Sort], cells: &[Cell]) -> String {
    let values: Vec<Value> = cells.iter().map(to_json).collect();
    URL_SAFE_NO_PAD.encode(json!([signature(shape, order), values]).to_string())
}

/// Whether a text is of the form of a cursor.
#[must_use]
pub fn is_one(text: &str) -> bool {
    (1..=4096).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// Reads a cursor of this shape and this order.
#[must_use]
pub fn decode(text: &str, shape: &Shape, order: &[Sort]) -> Option<Mark> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (signed, values): (String, Vec<Value>) = serde_json::from_slice(&bytes).ok()?;
    if signed != signature(shape, order) || values.len() != order.len() + 1 {
        return None;
    }
    let stores = order.iter().map(|sort| shape.leaf(sort.leaf).map(|leaf| Store::of(leaf.kind)));
    let stores: Vec<Store> = stores.chain([Some(shape.tie.1)]).collect::<Option<_>>()?;
    let cells =
        values.iter().zip(&stores).map(|(value, store)| from_json(value, *store)).collect::<Option<Vec<_>>>()?;
    // The tie breaker is never null.
    (cells.last() != Some(&Cell::Null)).then_some(Mark(cells))
}

fn signature(shape: &Shape, order: &[Sort]) -> String {
    order
        .iter()
        .fold(shape.prefix.to_owned(), |text, sort| text + if sort.descending { "-" } else { "+" } + sort.column)
}

fn to_json(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Uuid(value) => json!(value.simple().to_string()),
        Cell::Text(value) => json!(value),
        Cell::Int(value) => json!(value),
        Cell::Bool(value) => json!(value),
        Cell::Time(value) => json!(value.timestamp_micros()),
        Cell::Date(value) => json!(value.to_string()),
    }
}

fn from_json(value: &Value, store: Store) -> Option<Cell> {
    if value.is_null() {
        return Some(Cell::Null);
    }
    Some(match store {
        Store::Uuid => Cell::Uuid(Uuid::try_parse(value.as_str()?).ok()?),
        // PostgreSQL has no text with NUL.
        Store::Text => Cell::Text(value.as_str().filter(|text| !text.contains('\0'))?.to_owned()),
        Store::Int => Cell::Int(value.as_i64()?),
        Store::Bool => Cell::Bool(value.as_bool()?),
        Store::Time => Cell::Time(moment(value.as_i64()?)?),
        Store::Date => Cell::Date(value.as_str()?.parse::<NaiveDate>().ok()?),
    })
}

/// A moment that both databases can hold.
fn moment(micros: i64) -> Option<DateTime<Utc>> {
    const LAST: i64 = 253_402_300_799_999_999;
    (0..=LAST).contains(&micros).then(|| DateTime::from_timestamp_micros(micros)).flatten()
}

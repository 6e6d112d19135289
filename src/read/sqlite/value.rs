//! Values in the form in which sea-orm stores them: ids are 16 bytes, moments and days are text, yes is 1.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};
use rusqlite::{
    Error, Row, Statement,
    types::{FromSqlError, FromSqlResult, ValueRef},
};
use uuid::Uuid;

use crate::read::{
    cell::{Store, Value},
    sql::Arg,
};

/// Gives a statement its arguments, by the numbers that stand in its text.
pub(super) fn bind(statement: &mut Statement<'_>, args: &[Arg], parents: &[Uuid]) -> rusqlite::Result<()> {
    for index in 1..=statement.parameter_count() {
        let number = |name: &str| name.strip_prefix('$')?.parse::<usize>().ok()?.checked_sub(1);
        let Some(arg) = statement.parameter_name(index).and_then(number).and_then(|number| args.get(number)) else {
            return Err(Error::InvalidParameterCount(args.len(), index));
        };
        match arg {
            Arg::Uuid(value) => statement.raw_bind_parameter(index, value.as_bytes().as_slice()),
            Arg::Text(value) => statement.raw_bind_parameter(index, value),
            Arg::Int(value) => statement.raw_bind_parameter(index, value),
            Arg::Bool(value) => statement.raw_bind_parameter(index, value),
            Arg::Time(value) => {
                statement.raw_bind_parameter(index, value.to_rfc3339_opts(SecondsFormat::AutoSi, false))
            }
            Arg::Date(value) => statement.raw_bind_parameter(index, value.format("%F").to_string()),
            Arg::Uuids(values) => statement.raw_bind_parameter(index, hexadecimal(values)),
            Arg::Texts(values) => statement.raw_bind_parameter(index, serde_json::json!(values).to_string()),
            Arg::Ints(values) => statement.raw_bind_parameter(index, serde_json::json!(values).to_string()),
            Arg::Parents => statement.raw_bind_parameter(index, hexadecimal(parents)),
        }?;
    }
    Ok(())
}

/// Lists travel as JSON, which has no blobs: ids as hexadecimal text.
fn hexadecimal(ids: &[Uuid]) -> String {
    let mut json = String::with_capacity(2 + ids.len() * 35);
    json.push('[');
    for (place, id) in ids.iter().enumerate() {
        json.push_str(if place > 0 { ",\"" } else { "\"" });
        json.push_str(id.simple().encode_lower(&mut Uuid::encode_buffer()));
        json.push('"');
    }
    json.push(']');
    json
}

/// One value of a row. What lies there in another form than it was declared to is an error, not a guess.
pub(super) fn at<'a>(row: &'a Row<'_>, place: usize, store: Store) -> rusqlite::Result<Value<'a>> {
    let value = row.get_ref(place)?;
    read(value, store).map_err(|why| Error::FromSqlConversionFailure(place, value.data_type(), Box::new(why)))
}

fn read(value: ValueRef<'_>, store: Store) -> FromSqlResult<Value<'_>> {
    Ok(match store {
        _ if value == ValueRef::Null => Value::Null,
        Store::Uuid => Value::Uuid(Uuid::from_slice(value.as_blob()?).map_err(FromSqlError::other)?),
        Store::Text => Value::Text(value.as_str()?),
        Store::Int => Value::Int(value.as_i64()?),
        Store::Bool => Value::Bool(value.as_i64()? != 0),
        Store::Time => Value::Time(time(value.as_str()?).ok_or(FromSqlError::InvalidType)?.timestamp_micros()),
        Store::Date => Value::Date(date(value.as_str()?).ok_or(FromSqlError::InvalidType)?.to_epoch_days()),
    })
}

fn time(text: &str) -> Option<DateTime<Utc>> {
    usual_time(text.as_bytes()).or_else(|| odd_time(text))
}

fn date(text: &str) -> Option<NaiveDate> {
    usual_date(text.as_bytes()).or_else(|| NaiveDate::parse_from_str(text, "%F").ok())
}

/// A moment as sea-orm writes it: `2026-01-31T23:59:59.123456+00:00`.
fn usual_time(text: &[u8]) -> Option<DateTime<Utc>> {
    let (day, rest) = text.split_at_checked(10)?;
    let (clock, rest) = rest.split_at_checked(9)?;
    let [b'T', _, _, b':', _, _, b':', _, _] = clock else { return None };
    let nanos = match rest.strip_suffix(b"+00:00")? {
        [] => 0,
        [b'.', digits @ ..] => number(digits)? * 10_u32.pow(9_u32.checked_sub(u32::try_from(digits.len()).ok()?)?),
        _ => return None,
    };
    let (hour, minute, second) = (number(&clock[1..3])?, number(&clock[4..6])?, number(&clock[7..9])?);
    Some(usual_date(day)?.and_hms_nano_opt(hour, minute, second, nanos)?.and_utc())
}

/// A day in four, two and two digits.
fn usual_date(text: &[u8]) -> Option<NaiveDate> {
    let [_, _, _, _, b'-', _, _, b'-', _, _] = text else { return None };
    NaiveDate::from_ymd_opt(i32::try_from(number(&text[..4])?).ok()?, number(&text[5..7])?, number(&text[8..])?)
}

/// At most nine digits.
fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    digits.iter().try_fold(0, |all, digit| digit.is_ascii_digit().then(|| all * 10 + u32::from(digit - b'0')))
}

/// A moment of a year without four digits, in another offset, or as SQLite's own functions write it.
fn odd_time(text: &str) -> Option<DateTime<Utc>> {
    let at = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_str(text, "%FT%T%.f%:z"));
    let plain = || NaiveDateTime::parse_from_str(text, "%F %T%.f").ok();
    at.map(|at| at.to_utc()).ok().or_else(|| plain().map(|at| at.and_utc()))
}

#[cfg(test)]
mod tests;

//! The messages that we send, as the extended query protocol has them: statements by name, values in binary.

use chrono::{DateTime, NaiveDate, Utc};

use crate::read::{cell::Store, sql::Arg};

/// A value that goes with a statement.
pub(super) trait Argument {
    /// The number of its type.
    fn oid(&self) -> u32;
    /// Writes its length and itself, in binary; what is nothing by [`null`].
    fn write(&self, out: &mut Vec<u8>);
}

/// The day from which PostgreSQL counts, in days since 1970.
pub(super) const EPOCH_DAYS: i32 = 10_957;
/// The same moment in microseconds.
pub(super) const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// The numbers of the types that we use.
pub(super) mod oid {
    pub(in super::super) const BOOL: u32 = 16;
    pub(in super::super) const BYTEA: u32 = 17;
    pub(in super::super) const INT8: u32 = 20;
    pub(in super::super) const INT2: u32 = 21;
    pub(in super::super) const INT4: u32 = 23;
    pub(in super::super) const TEXT: u32 = 25;
    pub(in super::super) const JSON: u32 = 114;
    pub(in super::super) const FLOAT8: u32 = 701;
    pub(in super::super) const DATE: u32 = 1082;
    pub(in super::super) const TIMESTAMPTZ: u32 = 1184;
    pub(in super::super) const VOID: u32 = 2278;
    pub(in super::super) const UUID: u32 = 2950;
    pub(in super::super) const JSONB: u32 = 3802;
    pub(super) const INT8S: u32 = 1016;
    pub(super) const TEXTS: u32 = 1009;
    pub(super) const UUIDS: u32 = 2951;
    /// Texts of a length, of a padded length, and names: the same bytes.
    pub(in super::super) const TEXT_LIKE: [u32; 4] = [TEXT, 1043, 1042, 19];
}

/// Whether a column of this type holds what a store is declared to hold.
pub(super) fn holds(oid: u32, store: Store) -> bool {
    match store {
        Store::Uuid => oid == oid::UUID,
        Store::Text => oid::TEXT_LIKE.contains(&oid),
        Store::Int => oid == oid::INT8,
        Store::Bool => oid == oid::BOOL,
        Store::Time => oid == oid::TIMESTAMPTZ,
        Store::Date => oid == oid::DATE,
    }
}

/// Prepares a statement under a name.
pub(super) fn prepare<A: Argument>(name: u32, sql: &str, args: &[A], out: &mut Vec<u8>) {
    message(b'P', out, |out| {
        named(name, out);
        text(sql, out);
        count(args.len(), out);
        for arg in args {
            out.extend_from_slice(&arg.oid().to_be_bytes());
        }
    });
}

/// Asks what the rows of a prepared statement consist of.
pub(super) fn describe(name: u32, out: &mut Vec<u8>) {
    message(b'D', out, |out| {
        out.push(b'S');
        named(name, out);
    });
}

/// Runs a prepared statement with its arguments, to the last row.
pub(super) fn run<A: Argument>(name: u32, args: &[A], out: &mut Vec<u8>) {
    message(b'B', out, |out| {
        out.push(0); // the portal without a name
        named(name, out);
        binary(out);
        count(args.len(), out);
        for arg in args {
            arg.write(out);
        }
        binary(out);
    });
    message(b'E', out, |out| out.extend_from_slice(&[0; 5]));
}

/// Ends a conversation: what was run is one transaction, and now its outcome is told.
pub(super) fn sync(out: &mut Vec<u8>) {
    message(b'S', out, |_| {});
}

/// Says who comes, before anything else is said.
pub(super) fn startup(parameters: &[(&str, &str)], out: &mut Vec<u8>) {
    sized(out, |out| {
        out.extend_from_slice(&196_608_u32.to_be_bytes()); // version 3.0
        for (name, value) in parameters {
            text(name, out);
            text(value, out);
        }
        out.push(0);
    });
}

/// Asks whether the server speaks TLS.
pub(super) fn ssl_request(out: &mut Vec<u8>) {
    sized(out, |out| out.extend_from_slice(&80_877_103_u32.to_be_bytes()));
}

/// Asks to break off what is done for the connection with this key.
pub(super) fn cancel(key: [u8; 8], out: &mut Vec<u8>) {
    sized(out, |out| {
        out.extend_from_slice(&80_877_102_u32.to_be_bytes());
        out.extend_from_slice(&key);
    });
}

/// A password, or its hash.
pub(super) fn password(bytes: &[u8], out: &mut Vec<u8>) {
    message(b'p', out, |out| {
        out.extend_from_slice(bytes);
        out.push(0);
    });
}

/// The first step of SASL.
pub(super) fn sasl_first(mechanism: &str, data: &[u8], out: &mut Vec<u8>) {
    message(b'p', out, |out| {
        text(mechanism, out);
        sized_value(out, |out| out.extend_from_slice(data));
    });
}

/// Another step of SASL.
pub(super) fn sasl_next(data: &[u8], out: &mut Vec<u8>) {
    message(b'p', out, |out| out.extend_from_slice(data));
}

impl Argument for Arg {
    fn oid(&self) -> u32 {
        match self {
            Self::Uuid(_) | Self::Parents => oid::UUID,
            Self::Text(_) => oid::TEXT,
            Self::Int(_) => oid::INT8,
            Self::Bool(_) => oid::BOOL,
            Self::Time(_) => oid::TIMESTAMPTZ,
            Self::Date(_) => oid::DATE,
            Self::Uuids(_) => oid::UUIDS,
            Self::Texts(_) => oid::TEXTS,
            Self::Ints(_) => oid::INT8S,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            // Statements that stand alone have none.
            Self::Parents => null(out),
            Self::Uuid(value) => bytes(value.as_bytes(), out),
            Self::Text(value) => bytes(value.as_bytes(), out),
            Self::Int(value) => bytes(&value.to_be_bytes(), out),
            Self::Bool(value) => bytes(&[u8::from(*value)], out),
            Self::Time(value) => time(value, out),
            Self::Date(value) => date(*value, out),
            Self::Uuids(values) => array(oid::UUID, values.iter().map(|value| value.as_bytes().as_slice()), out),
            Self::Texts(values) => array(oid::TEXT, values.iter().map(String::as_bytes), out),
            Self::Ints(values) => {
                let values: Vec<[u8; 8]> = values.iter().map(|value| value.to_be_bytes()).collect();
                array(oid::INT8, values.iter().map(<[u8; 8]>::as_slice), out);
            }
        }
    }
}

/// Nothing, of any type.
pub(super) fn null(out: &mut Vec<u8>) {
    out.extend_from_slice(&(-1_i32).to_be_bytes());
}

/// A moment.
pub(super) fn time(value: &DateTime<Utc>, out: &mut Vec<u8>) {
    bytes(&(value.timestamp_micros() - EPOCH_MICROS).to_be_bytes(), out);
}

/// A day.
pub(super) fn date(value: NaiveDate, out: &mut Vec<u8>) {
    bytes(&(value.to_epoch_days() - EPOCH_DAYS).to_be_bytes(), out);
}

fn array<'a>(of: u32, values: impl ExactSizeIterator<Item = &'a [u8]>, out: &mut Vec<u8>) {
    let length = number(values.len());
    sized_value(out, |out| {
        let dimensions = i32::from(length > 0);
        out.extend_from_slice(&dimensions.to_be_bytes());
        out.extend_from_slice(&[0; 4]); // no nulls
        out.extend_from_slice(&of.to_be_bytes());
        if length > 0 {
            out.extend_from_slice(&length.to_be_bytes());
            out.extend_from_slice(&1_i32.to_be_bytes());
        }
        for value in values {
            bytes(value, out);
        }
    });
}

/// A value as these bytes.
pub(super) fn bytes(value: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&number(value.len()).to_be_bytes());
    out.extend_from_slice(value);
}

/// Texts end with a zero, and therefore hold none.
fn text(value: &str, out: &mut Vec<u8>) {
    out.extend(value.bytes().filter(|byte| *byte != 0));
    out.push(0);
}

fn named(name: u32, out: &mut Vec<u8>) {
    out.push(b's');
    out.extend_from_slice(name.to_string().as_bytes());
    out.push(0);
}

/// All values are in binary.
fn binary(out: &mut Vec<u8>) {
    out.extend_from_slice(&[0, 1, 0, 1]);
}

fn count(items: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&u16::try_from(items).unwrap_or(u16::MAX).to_be_bytes());
}

fn message(tag: u8, out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    out.push(tag);
    sized(out, body);
}

/// A length that counts itself, then the body.
fn sized(out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    body(out);
    let length = number(out.len() - start);
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}

/// A length that does not count itself, then the body.
fn sized_value(out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    body(out);
    let length = number(out.len() - start - 4);
    out[start..start + 4].copy_from_slice(&length.to_be_bytes());
}

/// Lengths are those of requests, which are limited long before.
fn number(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::sql::{Dialect, Sql};

    #[test]
    fn a_statement_is_prepared_by_name_and_run_with_binary_values() {
        let mut sql = Sql::new(Dialect::Postgres);
        sql.push("SELECT ").bind(Arg::Int(5)).push(", ").bind(Arg::Ints(vec![1]));
        let mut out = Vec::new();
        prepare(7, &sql.text, &sql.args, &mut out);
        assert_eq!(out, b"P\0\0\0\x1fs7\0SELECT $1, $2\0\0\x02\0\0\0\x14\0\0\x03\xf8"[..]);
        out.clear();
        run(7, &sql.args, &mut out);
        sync(&mut out);
        let bound = b"B\0\0\0\x42\0s7\0\0\x01\0\x01\0\x02\0\0\0\x08\0\0\0\0\0\0\0\x05\
            \0\0\0\x20\0\0\0\x01\0\0\0\0\0\0\0\x14\0\0\0\x01\0\0\0\x01\0\0\0\x08\0\0\0\0\0\0\0\x01\0\x01\0\x01";
        assert_eq!(out[..bound.len()], bound[..]);
        assert_eq!(out[bound.len()..], b"E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04"[..]);
    }
}

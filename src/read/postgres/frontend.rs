//! The messages that we send, as the extended query protocol has them: statements by name, values in binary.

use crate::read::{
    cell::Store,
    sql::{Arg, Sql},
};

/// The day from which PostgreSQL counts, in days since 1970.
pub(super) const EPOCH_DAYS: i32 = 10_957;
/// The same moment in microseconds.
pub(super) const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// The numbers of the types that we use.
mod oid {
    pub(super) const BOOL: u32 = 16;
    pub(super) const INT8: u32 = 20;
    pub(super) const TEXT: u32 = 25;
    pub(super) const DATE: u32 = 1082;
    pub(super) const TIMESTAMPTZ: u32 = 1184;
    pub(super) const UUID: u32 = 2950;
    pub(super) const INT8S: u32 = 1016;
    pub(super) const TEXTS: u32 = 1009;
    pub(super) const UUIDS: u32 = 2951;
    /// Texts of a length, of a padded length, and names: the same bytes.
    pub(super) const TEXT_LIKE: [u32; 4] = [TEXT, 1043, 1042, 19];
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

const fn oid_of(arg: &Arg) -> u32 {
    match arg {
        Arg::Uuid(_) | Arg::Parents => oid::UUID,
        Arg::Text(_) => oid::TEXT,
        Arg::Int(_) => oid::INT8,
        Arg::Bool(_) => oid::BOOL,
        Arg::Time(_) => oid::TIMESTAMPTZ,
        Arg::Date(_) => oid::DATE,
        Arg::Uuids(_) => oid::UUIDS,
        Arg::Texts(_) => oid::TEXTS,
        Arg::Ints(_) => oid::INT8S,
    }
}

/// Prepares a statement under a name.
pub(super) fn prepare(name: u32, sql: &Sql, out: &mut Vec<u8>) {
    message(b'P', out, |out| {
        named(name, out);
        text(&sql.text, out);
        count(sql.args.len(), out);
        for arg in &sql.args {
            out.extend_from_slice(&oid_of(arg).to_be_bytes());
        }
    });
}

/// Runs a prepared statement with its arguments, to the last row.
pub(super) fn run(name: u32, sql: &Sql, out: &mut Vec<u8>) {
    message(b'B', out, |out| {
        out.push(0); // the portal without a name
        named(name, out);
        binary(out);
        count(sql.args.len(), out);
        for arg in &sql.args {
            value(arg, out);
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

fn value(arg: &Arg, out: &mut Vec<u8>) {
    match arg {
        // Statements that stand alone have none.
        Arg::Parents => out.extend_from_slice(&(-1_i32).to_be_bytes()),
        Arg::Uuid(value) => bytes(value.as_bytes(), out),
        Arg::Text(value) => bytes(value.as_bytes(), out),
        Arg::Int(value) => bytes(&value.to_be_bytes(), out),
        Arg::Bool(value) => bytes(&[u8::from(*value)], out),
        Arg::Time(value) => bytes(&(value.timestamp_micros() - EPOCH_MICROS).to_be_bytes(), out),
        Arg::Date(value) => bytes(&(value.to_epoch_days() - EPOCH_DAYS).to_be_bytes(), out),
        Arg::Uuids(values) => array(oid::UUID, values.iter().map(|value| value.as_bytes().as_slice()), out),
        Arg::Texts(values) => array(oid::TEXT, values.iter().map(String::as_bytes), out),
        Arg::Ints(values) => {
            let values: Vec<[u8; 8]> = values.iter().map(|value| value.to_be_bytes()).collect();
            array(oid::INT8, values.iter().map(<[u8; 8]>::as_slice), out);
        }
    }
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

fn bytes(value: &[u8], out: &mut Vec<u8>) {
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
    use crate::read::sql::Dialect;

    #[test]
    fn a_statement_is_prepared_by_name_and_run_with_binary_values() {
        let mut sql = Sql::new(Dialect::Postgres);
        sql.push("SELECT ").bind(Arg::Int(5)).push(", ").bind(Arg::Ints(vec![1]));
        let mut out = Vec::new();
        prepare(7, &sql, &mut out);
        assert_eq!(out, b"P\0\0\0\x1fs7\0SELECT $1, $2\0\0\x02\0\0\0\x14\0\0\x03\xf8"[..]);
        out.clear();
        run(7, &sql, &mut out);
        sync(&mut out);
        let bound = b"B\0\0\0\x42\0s7\0\0\x01\0\x01\0\x02\0\0\0\x08\0\0\0\0\0\0\0\x05\
            \0\0\0\x20\0\0\0\x01\0\0\0\0\0\0\0\x14\0\0\0\x01\0\0\0\x01\0\0\0\x08\0\0\0\0\0\0\0\x01\0\x01\0\x01";
        assert_eq!(out[..bound.len()], bound[..]);
        assert_eq!(out[bound.len()..], b"E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04"[..]);
    }
}

//! The messages that come back: rows in binary, and what the server has to say otherwise.

use std::{io, sync::Arc};

use super::{
    frontend::{EPOCH_DAYS, EPOCH_MICROS, holds},
    whole::Part,
};
use crate::{
    domain::error::Error,
    read::{
        cell::{Store, Value},
        rows::Rows,
    },
};

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Fault {
    /// The connection is lost, or never came about.
    Lost(io::Error),
    /// The server refuses, with its code and its words.
    Told {
        /// The SQLSTATE.
        code: String,
        /// What it says.
        message: String,
    },
    /// What came is not what the protocol, or the declared columns, let one expect.
    Odd(&'static str),
}

impl Fault {
    /// Whether a newer connection may well answer: this one ended, or its statements are older than the tables.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Lost(_) => true,
            // Shut down, crashed, or starting; or "cached plan must not change result type".
            Self::Told { code, .. } => ["57P01", "57P02", "57P03", "0A000"].contains(&code.as_str()),
            Self::Odd(_) => false,
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Lost(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Lost(error) => Self::unavailable(error),
            Fault::Told { code, message } => {
                // Connection trouble, no resources, shut down or cancelled, I/O.
                let outage = ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class));
                let told = format!("PostgreSQL {code}: {message}");
                if outage { Self::unavailable(told) } else { Self::internal(told) }
            }
            Fault::Odd(what) => Self::internal(what),
        }
    }
}

/// A message: its tag, its body, and how many bytes it takes.
type Message<'a> = (u8, &'a [u8], usize);

/// The first message of what came, once it is whole.
pub(super) fn message(came: &[u8]) -> Result<Option<Message<'_>>, Fault> {
    let [tag, a, b, c, d, rest @ ..] = came else { return Ok(None) };
    let length = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX);
    let Some(length) = length.checked_sub(4).filter(|length| *length < 1 << 30) else {
        return Err(Fault::Odd("a message without a length"));
    };
    Ok(rest.get(..length).map(|body| (*tag, body, length + 5)))
}

/// What an `ErrorResponse` says.
pub(super) fn told(body: &[u8]) -> Fault {
    let (mut code, mut message) = (String::new(), String::new());
    for field in body.split(|byte| *byte == 0) {
        match field {
            [b'C', value @ ..] => code = String::from_utf8_lossy(value).into_owned(),
            [b'M', value @ ..] => message = String::from_utf8_lossy(value).into_owned(),
            _ => {}
        }
    }
    Fault::Told { code, message }
}

/// Adds the values of a `DataRow`: the number of a part, and a row of it. Further columns, by which the part itself
/// sorted, are nobody's concern.
pub(super) fn row(body: &[u8], parts: &[Part<'_>], rows: &mut [Rows]) -> Result<(), Fault> {
    let mut at = Reader(body);
    if at.u16()? != 2 || at.u32()? != 4 {
        return Err(Fault::Odd("a row that is not a part and its row"));
    }
    let place = at.u32()? as usize;
    let (Some(part), Some(rows)) = (parts.get(place), rows.get_mut(place)) else {
        return Err(Fault::Odd("a row of a part that nobody asked about"));
    };
    at.take(4)?;
    if (at.u32()? as usize) < part.stores.len() {
        return Err(Fault::Odd("a row with fewer columns than declared"));
    }
    for store in part.stores {
        if !holds(at.u32()?, *store) {
            return Err(Fault::Odd("a column of another type than declared"));
        }
        rows.push(at.value()?.map_or(Ok(Value::Null), |bytes| value(bytes, *store))?);
    }
    Ok(())
}

fn value(bytes: &[u8], store: Store) -> Result<Value<'_>, Fault> {
    let value = match store {
        Store::Uuid => bytes.try_into().ok().map(|bytes| Value::Uuid(uuid::Uuid::from_bytes(bytes))),
        Store::Text => std::str::from_utf8(bytes).ok().map(Value::Text),
        Store::Int => bytes.try_into().ok().map(|bytes| Value::Int(i64::from_be_bytes(bytes))),
        Store::Bool => bytes.first().map(|byte| Value::Bool(*byte != 0)),
        // Infinity, which nothing of ours is, does not fit.
        Store::Time => bytes
            .try_into()
            .ok()
            .map(i64::from_be_bytes)
            .and_then(|micros| micros.checked_add(EPOCH_MICROS).filter(|_| micros != i64::MIN).map(Value::Time)),
        Store::Date => bytes
            .try_into()
            .ok()
            .map(i32::from_be_bytes)
            .and_then(|days| days.checked_add(EPOCH_DAYS).filter(|_| days != i32::MIN).map(Value::Date)),
    };
    value.ok_or(Fault::Odd("a value that is not of its type"))
}

/// A column of a statement's rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    /// The number of its type.
    pub(super) oid: u32,
}

/// What a `RowDescription` says.
pub(super) fn columns(body: &[u8]) -> Result<Arc<[Column]>, Fault> {
    let mut at = Reader(body);
    let count = at.u16()?;
    (0..count)
        .map(|_| {
            let end = at.0.iter().position(|byte| *byte == 0).ok_or(Fault::Odd("a name without an end"))?;
            let name = String::from_utf8_lossy(at.take(end)?).into_owned();
            at.take(1 + 4 + 2)?; // the end, the table, and the place there
            let oid = at.u32()?;
            at.take(2 + 4 + 2)?; // the type's size and bounds, and the format
            Ok(Column { name, oid })
        })
        .collect()
}

/// How many rows a `CommandComplete` tells of: `INSERT 0 3`, `UPDATE 2`.
pub(super) fn affected(body: &[u8]) -> u64 {
    let tag = std::str::from_utf8(body).unwrap_or_default().trim_end_matches('\0');
    tag.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or_default()
}

/// Bytes that are read from the front.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Fault::Odd("a message that ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    /// A value of a row, unless it is nothing.
    pub(super) fn value(&mut self) -> Result<Option<&'a [u8]>, Fault> {
        match self.u32()? {
            u32::MAX => Ok(None),
            length => self.take(length as usize).map(Some),
        }
    }

    pub(super) fn u16(&mut self) -> Result<u16, Fault> {
        self.take(2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    pub(super) fn u32(&mut self) -> Result<u32, Fault> {
        self.take(4).map(|bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::sql::{Dialect, Sql};

    #[test]
    fn messages_are_taken_when_they_are_whole() {
        assert!(matches!(message(b"Z\0\0\0\x05"), Ok(None)));
        assert!(matches!(message(b"Z\0\0\0\x05Irest"), Ok(Some((b'Z', b"I", 6)))));
        assert!(matches!(message(b"Z\0\0\0\x03I"), Err(Fault::Odd(_))));
        assert!(matches!(message(b"Z\xff\0\0\x03I"), Err(Fault::Odd(_))));
    }

    #[test]
    fn rows_are_read_by_their_declared_columns() {
        let sql = Sql::new(Dialect::Postgres);
        let stores = [Store::Int, Store::Text, Store::Bool, Store::Date];
        let parts = [Part { sql: &sql, stores: &stores, parent: None }];
        let read = |body: &[u8]| {
            let mut rows = [Rows::new(4)];
            row(body, &parts, &mut rows).map(|()| rows)
        };
        let whole = b"\0\x02\0\0\0\x04\0\0\0\0\0\0\0\x40\0\0\0\x05\
            \0\0\0\x14\0\0\0\x08\0\0\0\0\0\0\0\x07\0\0\0\x19\0\0\0\x02hi\
            \0\0\0\x10\xff\xff\xff\xff\0\0\x04\x3a\0\0\0\x04\0\0\0\x01\0\0\0\x14\xff\xff\xff\xff";
        let rows = read(whole).unwrap();
        let values: Vec<_> = rows[0].row(0).values().collect();
        assert_eq!(values, [Value::Int(7), Value::Text("hi"), Value::Null, Value::Date(10_958)]);
        for end in 0..whole.len() - 8 {
            assert!(read(&whole[..end]).is_err(), "{end}");
        }
        let other = |place: usize, byte: u8| {
            let mut body = whole.to_vec();
            body[place] = byte;
            read(&body).is_err()
        };
        // Another part, fewer columns, another type.
        assert!(other(9, 1) && other(17, 3) && other(21, 0x19));
    }

    #[test]
    fn moments_that_nothing_of_ours_is_are_refused() {
        assert!(matches!(value(&0_i64.to_be_bytes(), Store::Time), Ok(Value::Time(EPOCH_MICROS))));
        for infinite in [i64::MAX, i64::MIN] {
            assert!(value(&infinite.to_be_bytes(), Store::Time).is_err());
        }
    }

    #[test]
    fn what_a_newer_connection_may_answer_is_tried_again() {
        let told = |code: &str| told(format!("SERROR\0C{code}\0Mwords\0\0").as_bytes());
        assert!(told("57P01").may_pass() && told("0A000").may_pass());
        assert!(!told("57014").may_pass() && !told("42601").may_pass());
        assert_eq!(Error::from(told("57014")).code(), crate::domain::error::Code::Unavailable);
        assert_eq!(Error::from(told("42601")).code(), crate::domain::error::Code::Internal);
    }
}

//! Reads JSON as data only.
//!
//! `serde_json::Value` gives one member name a meaning of its own (the token of `RawValue`): it parses the
//! text inside it anew, with a fresh allowance of recursion, so a client could nest deeper than the stack.
//! Here no name is special.
//!
//! Nor does a name stand twice in one object: readers differ in which of the two they take, so that what one has
//! checked is not what another one does.

use std::{cell::RefCell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text is not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not JSON in UTF-8, from here on.
    Malformed {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A member is there twice: the pointer to it.
    Ambiguous(String),
}

/// Reads one JSON text.
///
/// # Errors
/// The first fault in it.
pub fn read(bytes: &[u8]) -> Result<Value, Fault> {
    let place = Place::default();
    let mut text = serde_json::Deserializer::from_slice(bytes);
    let read = (&place).deserialize(&mut text).and_then(|value| text.end().map(|()| value));
    read.map_err(|error| match place.twice.take() {
        Some(pointer) => Fault::Ambiguous(pointer),
        None => Fault::Malformed { line: error.line(), column: error.column() },
    })
}

/// One step from a value to one inside it.
enum Step {
    Member(String),
    Item(usize),
}

/// Where the reader is, and where it met a name for the second time.
#[derive(Default)]
struct Place {
    steps: RefCell<Vec<Step>>,
    twice: RefCell<Option<String>>,
}

impl Place {
    fn pointer(&self) -> String {
        let one = |step: &Step| match step {
            Step::Member(name) => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
            Step::Item(place) => format!("/{place}"),
        };
        self.steps.borrow().iter().map(one).collect()
    }
}

impl<'de> DeserializeSeed<'de> for &Place {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &Place {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            self.steps.borrow_mut().push(Step::Item(list.len()));
            let item = items.next_element_seed(self)?;
            self.steps.borrow_mut().pop();
            match item {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            self.steps.borrow_mut().push(Step::Member(name.clone()));
            if map.contains_key(&name) {
                *self.twice.borrow_mut() = Some(self.pointer());
                return Err(A::Error::custom("a member is there twice"));
            }
            map.insert(name, members.next_value_seed(self)?);
            self.steps.borrow_mut().pop();
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_once_in_an_object() {
        assert_eq!(read(br#"{"a":{"b":1},"b":[1.5,-1,{"a":null}]}"#).unwrap()["b"][2]["a"], Value::Null);
        for (text, at) in [
            (r#"{"a":1,"a":1}"#, "/a"),
            (r#"[{},{"x":[0,{"a/~":1,"b":2,"a/~":3}]}]"#, "/1/x/1/a~1~0"),
            // However it is written.
            ("{\"a\":1,\"\\u0061\":2}", "/a"),
        ] {
            assert_eq!(read(text.as_bytes()), Err(Fault::Ambiguous(at.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_told_by_its_place() {
        assert_eq!(read(b"{\n x"), Err(Fault::Malformed { line: 2, column: 2 }));
        for wrong in [&b"{} {}"[..], b"\"\xff\"", b"1e999", b"", "[".repeat(200).as_bytes()] {
            assert!(matches!(read(wrong), Err(Fault::Malformed { .. })), "{wrong:?}");
        }
        // No name has a meaning of its own.
        assert!(read(br#"{"$serde_json::private::RawValue":"[1]"}"#).unwrap().is_object());
    }
}

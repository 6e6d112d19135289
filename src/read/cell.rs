//! One value of a row, as both databases hold it.

use chrono::{DateTime, NaiveDate, Utc};
use entity::kind::Kind;
use uuid::Uuid;

/// How a value lies in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// `uuid` or a blob of 16 bytes.
    Uuid,
    /// Text.
    Text,
    /// A whole number; the millionths of a decimal one and the bits of a set too.
    Int,
    /// Yes or no.
    Bool,
    /// A moment.
    Time,
    /// A day.
    Date,
}

impl Store {
    /// How values of a kind are stored.
    #[must_use]
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Id(_) => Self::Uuid,
            Kind::Int { .. } | Kind::Decimal | Kind::List { of: Kind::Word(_), .. } => Self::Int,
            Kind::Bool => Self::Bool,
            Kind::Time => Self::Time,
            Kind::Date => Self::Date,
            Kind::Text { .. }
            | Kind::Word(_)
            | Kind::Object(_)
            | Kind::List { .. }
            | Kind::Json
            | Kind::Document(_) => Self::Text,
        }
    }
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Null,
    /// An id.
    Uuid(Uuid),
    /// Text; JSON columns too.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A moment.
    Time(DateTime<Utc>),
    /// A day.
    Date(NaiveDate),
}

impl Cell {
    /// The number, or 0.
    #[must_use]
    pub const fn int(&self) -> i64 {
        match self {
            Self::Int(value) => *value,
            _ => 0,
        }
    }

    /// The id, when it is one.
    #[must_use]
    pub const fn uuid(&self) -> Option<Uuid> {
        match self {
            Self::Uuid(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, when it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(value) => Some(value),
            _ => None,
        }
    }

    /// The moment, when it is one.
    #[must_use]
    pub const fn time(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Time(value) => Some(*value),
            _ => None,
        }
    }

    /// The day, when it is one.
    #[must_use]
    pub const fn date(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(value) => Some(*value),
            _ => None,
        }
    }
}

/// One value, looked at where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// An id.
    Uuid(Uuid),
    /// Text; JSON columns too.
    Text(&'a str),
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A moment, in microseconds since 1970.
    Time(i64),
    /// A day, in days since 1970.
    Date(i32),
}

impl Value<'_> {
    /// The number, or 0.
    #[must_use]
    pub const fn int(self) -> i64 {
        match self {
            Self::Int(value) => value,
            _ => 0,
        }
    }

    /// The id, when it is one.
    #[must_use]
    pub const fn uuid(self) -> Option<Uuid> {
        match self {
            Self::Uuid(value) => Some(value),
            _ => None,
        }
    }
}

impl<'a> From<&'a Cell> for Value<'a> {
    fn from(cell: &'a Cell) -> Self {
        match cell {
            Cell::Null => Self::Null,
            Cell::Uuid(value) => Self::Uuid(*value),
            Cell::Text(value) => Self::Text(value),
            Cell::Int(value) => Self::Int(*value),
            Cell::Bool(value) => Self::Bool(*value),
            Cell::Time(value) => Self::Time(value.timestamp_micros()),
            Cell::Date(value) => Self::Date(value.to_epoch_days()),
        }
    }
}

impl From<Value<'_>> for Cell {
    /// Moments and days that no calendar has are nothing.
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Uuid(value) => Self::Uuid(value),
            Value::Text(value) => Self::Text(value.to_owned()),
            Value::Int(value) => Self::Int(value),
            Value::Bool(value) => Self::Bool(value),
            Value::Time(micros) => DateTime::from_timestamp_micros(micros).map_or(Self::Null, Self::Time),
            Value::Date(days) => NaiveDate::from_epoch_days(days).map_or(Self::Null, Self::Date),
        }
    }
}

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
    /// A whole number; the bits of a set too.
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
            Kind::Int { .. } | Kind::List { of: Kind::Word(_), .. } => Self::Int,
            Kind::Bool => Self::Bool,
            Kind::Time => Self::Time,
            Kind::Date => Self::Date,
            Kind::Text { .. } | Kind::Word(_) | Kind::Object(_) | Kind::List { .. } | Kind::Json => Self::Text,
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

//! What a statement answers with: rows of cells.

use std::{
    collections::HashMap,
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

use uuid::Uuid;

use super::{
    cell::{Cell, Store, Value},
    compile::Level,
};
use crate::domain::{
    caller::Recalled,
    error::{Error, Result},
};

/// How many statements reads have run in this process, for `/metrics` and for the law that they do not grow with rows.
pub static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// Notes that statements were run.
pub(crate) fn count(statements: usize) {
    STATEMENTS.fetch_add(statements as u64, Ordering::Relaxed);
}

/// Rows, one after the other in one vector; their text lies in another.
#[derive(Debug, Default)]
pub struct Rows {
    cells: Vec<Lying>,
    text: String,
    width: usize,
}

/// A value where it lies.
#[derive(Clone, Copy, Debug)]
enum Lying {
    Value(Value<'static>),
    Text { start: usize, end: usize },
}

impl Rows {
    /// No rows yet, of so many cells each.
    #[must_use]
    pub const fn new(width: usize) -> Self {
        Self { cells: Vec::new(), text: String::new(), width }
    }

    /// Adds the next cell of the row that is being filled, or the first of the next row.
    pub fn push(&mut self, value: Value<'_>) {
        let lying = match value {
            Value::Text(text) => {
                let start = self.text.len();
                self.text.push_str(text);
                Lying::Text { start, end: self.text.len() }
            }
            Value::Null => Lying::Value(Value::Null),
            Value::Uuid(value) => Lying::Value(Value::Uuid(value)),
            Value::Int(value) => Lying::Value(Value::Int(value)),
            Value::Bool(value) => Lying::Value(Value::Bool(value)),
            Value::Time(value) => Lying::Value(Value::Time(value)),
            Value::Date(value) => Lying::Value(Value::Date(value)),
        };
        self.cells.push(lying);
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The cells of one row.
    #[must_use]
    pub fn row(&self, place: usize) -> RowOf<'_> {
        RowOf { cells: &self.cells[place * self.width..(place + 1) * self.width], text: &self.text }
    }

    /// The rows.
    pub fn iter(&self) -> impl Iterator<Item = RowOf<'_>> {
        (0..self.len()).map(|place| self.row(place))
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct RowOf<'a> {
    cells: &'a [Lying],
    text: &'a str,
}

impl<'a> RowOf<'a> {
    /// The value in a column.
    #[must_use]
    pub fn at(self, column: usize) -> Value<'a> {
        match self.cells[column] {
            Lying::Value(value) => value,
            Lying::Text { start, end } => Value::Text(&self.text[start..end]),
        }
    }

    /// The values, in the order of the columns.
    pub fn values(self) -> impl Iterator<Item = Value<'a>> {
        (0..self.cells.len()).map(move |column| self.at(column))
    }

    /// The values of some columns, to keep.
    #[must_use]
    pub fn cells(self, columns: &[usize]) -> Vec<Cell> {
        columns.iter().map(|&column| self.at(column).into()).collect()
    }
}

impl Recalled {
    /// Whether the caller stands as remembered.
    ///
    /// # Errors
    /// [`Error::stale`] when they do not.
    pub fn holds(&self, now: &Rows) -> Result<()> {
        let same = now.len() == 1 && now.row(0).values().eq(self.row.iter().map(Value::from));
        if !same {
            return Err(Error::stale());
        }
        self.held.store(true, Ordering::Relaxed);
        Ok(())
    }
}

/// What a level read.
#[derive(Debug, Default)]
pub struct LevelRows {
    /// Its rows; of nested levels, those of one parent stand together.
    pub rows: Rows,
    /// Of nested levels: where the rows of each parent stand.
    pub of: HashMap<Uuid, Range<usize>>,
    /// How many there are in all, by parent; the root's under nil.
    pub totals: HashMap<Uuid, i64>,
}

impl LevelRows {
    /// What all levels read, given the answers of their statements: first how the caller stands, when they were recalled;
    /// then of each level its rows, and its count when it was asked for.
    ///
    /// # Errors
    /// [`Error::stale`] when the caller does not stand as remembered.
    pub(crate) fn all(levels: &[Level], recalled: Option<&Recalled>, answers: Vec<Rows>) -> Result<Vec<Self>> {
        let mut answers = answers.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        if let Some(recalled) = recalled {
            recalled.holds(&next())?;
        }
        let read = levels.iter().map(|level| {
            let rows = next();
            let counted = level.total.as_ref().map(|_| next());
            Self::of(level, rows, counted.as_ref())
        });
        Ok(read.collect())
    }

    /// The rows of a level, and its count when it was asked for.
    #[must_use]
    pub fn of(level: &Level, rows: Rows, counted: Option<&Rows>) -> Self {
        let mut of: HashMap<Uuid, Range<usize>> = HashMap::new();
        if level.parent.is_some() || level.keyed {
            // The first column is the parent's id, or the row's own; rows of one parent stand together.
            let mut start = 0;
            for end in 1..=rows.len() {
                let parent = rows.row(start).at(0);
                if end == rows.len() || rows.row(end).at(0) != parent {
                    of.extend(parent.uuid().map(|parent| (parent, start..end)));
                    start = end;
                }
            }
        }
        let mut totals = HashMap::new();
        for row in counted.into_iter().flat_map(Rows::iter) {
            let of = if level.parent.is_some() { row.at(0).uuid().unwrap_or_default() } else { Uuid::nil() };
            totals.insert(of, row.values().last().map_or(0, Value::int));
        }
        Self { rows, of, totals }
    }
}

impl Level {
    /// How the columns of its count are stored: of nested levels, the parent comes first.
    #[must_use]
    pub const fn total_stores(&self) -> &'static [Store] {
        if self.parent.is_some() { &[Store::Uuid, Store::Int] } else { &[Store::Int] }
    }
}

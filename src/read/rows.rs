//! What a statement answers with: rows of cells.

use std::{
    collections::HashMap,
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

use uuid::Uuid;

use super::{
    cell::{Cell, Store},
    compile::Level,
};
use crate::domain::{
    caller::Recalled,
    error::{Error, Result},
};

/// How many statements reads have run in this process, for `/metrics` and for the law that they do not grow with rows.
pub static STATEMENTS: AtomicU64 = AtomicU64::new(0);

/// Notes that statements were run.
pub(super) fn count(statements: usize) {
    STATEMENTS.fetch_add(statements as u64, Ordering::Relaxed);
}

/// Rows, one after the other in one vector.
#[derive(Debug, Default)]
pub struct Rows {
    cells: Vec<Cell>,
    width: usize,
}

impl Rows {
    /// Rows of so many cells each.
    #[must_use]
    pub const fn new(cells: Vec<Cell>, width: usize) -> Self {
        Self { cells, width }
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

    /// The cells of the first row.
    #[must_use]
    pub fn first(&self) -> Option<&[Cell]> {
        (!self.is_empty()).then(|| self.row(0))
    }

    /// The cells of one row.
    #[must_use]
    pub fn row(&self, place: usize) -> &[Cell] {
        &self.cells[place * self.width..(place + 1) * self.width]
    }
}

impl Recalled {
    /// Whether the caller stands as remembered.
    ///
    /// # Errors
    /// [`Error::stale`] when they do not.
    pub fn holds(&self, now: &Rows) -> Result<()> {
        if now.first() != Some(&*self.row) {
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
    /// The rows of a level, and its count when it was asked for.
    #[must_use]
    pub fn of(level: &Level, rows: Rows, counted: Option<&Rows>) -> Self {
        let mut of: HashMap<Uuid, Range<usize>> = HashMap::new();
        if level.parent.is_some() || level.keyed {
            // The first column is the parent's id, or the row's own.
            for place in 0..rows.len() {
                if let Some(parent) = rows.row(place)[0].uuid() {
                    of.entry(parent).or_insert(place..place).end = place + 1;
                }
            }
        }
        let mut totals = HashMap::new();
        for row in counted.into_iter().flat_map(|rows| (0..rows.len()).map(|place| rows.row(place))) {
            let of = if level.parent.is_some() { row[0].uuid().unwrap_or_default() } else { Uuid::nil() };
            totals.insert(of, row.last().map_or(0, Cell::int));
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

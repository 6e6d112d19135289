//! From what was counted of projects to what may be told: pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::AddAssign,
};

use crate::domain::report::{
    disclosure::{is_told, stepped, told},
    groups::{Grouped, large, total},
    histogram::Histogram,
    learning::{ReportGroupKind, ReportGrouping},
};

entity::vocabulary! {
    /// What is counted.
    Measure {
        /// Projects that stand somewhere.
        Status = "STATUS",
        /// Projects that are at a step.
        At = "AT",
        /// Projects in which a step is complete.
        Complete = "COMPLETE",
        /// How many days a step took.
        Took = "TOOK",
        /// How often projects went back.
        Times = "TIMES",
        /// Projects that went back.
        Back = "BACK",
        /// How often they did for a reason.
        Reason = "REASON",
        /// Milestones that are done.
        Done = "DONE",
        /// Those of these that were done by their day.
        InTime = "IN_TIME",
        /// Milestones whose day has passed.
        Overdue = "OVERDUE",
        /// How many days after its day a milestone was done.
        Late = "LATE",
        /// Projects with a plan in a category.
        Planned = "PLANNED",
        /// Projects that spent more than that.
        Over = "OVER",
        /// How many percent of it they spent.
        Percent = "PERCENT",
    }
}

/// A measure, of a word.
pub(super) type Key = (Measure, String);

/// A number, and of how many people it is; or how many have how much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub number: i64,
    pub people: i64,
    pub spread: Histogram,
}

impl Cell {
    /// Of how many people it tells.
    fn people(&self) -> i64 {
        self.people + self.spread.people()
    }
}

/// What was counted of the projects of a group of people, disjoint from every other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Of how many people the projects are.
    pub people: i64,
    pub projects: i64,
    pub cells: BTreeMap<Key, Cell>,
}

impl AddAssign<&Self> for Counted {
    fn add_assign(&mut self, other: &Self) {
        self.people += other.people;
        self.projects += other.projects;
        for (key, cell) in &other.cells {
            let own = self.cells.entry(key.clone()).or_default();
            (own.number, own.people) = (own.number + cell.number, own.people + cell.people);
            own.spread += &cell.spread;
        }
    }
}

impl Grouped for Counted {
    fn people(&self) -> i64 {
        self.people
    }
}

/// What is told of a group.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub kind: ReportGroupKind,
    /// What its people have in common.
    pub key: Option<String>,
    pub people: i64,
    pub projects: i64,
    /// What was counted, as far as it is told: a number or a median. What nobody has is 0, and has no median.
    told: BTreeMap<Key, Option<i64>>,
}

impl Group {
    /// A number; nothing when it is not told.
    pub(super) fn number(&self, measure: Measure, word: &str) -> Option<i64> {
        self.told.get(&(measure, word.to_owned())).copied().unwrap_or(Some(0))
    }

    /// A median; nothing when it is not told, or there is none.
    pub(super) fn median(&self, measure: Measure, word: &str) -> Option<i64> {
        self.told.get(&(measure, word.to_owned())).copied().flatten()
    }
}

/// Of projects that the caller sees: as it is.
pub(super) fn exactly(counted: Vec<(Option<String>, Counted)>) -> Vec<Group> {
    vec![group(ReportGroupKind::Total, None, &total(&counted), |_| true, |number| number)]
}

/// What may be told of people who opened nothing: see [`crate::domain::report::disclosure`].
pub(super) fn together(counted: Vec<(Option<String>, Counted)>, by: ReportGrouping, least: i64) -> Vec<Group> {
    let all = total(&counted);
    let alone = |key: &Key| is_told(all.cells.get(key).map_or(0, Cell::people), least);
    let mut out = vec![group(ReportGroupKind::Total, None, &all, alone, stepped)];
    if by == ReportGrouping::None {
        return out;
    }
    let groups = large(counted, least);
    let hidden: Vec<BTreeSet<&Key>> = side_by_side(&groups, &all, least);
    out.extend(
        groups
            .iter()
            .zip(&hidden)
            .map(|((kind, key, one), hidden)| group(*kind, key.clone(), one, |cell| !hidden.contains(cell), stepped)),
    );
    out
}

/// What is hidden of groups that add up to a total: column by column.
fn side_by_side<'a>(
    groups: &[(ReportGroupKind, Option<String>, Counted)],
    all: &'a Counted,
    least: i64,
) -> Vec<BTreeSet<&'a Key>> {
    let mut hidden = vec![BTreeSet::new(); groups.len()];
    for key in all.cells.keys() {
        let people: Vec<i64> = groups.iter().map(|(_, _, one)| one.cells.get(key).map_or(0, Cell::people)).collect();
        for (hidden, told) in hidden.iter_mut().zip(told(&people, least)) {
            if !told {
                hidden.insert(key);
            }
        }
    }
    // A column in which somebody is hidden is hidden for a group that has nothing in it as well.
    hidden
}

fn group(
    kind: ReportGroupKind,
    key: Option<String>,
    one: &Counted,
    open: impl Fn(&Key) -> bool,
    step: fn(i64) -> i64,
) -> Group {
    let value = |measure: Measure, cell: &Cell| match measure {
        Measure::Took | Measure::Late | Measure::Percent => cell.spread.median(),
        _ => Some(cell.number),
    };
    let told = one.cells.iter().map(|(key, cell)| {
        let told = value(key.0, cell).filter(|_| open(key)).map(step);
        (key.clone(), told)
    });
    Group { kind, key, people: step(one.people), projects: step(one.projects), told: told.collect() }
}

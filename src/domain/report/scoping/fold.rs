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
        InTime = "PUNCTUAL",
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

impl Counted {
    /// Of how many people a cell tells.
    fn people_in(&self, key: &Key) -> i64 {
        self.cells.get(key).map_or(0, Cell::people)
    }
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
    let all = total(&counted);
    vec![group((ReportGroupKind::Total, None, &all), &all, |_| true, |number| number)]
}

/// What may be told of people who opened nothing: see [`crate::domain::report::disclosure`].
pub(super) fn together(counted: Vec<(Option<String>, Counted)>, by: ReportGrouping, least: i64) -> Vec<Group> {
    let all = total(&counted);
    let alone = |key: &Key| is_told(all.people_in(key), least);
    let mut out = vec![group((ReportGroupKind::Total, None, &all), &all, alone, stepped)];
    if by == ReportGrouping::None {
        return out;
    }
    let groups = large(counted, least);
    let hidden = side_by_side(&groups, &all, least);
    out.extend(groups.iter().zip(&hidden).map(|((kind, key, one), hidden)| {
        group((*kind, key.clone(), one), &all, |cell| !hidden.contains(cell), stepped)
    }));
    out
}

/// What is hidden of groups that add up to a total: column by column. Who has nothing in a column of which something is hidden is
/// hidden as well: else that would be known to be more.
fn side_by_side<'a>(
    groups: &[(ReportGroupKind, Option<String>, Counted)],
    all: &'a Counted,
    least: i64,
) -> Vec<BTreeSet<&'a Key>> {
    let mut hidden = vec![BTreeSet::new(); groups.len()];
    for key in all.cells.keys() {
        let people: Vec<i64> = groups.iter().map(|(_, _, one)| one.people_in(key)).collect();
        for (hidden, told) in hidden.iter_mut().zip(told(&people, least)) {
            if !told {
                hidden.insert(key);
            }
        }
    }
    hidden
}

/// A group, with something for every cell that the total has.
fn group(
    (kind, key, one): (ReportGroupKind, Option<String>, &Counted),
    all: &Counted,
    open: impl Fn(&Key) -> bool,
    step: fn(i64) -> i64,
) -> Group {
    let none = Cell::default();
    let told = all.cells.keys().map(|key| {
        let cell = one.cells.get(key).unwrap_or(&none);
        let value = match key.0 {
            Measure::Took | Measure::Late | Measure::Percent => cell.spread.median(),
            _ => Some(cell.number),
        };
        (key.clone(), value.filter(|_| open(key)).map(step))
    });
    Group { kind, key, people: step(one.people), projects: step(one.projects), told: told.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A group of so many people with two projects each, of whom so many went back twice, and took so many days.
    fn counted(people: i64, returned: i64, days: &[(i64, i64)]) -> Counted {
        let times = Cell { number: returned * 2, people: returned, spread: Histogram::default() };
        let took = Cell { spread: Histogram(days.iter().copied().collect()), ..Cell::default() };
        let cells = [((Measure::Times, String::new()), times), ((Measure::Took, "BUDGET".to_owned()), took)];
        let there = cells.into_iter().filter(|(_, cell)| cell.people() > 0);
        Counted { people, projects: people * 2, cells: there.collect() }
    }

    fn line(group: &Group) -> String {
        let told = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
        let (times, days) = (group.number(Measure::Times, ""), group.median(Measure::Took, "BUDGET"));
        let key = group.key.as_deref().unwrap_or(".");
        format!("{} {key} {} {}: times {} days {}", group.kind, group.people, group.projects, told(times), told(days))
    }

    #[test]
    fn what_is_seen_is_told_as_it_is() {
        let told = exactly(vec![(None, counted(2, 1, &[(3, 1), (7, 1)]))]);
        assert_eq!(told.iter().map(line).collect::<Vec<_>>(), ["TOTAL . 2 4: times 2 days 3"]);
        let nothing = exactly(vec![]);
        assert_eq!(nothing.iter().map(line).collect::<Vec<_>>(), ["TOTAL . 0 0: times 0 days -"]);
    }

    #[test]
    fn too_few_people_are_not_told() {
        let of = |one: Counted| line(&together(vec![(None, one)], ReportGrouping::None, 5)[0]);
        assert_eq!(of(counted(9, 4, &[(7, 4)])), "TOTAL . 5 15: times - days -");
        assert_eq!(of(counted(9, 5, &[(7, 6)])), "TOTAL . 5 15: times 10 days 5");
        assert_eq!(of(counted(9, 0, &[])), "TOTAL . 5 15: times 0 days -");
    }

    #[test]
    fn small_groups_are_told_together() {
        let all = vec![
            (Some("a".to_owned()), counted(12, 8, &[(20, 12)])),
            (Some("b".to_owned()), counted(3, 3, &[(1, 3)])),
            (Some("c".to_owned()), counted(2, 0, &[])),
            (None, counted(21, 0, &[(9, 21)])),
        ];
        let told = together(all.clone(), ReportGrouping::GoalKind, 5);
        // Of the others three went back: they hide the smallest group with them, and that nobody else did, too.
        assert_eq!(
            told.iter().map(line).collect::<Vec<_>>(),
            [
                "TOTAL . 35 75: times 20 days 5",
                "GROUP a 10 20: times - days -",
                "UNASSIGNED . 20 40: times - days 5",
                "OTHER . 5 10: times - days -",
            ]
        );
        assert_eq!(together(all, ReportGrouping::None, 5).len(), 1);
    }
}

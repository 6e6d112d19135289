//! From what was counted of applications to what may be told: pure.
//!
//! Of one person, everything is told as it is. Of several, what [`crate::domain::report::disclosure`] has is kept, with one thing more:
//! one person may have applications in several groups. So what is told, and what is left when it is subtracted, is not about as many
//! people as the groups have together, but at least about as many as the largest of them: what is hidden has one that is large enough.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::AddAssign,
};

use super::{FunnelGrouping, load::Label};
use crate::domain::report::{
    disclosure::{is_told, stepped, told},
    histogram::Histogram,
    learning::ReportGroupKind,
};

entity::vocabulary! {
    /// What is counted.
    Measure {
        /// Applications.
        Applications = "APPLICATIONS",
        /// Those that came to a kind of stage, or further.
        Reached = "REACHED",
        /// Those of which something came.
        Outcome = "OUTCOME",
        /// How many days they stood in a kind of stage.
        Stood = "STOOD",
    }
}

/// A measure, of a word.
pub(super) type Key = (Measure, String);

/// A number, and of how many people it is; or how many have how much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::domain) struct Cell {
    pub number: i64,
    pub people: i64,
    pub spread: Histogram,
}

impl Cell {
    fn people(&self) -> i64 {
        self.people + self.spread.people()
    }
}

/// What was counted of a group of applications, disjoint from every other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::domain) struct Counted {
    /// Of how many people they are.
    pub people: i64,
    pub applications: i64,
    pub cells: BTreeMap<Key, Cell>,
}

impl Counted {
    fn people_in(&self, key: &Key) -> i64 {
        self.cells.get(key).map_or(0, Cell::people)
    }
}

impl AddAssign<&Self> for Counted {
    /// Of applications of one person: people are not added up.
    fn add_assign(&mut self, other: &Self) {
        self.people = self.people.max(other.people);
        self.applications += other.applications;
        for (key, cell) in &other.cells {
            let own = self.cells.entry(key.clone()).or_default();
            own.number += cell.number;
            own.people = own.people.max(cell.people);
            own.spread += &cell.spread;
        }
    }
}

/// What is told of a group.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::domain) struct Group {
    pub kind: ReportGroupKind,
    /// What its applications have in common.
    pub key: Option<String>,
    pub people: i64,
    pub applications: i64,
    told: BTreeMap<Key, Option<i64>>,
}

impl Group {
    /// A number; nothing when it is not told.
    pub(super) fn number(&self, measure: Measure, word: &str) -> Option<i64> {
        self.told.get(&(measure, word.to_owned())).copied().unwrap_or(Some(0))
    }

    /// A median; nothing when it is not told, or there is none.
    pub(super) fn median(&self, word: &str) -> Option<i64> {
        self.told.get(&(Measure::Stood, word.to_owned())).copied().flatten()
    }
}

/// All groups of one person together.
pub(in crate::domain) fn total_of(counted: &[(Label, Counted)]) -> Counted {
    let mut all = Counted::default();
    for (_, one) in counted {
        all += one;
    }
    all
}

/// Of one person's applications: as it is.
pub(in crate::domain) fn exactly(counted: Vec<(Label, Counted)>, by: FunnelGrouping) -> Vec<Group> {
    let all = total_of(&counted);
    let mut out = vec![group(ReportGroupKind::Total, None, &all, &all, |_| true, |number| number)];
    if by != FunnelGrouping::None {
        let each = counted.iter().map(|(label, one)| {
            let (kind, key) = named(label);
            group(kind, key, one, &all, |_| true, |number| number)
        });
        out.extend(each);
    }
    out
}

/// The largest groups by themselves, and all others as one.
pub(super) fn largest(counted: Vec<(Label, Counted)>, most: usize) -> Vec<(Label, Counted)> {
    let groups = |one: &(Label, Counted)| matches!(one.0, Label::Group(_));
    if counted.iter().filter(|one| groups(one)).count() <= most {
        return counted;
    }
    let (mut named, mut out): (Vec<_>, Vec<_>) = counted.into_iter().partition(groups);
    named.sort_by(|(a, one), (b, other)| other.applications.cmp(&one.applications).then_with(|| a.cmp(b)));
    let rest = named.split_off(most);
    out.push((Label::Other, total_of(&rest)));
    out.extend(named);
    out.sort_by(|(a, _), (b, _)| a.cmp(b));
    out
}

fn named(label: &Label) -> (ReportGroupKind, Option<String>) {
    match label {
        Label::Group(key) => (ReportGroupKind::Group, Some(key.clone())),
        Label::Unassigned => (ReportGroupKind::Unassigned, None),
        Label::Other => (ReportGroupKind::Other, None),
    }
}

/// Which groups of several people's applications are told by themselves; all others are told as one.
pub(in crate::domain) fn apart(sizes: &[(Label, Counted)], least: i64) -> Vec<Label> {
    let people: Vec<i64> = sizes.iter().map(|(_, one)| one.people).collect();
    let told = told_of_several(&people, least);
    sizes.iter().zip(told).filter(|(_, told)| *told).map(|((label, _), _)| label.clone()).collect()
}

/// Which cells of a column may be told, of people who may be in several of them: of those that are hidden, one is about enough.
fn told_of_several(people: &[i64], least: i64) -> Vec<bool> {
    let mut told = told(people, least);
    let hidden = |told: &[bool]| people.iter().zip(told).filter(|(_, told)| !**told).map(|(count, _)| *count).max();
    if hidden(&told).is_some_and(|most| most < least) {
        let others = people.iter().enumerate().filter(|(place, _)| told[*place]);
        if let Some((smallest, _)) = others.min_by_key(|(_, count)| **count) {
            told[smallest] = false;
        }
    }
    told
}

/// What may be told of the applications of several people: of all, and of groups that are [`apart`].
pub(in crate::domain) fn together(all: &Counted, groups: &[(Label, Counted)], least: i64) -> Vec<Group> {
    let alone = |key: &Key| is_told(all.people_in(key), least);
    let mut out = vec![group(ReportGroupKind::Total, None, all, all, alone, stepped)];
    let hidden = side_by_side(groups, all, least);
    out.extend(groups.iter().zip(&hidden).map(|((label, one), hidden)| {
        let (kind, key) = named(label);
        group(kind, key, one, all, |cell| !hidden.contains(cell), stepped)
    }));
    out
}

/// What is hidden of groups that add up to a total, column by column.
fn side_by_side<'a>(groups: &[(Label, Counted)], all: &'a Counted, least: i64) -> Vec<BTreeSet<&'a Key>> {
    let mut hidden = vec![BTreeSet::new(); groups.len()];
    for key in all.cells.keys() {
        let people: Vec<i64> = groups.iter().map(|(_, one)| one.people_in(key)).collect();
        for (hidden, told) in hidden.iter_mut().zip(told_of_several(&people, least)) {
            if !told {
                hidden.insert(key);
            }
        }
    }
    hidden
}

/// A group, with something for every cell that the total has.
fn group(
    kind: ReportGroupKind,
    key: Option<String>,
    one: &Counted,
    all: &Counted,
    open: impl Fn(&Key) -> bool,
    step: fn(i64) -> i64,
) -> Group {
    let none = Cell::default();
    let told = all.cells.keys().map(|key| {
        let cell = one.cells.get(key).unwrap_or(&none);
        let value = if key.0 == Measure::Stood { cell.spread.median() } else { Some(cell.number) };
        (key.clone(), value.filter(|_| open(key)).map(step))
    });
    Group { kind, key, people: step(one.people), applications: step(one.applications), told: told.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_groups_are_told_as_one() {
        let of = |name: &str, applications: i64| {
            (Label::Group(name.to_owned()), Counted { people: 1, applications, ..Counted::default() })
        };
        let all = vec![of("a", 1), of("b", 5), of("c", 2), of("d", 3), (Label::Unassigned, Counted::default())];
        assert_eq!(largest(all.clone(), 4), all);
        let told: Vec<_> = largest(all, 2).into_iter().map(|(label, one)| (label, one.applications)).collect();
        let group = |name: &str| Label::Group(name.to_owned());
        assert_eq!(told, [(group("b"), 5), (group("d"), 3), (Label::Unassigned, 0), (Label::Other, 3)]);
    }

    /// A group of so many people with three applications each, of whom so many reached an offer, after so many days in screening.
    fn counted(people: i64, offers: i64, days: &[(i64, i64)]) -> Counted {
        let reached = Cell { number: offers, people: offers, spread: Histogram::default() };
        let stood = Cell { spread: Histogram(days.iter().copied().collect()), ..Cell::default() };
        let cells =
            [((Measure::Reached, "OFFER".to_owned()), reached), ((Measure::Stood, "SCREENING".to_owned()), stood)];
        let there = cells.into_iter().filter(|(_, cell)| cell.people() > 0);
        Counted { people, applications: people * 3, cells: there.collect() }
    }

    fn line(group: &Group) -> String {
        let told = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
        let (offers, days) = (group.number(Measure::Reached, "OFFER"), group.median("SCREENING"));
        let key = group.key.as_deref().unwrap_or(".");
        format!(
            "{} {key} {} of {}: offers {} days {}",
            group.kind,
            group.applications,
            group.people,
            told(offers),
            told(days)
        )
    }

    fn lines(groups: &[Group]) -> Vec<String> {
        groups.iter().map(line).collect()
    }

    fn of(key: &str) -> Label {
        Label::Group(key.to_owned())
    }

    #[test]
    fn of_one_person_everything_is_told_as_it_is() {
        let all = vec![(of("DIRECT"), counted(1, 1, &[(3, 1), (7, 1), (9, 1)])), (of("REFERRAL"), counted(1, 0, &[]))];
        assert_eq!(
            lines(&exactly(all.clone(), FunnelGrouping::Channel)),
            [
                "TOTAL . 6 of 1: offers 1 days 7",
                "GROUP DIRECT 3 of 1: offers 1 days 7",
                "GROUP REFERRAL 3 of 1: offers 0 days -"
            ]
        );
        assert_eq!(exactly(all, FunnelGrouping::None).len(), 1);
        assert_eq!(lines(&exactly(vec![], FunnelGrouping::None)), ["TOTAL . 0 of 0: offers 0 days -"]);
    }

    #[test]
    fn what_is_hidden_is_about_enough_people_even_when_they_are_the_same() {
        for (people, expected) in [
            (vec![9, 5], vec![true, true]),
            (vec![9, 4], vec![false, false]),
            // Twice the same four people are four.
            (vec![9, 4, 4, 20], vec![false, false, false, true]),
            (vec![9, 4, 4], vec![false, false, false]),
            (vec![3, 3, 3], vec![false, false, false]),
            (vec![0, 9, 7], vec![true, true, true]),
        ] {
            assert_eq!(told_of_several(&people, 5), expected, "{people:?}");
        }
        let sizes = vec![
            (of("DIRECT"), counted(40, 0, &[])),
            (of("INBOUND"), counted(2, 0, &[])),
            (of("REFERRAL"), counted(9, 0, &[])),
        ];
        assert_eq!(apart(&sizes, 5), [of("DIRECT")]);
    }

    /// Whatever the numbers: what is hidden of a column has a cell that is about enough people, or nothing of it is told.
    #[test]
    fn nothing_small_is_left_over() {
        let mut tables = vec![Vec::new()];
        for _ in 0..4 {
            tables = tables
                .into_iter()
                .flat_map(|table: Vec<i64>| (0..=9).map(move |last| [&table[..], &[last]].concat()))
                .collect();
        }
        for people in tables {
            let told = told_of_several(&people, 5);
            let hidden: Vec<i64> =
                people.iter().zip(&told).filter(|(_, told)| !**told).map(|(count, _)| *count).collect();
            let told = told.iter().any(|told| *told);
            assert!(hidden.is_empty() || !told || hidden.iter().any(|count| *count >= 5), "{people:?}");
        }
    }

    #[test]
    fn of_several_people_numbers_are_in_steps() {
        let all = counted(47, 12, &[(7, 12), (30, 30)]);
        let groups = [(of("DIRECT"), counted(33, 9, &[(7, 33)])), (Label::Other, counted(21, 3, &[(30, 9)]))];
        assert_eq!(
            lines(&together(&all, &groups, 5)),
            [
                "TOTAL . 140 of 45: offers 10 days 30",
                "GROUP DIRECT 95 of 30: offers - days 5",
                "OTHER . 60 of 20: offers - days 30"
            ]
        );
    }
}

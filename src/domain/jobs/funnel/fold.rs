//! From what was counted of applications to what may be told: pure.
//!
//! Of one person, everything is told as it is. Of several, what [`crate::domain::report::disclosure`] has is kept, with two things more:
//!
//! One person may have applications in several groups. So what is told, and what is left when it is subtracted, is not about as many
//! people as the groups have together, but at least about as many as the largest of them: what is hidden has one that is large enough.
//!
//! What is told of a week is the same whatever weeks are asked for with it ([`hide`] decides it week by week, and what is told is the sum of what is
//! told of each week): so two questions that differ by a week differ by what that week tells alone. A week in which too few people
//! began is left out, as if it was not there, and a number leaves out the weeks in which it would tell of too few.

use std::{collections::BTreeMap, ops::AddAssign};

use entity::{jobs::stage::StageKind, vocabulary::Vocabulary as _};

use super::{
    FunnelGrouping,
    hide::{Hidden, hide},
    load::Label,
};
use crate::domain::report::{
    disclosure::{stepped, told},
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
        /// Those that came to a kind of stage, and no further: what is between two that are told.
        Furthest = "FURTHEST",
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
    /// Of how many people it is, each counted once.
    fn people(&self) -> i64 {
        if self.people > 0 { self.people } else { self.spread.people() }
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
    /// Of how many people a cell is.
    pub(super) fn people_in(&self, key: &Key) -> i64 {
        self.cells.get(key).map_or(0, Cell::people)
    }
}

impl AddAssign<&Self> for Counted {
    /// Of applications that may be of the same people: these are not added up.
    fn add_assign(&mut self, other: &Self) {
        self.people = self.people.max(other.people);
        self.applications += other.applications;
        for (key, cell) in &other.cells {
            let own = self.cells.entry(key.clone()).or_default();
            own.people = own.people().max(cell.people());
            own.number += cell.number;
            own.spread += &cell.spread;
        }
    }
}

/// What was counted of a week.
#[derive(Clone, Debug, Default)]
pub(in crate::domain) struct Week {
    /// Of everybody.
    pub all: Counted,
    /// Of groups that add up to it.
    pub groups: Vec<(Label, Counted)>,
}

/// What is told of a group.
#[derive(Debug)]
pub(in crate::domain) struct Group {
    pub kind: ReportGroupKind,
    /// What its applications have in common.
    pub key: Option<String>,
    /// Of how many people they are; of several weeks, in the one in which most began.
    people: i64,
    applications: i64,
    /// Of each week, what is told; what is hidden is there, and empty.
    weeks: Vec<BTreeMap<Key, Option<Cell>>>,
    step: fn(i64) -> i64,
}

impl Group {
    const fn new(kind: ReportGroupKind, key: Option<String>, step: fn(i64) -> i64) -> Self {
        Self { kind, key, people: 0, applications: 0, weeks: Vec::new(), step }
    }

    /// Adds what a week tells.
    fn add(&mut self, one: &Counted, hidden: &Hidden) {
        self.people = self.people.max(one.people);
        self.applications += one.applications;
        let told = one.cells.iter().filter(|(key, _)| !hidden.contains(*key));
        let told = told.map(|(key, cell)| (key.clone(), Some(cell.clone())));
        self.weeks.push(told.chain(hidden.iter().map(|key| (key.clone(), None))).collect());
    }

    /// How many people.
    pub(super) fn people(&self) -> i64 {
        (self.step)(self.people)
    }

    /// How many applications.
    pub(super) fn applications(&self) -> i64 {
        (self.step)(self.applications)
    }

    /// A number, of the weeks that tell it; nothing when none does.
    pub(super) fn number(&self, measure: Measure, word: &str) -> Option<i64> {
        let key = (measure, word.to_owned());
        let cells = || self.weeks.iter().filter_map(|week| week.get(&key));
        let told: i64 = cells().flatten().map(|cell| cell.number).sum();
        (told > 0 || cells().all(Option::is_some)).then(|| (self.step)(told))
    }

    /// How many percent of those that reached a kind of stage reached another, by what is told of both.
    pub(super) fn share(&self, before: StageKind, after: StageKind) -> Option<i64> {
        let of = self.number(Measure::Reached, before.word()).filter(|of| *of > 0)?;
        let part = self.number(Measure::Reached, after.word())?;
        Some((part * 100 / of).clamp(0, 100))
    }

    /// A median, of the weeks that tell it; nothing when none does, or there is none.
    pub(super) fn median(&self, word: &str) -> Option<i64> {
        let key = (Measure::Stood, word.to_owned());
        let mut spread = Histogram::default();
        self.weeks.iter().filter_map(|week| week.get(&key)).flatten().for_each(|cell| spread += &cell.spread);
        spread.median().map(self.step)
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
pub(in crate::domain) fn exactly(counted: &[(Label, Counted)], by: FunnelGrouping) -> Vec<Group> {
    let exact = |kind, key, one: &Counted| {
        let mut group = Group::new(kind, key, |number| number);
        group.add(one, &Hidden::new());
        group
    };
    let mut out = vec![exact(ReportGroupKind::Total, None, &total_of(counted))];
    if by != FunnelGrouping::None {
        out.extend(counted.iter().map(|(label, one)| {
            let (kind, key) = named(label);
            exact(kind, key, one)
        }));
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

/// The groups of a week of several people: those that are told by themselves, and all others as one.
fn apart(groups: Vec<(Label, Counted)>, least: i64) -> Vec<(Label, Counted)> {
    let people: Vec<i64> = groups.iter().map(|(_, one)| one.people).collect();
    let mut others: Option<Counted> = None;
    let mut out = Vec::with_capacity(groups.len());
    for ((label, one), alone) in groups.into_iter().zip(told_of_several(&people, least)) {
        if alone {
            out.push((label, one));
        } else {
            *others.get_or_insert_default() += &one;
        }
    }
    out.extend(others.map(|others| (Label::Other, others)));
    out
}

/// Which cells of a column may be told, of people who may be in several of them: of those that are hidden, one is about enough.
pub(super) fn told_of_several(people: &[i64], least: i64) -> Vec<bool> {
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

/// What may be told of the applications of several people, of all and of groups: of the weeks in which enough people began; nothing when
/// there is none.
pub(in crate::domain) fn together(weeks: Vec<Week>, least: i64) -> Option<Vec<Group>> {
    let mut all = Group::new(ReportGroupKind::Total, None, stepped);
    let mut groups: BTreeMap<(ReportGroupKind, Option<String>), Group> = BTreeMap::new();
    for week in weeks.into_iter().filter(|week| week.all.people >= least) {
        let parts = apart(week.groups, least);
        let rows: Vec<&Counted> = parts.iter().map(|(_, one)| one).collect();
        let (of_all, of_parts) = hide(&week.all, &rows, least);
        all.add(&week.all, &of_all);
        for ((label, one), hidden) in parts.iter().zip(&of_parts) {
            let (kind, key) = named(label);
            let group = groups.entry((kind, key.clone())).or_insert_with(|| Group::new(kind, key, stepped));
            group.add(one, hidden);
        }
    }
    (!all.weeks.is_empty()).then(|| std::iter::once(all).chain(groups.into_values()).collect())
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
        let (applications, people) = (group.applications(), group.people());
        format!("{} {key} {applications} of {people}: offers {} days {}", group.kind, told(offers), told(days))
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
            lines(&exactly(&all, FunnelGrouping::Channel)),
            [
                "TOTAL . 6 of 1: offers 1 days 7",
                "GROUP DIRECT 3 of 1: offers 1 days 7",
                "GROUP REFERRAL 3 of 1: offers 0 days -"
            ]
        );
        assert_eq!(exactly(&all, FunnelGrouping::None).len(), 1);
        assert_eq!(lines(&exactly(&[], FunnelGrouping::None)), ["TOTAL . 0 of 0: offers 0 days -"]);
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
        let groups = vec![
            (of("DIRECT"), counted(40, 0, &[])),
            (of("INBOUND"), counted(2, 0, &[])),
            (of("REFERRAL"), counted(9, 0, &[])),
        ];
        let labels: Vec<Label> = apart(groups, 5).into_iter().map(|(label, _)| label).collect();
        assert_eq!(labels, [of("DIRECT"), Label::Other]);
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

    fn week(all: Counted, groups: Vec<(Label, Counted)>) -> Week {
        Week { all, groups }
    }

    #[test]
    fn of_several_people_numbers_are_in_steps() {
        let all = counted(47, 12, &[(7, 12), (30, 30)]);
        let groups = vec![(of("DIRECT"), counted(33, 9, &[(7, 33)])), (of("INBOUND"), counted(21, 3, &[(30, 9)]))];
        assert_eq!(
            lines(&together(vec![week(all, groups)], 5).unwrap()),
            [
                "TOTAL . 140 of 45: offers 10 days 30",
                "GROUP DIRECT 95 of 30: offers - days 5",
                "GROUP INBOUND 60 of 20: offers - days 30"
            ]
        );
        assert!(together(vec![week(counted(4, 4, &[]), vec![])], 5).is_none());
    }

    /// Of whatever weeks are asked for: what a week more makes of a number is what that week tells by itself.
    #[test]
    fn a_week_more_tells_what_it_tells_alone() {
        let number = |weeks: &[i64]| {
            let weeks = weeks.iter().map(|offers| week(counted(20, *offers, &[]), vec![])).collect();
            together(weeks, 5).unwrap()[0].number(Measure::Reached, "OFFER")
        };
        for (weeks, expected) in [
            (vec![10], Some(10)),
            // One person alone is in none of the sums.
            (vec![10, 1], Some(10)),
            (vec![10, 1, 5], Some(15)),
            (vec![1], None),
            (vec![1, 4, 3], None),
            (vec![0], Some(0)),
        ] {
            assert_eq!(number(&weeks), expected, "{weeks:?}");
        }
        // A week in which one person alone began is as if it was not there, whatever they came to.
        let alone =
            together(vec![week(counted(20, 10, &[]), vec![]), week(counted(1, 1, &[(9, 1)]), vec![])], 5).unwrap();
        assert_eq!(lines(&alone), ["TOTAL . 60 of 20: offers 10 days -"]);
        // What a share is of is told in the same weeks.
        let shares = together(vec![week(counted(20, 10, &[]), vec![]), week(counted(20, 2, &[]), vec![])], 5).unwrap();
        assert_eq!(shares[0].share(StageKind::Offer, StageKind::Offer), Some(100));
    }
}

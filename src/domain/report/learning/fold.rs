//! From what was counted to what may be told: pure.

use std::ops::AddAssign;

use entity::learning::learning_plan::LearningPlanStatus;

use super::{ReportGroupKind, ReportGrouping};
use crate::domain::report::{
    disclosure::{is_told, stepped, told},
    groups::{Grouped, large, total},
    histogram::Histogram,
};

/// How many statuses a plan may have.
const STATUSES: usize = <LearningPlanStatus as entity::vocabulary::Vocabulary>::ALL.len();

/// What was counted of a group of people, disjoint from every other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// How many people.
    pub people: i64,
    /// For each status: how many plans, of how many people.
    pub plans: [(i64, i64); STATUSES],
    /// How many people have which progress.
    pub progress: Histogram,
    /// For each week, how many people learnt how many minutes.
    pub weeks: Vec<Histogram>,
}

impl AddAssign<&Self> for Counted {
    fn add_assign(&mut self, other: &Self) {
        self.people += other.people;
        for (one, more) in self.plans.iter_mut().zip(&other.plans) {
            *one = (one.0 + more.0, one.1 + more.1);
        }
        self.progress += &other.progress;
        self.weeks.resize(self.weeks.len().max(other.weeks.len()), Histogram::default());
        for (one, more) in self.weeks.iter_mut().zip(&other.weeks) {
            *one += more;
        }
    }
}

/// What is told of a group.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group {
    pub kind: ReportGroupKind,
    /// What its people have in common.
    pub key: Option<String>,
    pub people: i64,
    /// The plans of each status.
    pub plans: [Option<i64>; STATUSES],
    pub mean_progress: Option<i64>,
    pub median_progress: Option<i64>,
    pub weeks: Vec<Week>,
}

/// What is told of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Week {
    pub active: Option<i64>,
    pub median: Option<i64>,
}

impl Grouped for Counted {
    fn people(&self) -> i64 {
        self.people
    }
}

/// What one person opened: as it is.
pub(super) fn exactly(counted: Vec<(Option<String>, Counted)>) -> Vec<Group> {
    let total = total(&counted);
    vec![group(ReportGroupKind::Total, None, &total, &Open::everything(total.weeks.len()), |number| number)]
}

/// What may be told of people who opened nothing: see [`crate::domain::report::disclosure`].
pub(super) fn together(counted: Vec<(Option<String>, Counted)>, by: ReportGrouping, least: i64) -> Vec<Group> {
    let total = total(&counted);
    let mut all = vec![group(ReportGroupKind::Total, None, &total, &Open::by_itself(&total, least), stepped)];
    if by == ReportGrouping::None {
        return all;
    }
    let groups = large(counted, least);
    let open = Open::side_by_side(&groups, total.weeks.len(), least);
    all.extend(groups.iter().zip(&open).map(|((kind, key, one), open)| group(*kind, key.clone(), one, open, stepped)));
    all
}

/// What of a group may be told.
struct Open {
    plans: [bool; STATUSES],
    progress: bool,
    weeks: Vec<bool>,
}

impl Open {
    fn everything(weeks: usize) -> Self {
        Self { plans: [true; STATUSES], progress: true, weeks: vec![true; weeks] }
    }

    /// Of a group that stands alone.
    fn by_itself(one: &Counted, least: i64) -> Self {
        Self {
            plans: one.plans.map(|(_, people)| is_told(people, least)),
            progress: is_told(one.progress.people(), least),
            weeks: one.weeks.iter().map(|week| is_told(week.people(), least)).collect(),
        }
    }

    /// Of groups that add up to a total: column by column.
    fn side_by_side(groups: &[(ReportGroupKind, Option<String>, Counted)], weeks: usize, least: i64) -> Vec<Self> {
        let mut open: Vec<Self> = groups.iter().map(|_| Self::everything(weeks)).collect();
        let column = |people: &dyn Fn(&Counted) -> i64| {
            told(&groups.iter().map(|(_, _, one)| people(one)).collect::<Vec<_>>(), least)
        };
        for status in 0..STATUSES {
            let told = column(&|one| one.plans[status].1);
            open.iter_mut().zip(told).for_each(|(open, told)| open.plans[status] = told);
        }
        let told = column(&|one| one.progress.people());
        open.iter_mut().zip(told).for_each(|(open, told)| open.progress = told);
        for week in 0..weeks {
            let told = column(&|one| one.weeks.get(week).map_or(0, Histogram::people));
            open.iter_mut().zip(told).for_each(|(open, told)| open.weeks[week] = told);
        }
        open
    }
}

fn group(kind: ReportGroupKind, key: Option<String>, one: &Counted, open: &Open, step: fn(i64) -> i64) -> Group {
    let mut plans = [None; STATUSES];
    for (place, (count, _)) in one.plans.iter().enumerate() {
        plans[place] = open.plans[place].then(|| step(*count));
    }
    let progress = |value: Option<i64>| value.filter(|_| open.progress).map(step);
    let week = |(week, open): (&Histogram, &bool)| Week {
        active: open.then(|| step(week.people())),
        median: week.median().filter(|_| *open).map(step),
    };
    Group {
        kind,
        key,
        people: step(one.people),
        plans,
        mean_progress: progress(one.progress.mean()),
        median_progress: progress(one.progress.median()),
        weeks: one.weeks.iter().zip(&open.weeks).map(week).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(values: &[(i64, i64)]) -> Histogram {
        Histogram(values.iter().copied().collect())
    }

    /// A group of so many people, of whom so many have an active plan, some progress, and learnt in the one week.
    fn counted(people: i64, planning: i64, progress: &[(i64, i64)], minutes: &[(i64, i64)]) -> Counted {
        let mut plans = [(0, 0); STATUSES];
        plans[3] = (planning * 2, planning);
        Counted { people, plans, progress: histogram(progress), weeks: vec![histogram(minutes)] }
    }

    fn line(group: &Group) -> String {
        let told = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
        let week = group.weeks[0];
        format!(
            "{} {} {}: plans {} progress {} {} week {} {}",
            group.kind,
            group.key.as_deref().unwrap_or("."),
            group.people,
            told(group.plans[3]),
            told(group.mean_progress),
            told(group.median_progress),
            told(week.active),
            told(week.median)
        )
    }

    #[test]
    fn small_groups_are_told_together() {
        let all = vec![
            (Some("a".to_owned()), counted(12, 12, &[(50, 12)], &[(61, 12)])),
            (Some("b".to_owned()), counted(3, 3, &[(0, 3)], &[(10, 3)])),
            (Some("c".to_owned()), counted(2, 1, &[], &[])),
            (None, counted(21, 4, &[(99, 4)], &[(100, 7), (200, 7)])),
        ];
        let told = together(all.clone(), ReportGrouping::GoalKind, 5);
        let lines: Vec<_> = told.iter().map(line).collect();
        // Few of the others learnt: in that week, the next smallest group is hidden with them. Of those without a group,
        // too few have a plan; with the others they are enough.
        assert_eq!(
            lines,
            [
                "TOTAL . 35: plans 40 progress 50 50 week 25 60",
                "GROUP a 10: plans 20 progress 50 50 week - -",
                "UNASSIGNED . 20: plans - progress - - week 10 100",
                "OTHER . 5: plans - progress - - week - -",
            ]
        );
        let told = together(all, ReportGrouping::None, 5);
        assert_eq!(told.iter().map(line).collect::<Vec<_>>(), lines[..1]);
    }

    #[test]
    fn one_person_is_told_exactly() {
        let one = counted(1, 1, &[(33, 1)], &[(47, 1)]);
        let told = exactly(vec![(Some("a".to_owned()), one)]);
        assert_eq!(told.iter().map(line).collect::<Vec<_>>(), ["TOTAL . 1: plans 2 progress 33 33 week 1 47"]);
    }

    /// The groups of an answer add up to no less than a step below their total, whatever is merged.
    #[test]
    fn groups_are_large_and_lose_nobody() {
        for seed in 0..500_u64 {
            let mut dice = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let mut roll = |most: u64| {
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                i64::try_from(dice % most).unwrap()
            };
            let count = 1 + roll(8);
            let all: Vec<_> =
                (0..count).map(|key| (Some(key.to_string()), counted(1 + roll(12), 0, &[], &[]))).collect();
            let people: i64 = all.iter().map(|(_, one)| one.people).sum();
            let groups = large(all, 5);
            assert_eq!(groups.iter().map(|(_, _, one)| one.people).sum::<i64>(), people);
            assert!(people < 5 || groups.iter().all(|(_, _, one)| one.people >= 5), "{groups:?}");
        }
    }
}

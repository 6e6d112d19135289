//! How many people have how much: what means and medians are taken of.

use std::{collections::BTreeMap, ops::AddAssign};

/// How many people have how much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::domain) struct Histogram(pub BTreeMap<i64, i64>);

impl Histogram {
    /// How many people.
    pub(in crate::domain) fn people(&self) -> i64 {
        self.0.values().sum()
    }

    /// The mean, rounded down.
    pub(in crate::domain) fn mean(&self) -> Option<i64> {
        let people = self.people();
        (people > 0).then(|| self.0.iter().map(|(value, count)| value * count).sum::<i64>() / people)
    }

    /// What half of the people have at least.
    pub(in crate::domain) fn median(&self) -> Option<i64> {
        self.at_most(1, 2)
    }

    /// What a part of the people, so many of so many, have at most.
    pub(in crate::domain) fn at_most(&self, part: i64, of: i64) -> Option<i64> {
        let wanted = (self.people() * part + of - 1) / of;
        let mut below = 0;
        self.0.iter().find_map(|(value, count)| {
            below += count;
            (below >= wanted && wanted > 0).then_some(*value)
        })
    }
}

impl AddAssign<&Self> for Histogram {
    fn add_assign(&mut self, other: &Self) {
        for (value, count) in &other.0 {
            *self.0.entry(*value).or_default() += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_medians() {
        for (values, mean, median) in [
            (vec![], None, None),
            (vec![(7, 1)], Some(7), Some(7)),
            (vec![(0, 1), (100, 1)], Some(50), Some(0)),
            (vec![(0, 1), (10, 1), (100, 1)], Some(36), Some(10)),
            (vec![(0, 2), (33, 3)], Some(19), Some(33)),
            (vec![(-4, 1), (2, 1), (9, 1)], Some(2), Some(2)),
        ] {
            let histogram = Histogram(values.iter().copied().collect());
            assert_eq!((histogram.mean(), histogram.median()), (mean, median), "{values:?}");
        }
        let four = Histogram([(1, 1), (2, 1), (3, 1), (9, 1)].into_iter().collect());
        assert_eq!([(1, 4), (3, 4), (1, 1)].map(|(part, of)| four.at_most(part, of)), [Some(1), Some(3), Some(9)]);
    }
}

//! How a level follows from the ratings: five ways, each a pure fold over them in the order in which they occurred (§8).

use std::collections::BTreeMap;

use entity::{
    learning::{
        competency_framework::Scale,
        evidence::{EvidenceAction, Model},
        user_competency::Calculation,
    },
    platform::event::ActorKind,
};

/// How many times a level must be reached before `N_MASTERY` counts it.
pub const TIMES: i64 = 3;
/// What the latest rating counts in a decaying average, in percent; what was before counts the rest.
pub const LATEST_PERCENT: i64 = 65;

/// What a piece of evidence says of a level, as far as levels are moved by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating {
    /// The level.
    pub level: i64,
    /// Whether a reviewer says so.
    pub by_reviewer: bool,
    /// Whether it replaces what was computed.
    pub overrides: bool,
}

impl Rating {
    /// What a piece of evidence says. What is logged or suggested moves nothing: suggestions are for the reviewer.
    #[must_use]
    pub fn of(evidence: &Model) -> Option<Self> {
        let overrides = match evidence.action {
            EvidenceAction::Log | EvidenceAction::Suggest => return None,
            EvidenceAction::Rate => false,
            EvidenceAction::Override => true,
        };
        // Of another person, only reviewers rate; machines are no reviewers.
        let by_reviewer =
            evidence.actor_kind == ActorKind::User && evidence.actor_id != Some(evidence.user_id.to_string());
        evidence.level.map(|level| Self { level, by_reviewer, overrides })
    }
}

/// A level that follows from the ratings taken so far.
#[derive(Clone, Debug)]
pub struct Fold<'a> {
    calculation: Calculation,
    scale: &'a Scale,
    latest: Option<i64>,
    /// The sum and the number of the ratings before the latest.
    earlier: (i64, i64),
    /// How often each level was given.
    given: BTreeMap<i64, i64>,
    /// What an override said, for a calculation that takes several ratings to say something.
    said: Option<i64>,
}

impl<'a> Fold<'a> {
    /// Nothing is rated yet.
    #[must_use]
    pub const fn new(calculation: Calculation, scale: &'a Scale) -> Self {
        Self { calculation, scale, latest: None, earlier: (0, 0), given: BTreeMap::new(), said: None }
    }

    /// Takes the next rating. One that overrides is where the computation begins anew: of what was before it, nothing
    /// counts any more.
    pub fn take(&mut self, rating: Rating) {
        if rating.overrides {
            *self = Self::new(self.calculation, self.scale);
            self.said = Some(rating.level);
        } else if self.calculation == Calculation::Reviewed && !rating.by_reviewer {
            return;
        }
        if let Some(before) = self.latest.replace(rating.level) {
            self.earlier = (self.earlier.0 + before, self.earlier.1 + 1);
        }
        if !rating.overrides || self.calculation == Calculation::Highest {
            *self.given.entry(rating.level).or_default() += 1;
        }
    }

    /// The level, once there is one.
    #[must_use]
    pub fn level(&self) -> Option<i64> {
        match self.calculation {
            Calculation::Latest | Calculation::Reviewed => self.latest,
            Calculation::Highest => self.given.keys().next_back().copied(),
            Calculation::DecayingAverage => self.latest.map(|latest| self.average(latest)),
            Calculation::NMastery => self.mastered().or(self.said),
        }
    }

    /// The level of the scale that is not above the average: 65 % the latest, 35 % the mean of those before.
    fn average(&self, latest: i64) -> i64 {
        let (sum, count) = self.earlier;
        if count == 0 {
            return latest;
        }
        let hundredfold = LATEST_PERCENT * latest * count + (100 - LATEST_PERCENT) * sum;
        let levels = self.scale.levels.iter().map(|level| level.value);
        levels.filter(|value| value * 100 * count <= hundredfold).max().unwrap_or(latest)
    }

    /// The highest level that was reached often enough: given, or one above it.
    fn mastered(&self) -> Option<i64> {
        let mut times = 0;
        for (level, count) in self.given.iter().rev() {
            times += count;
            if times >= TIMES {
                return Some(*level);
            }
        }
        None
    }
}

/// The level that follows from ratings, in the order in which they occurred.
#[must_use]
pub fn level(calculation: Calculation, scale: &Scale, ratings: impl IntoIterator<Item = Rating>) -> Option<i64> {
    let mut fold = Fold::new(calculation, scale);
    ratings.into_iter().for_each(|rating| fold.take(rating));
    fold.level()
}

/// Whether a level of a scale counts as proficient.
#[must_use]
pub fn is_proficient(scale: &Scale, level: i64) -> bool {
    scale.levels.iter().any(|known| known.value == level && known.proficient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Calculation::{DecayingAverage, Highest, Latest, NMastery, Reviewed};
    use entity::learning::competency_framework::ScaleLevel;

    fn scale(values: &[i64]) -> Scale {
        let levels = values.iter().map(|&value| ScaleLevel { value, name: value.to_string(), proficient: value > 2 });
        Scale { levels: levels.collect(), default_level: 1 }
    }

    /// Ratings as a line says them: `3` by a machine, `3r` by a reviewer, `3!` an override.
    fn ratings(said: &str) -> Vec<Rating> {
        let one = |word: &str| Rating {
            level: word.trim_end_matches(['r', '!']).parse().unwrap(),
            by_reviewer: word.ends_with(['r', '!']),
            overrides: word.ends_with('!'),
        };
        said.split_whitespace().map(one).collect()
    }

    #[test]
    fn the_five_calculations() {
        let table: &[(&str, [Option<i64>; 5])] = &[
            // Ratings; latest, highest, decaying average, mastery, reviewed.
            ("", [None, None, None, None, None]),
            ("3", [Some(3), Some(3), Some(3), None, None]),
            ("3r", [Some(3), Some(3), Some(3), None, Some(3)]),
            ("1 4", [Some(4), Some(4), Some(2), None, None]),
            ("4 1", [Some(1), Some(4), Some(2), None, None]),
            ("4r 1", [Some(1), Some(4), Some(2), None, Some(4)]),
            ("2 2 4", [Some(4), Some(4), Some(3), Some(2), None]),
            ("2 4 3", [Some(3), Some(4), Some(3), Some(2), None]),
            ("4 4 4 1", [Some(1), Some(4), Some(2), Some(4), None]),
            ("4 3 1 3", [Some(3), Some(4), Some(2), Some(3), None]),
            ("1 1 1r 4 4", [Some(4), Some(4), Some(3), Some(1), Some(1)]),
            // An override: what was before it counts no more, what comes after does.
            ("4 4 4 1!", [Some(1), Some(1), Some(1), Some(1), Some(1)]),
            ("4 4 4 1! 2", [Some(2), Some(2), Some(1), Some(1), Some(1)]),
            ("4 4 4 1! 2r", [Some(2), Some(2), Some(1), Some(1), Some(2)]),
            ("1 4! 2r", [Some(2), Some(4), Some(2), Some(4), Some(2)]),
            ("4! 2 2 2", [Some(2), Some(4), Some(2), Some(2), Some(4)]),
            ("4! 2! 3", [Some(3), Some(3), Some(2), Some(2), Some(2)]),
        ];
        let scale = scale(&[1, 2, 3, 4]);
        for (said, expected) in table {
            let all = [Latest, Highest, DecayingAverage, NMastery, Reviewed];
            let levels = all.map(|calculation| level(calculation, &scale, ratings(said)));
            assert_eq!(&levels, expected, "{said:?}");
        }
    }

    #[test]
    fn an_average_is_rounded_to_the_level_below() {
        let of = |values: &[i64], said: &str| level(DecayingAverage, &scale(values), ratings(said));
        // 0.65 × 10 + 0.35 × 1 is 6.85; the scale has no level between 5 and 10.
        assert_eq!(of(&[1, 5, 10], "1 10"), Some(5));
        // Exactly a level is that level: 0.65 × 3 + 0.35 × 3.
        assert_eq!(of(&[1, 2, 3], "3 3 3"), Some(3));
        assert_eq!(of(&[1, 2, 3], "1 2 3 2"), Some(2));
        // What was before counts by its plain mean: 0.65 × 20 + 0.35 × 10 is 16.5.
        assert_eq!(of(&[10, 15, 16, 17, 20], "10 10 20"), Some(16));
    }

    #[test]
    fn the_scale_says_who_is_proficient() {
        let scale = scale(&[1, 2, 3]);
        assert_eq!([0, 1, 2, 3, 4].map(|level| is_proficient(&scale, level)), [false, false, false, true, false]);
    }
}

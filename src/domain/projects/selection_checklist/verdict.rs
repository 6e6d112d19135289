//! What follows from three factors: pure functions (§14). Whatever they say, it never blocks.

use entity::{
    kind::{Kind, prose, word},
    object,
    projects::selection_checklist::ChecklistPeople,
    vocabulary,
};
use serde::Serialize;

vocabulary! {
    /// Whether something is a stretch for its owner.
    StretchBand {
        /// Little of it is new.
        TooEasy = "TOO_EASY",
        /// It is new, and can be done.
        Stretch = "STRETCH",
        /// It is hardly to be done.
        TooHard = "TOO_HARD",
    }
}

vocabulary! {
    /// What to do with an idea.
    Verdict {
        /// Go on with it.
        Pursue = "PURSUE",
        /// Change one thing about it first.
        Adjust = "ADJUST",
        /// Think again.
        Reconsider = "RECONSIDER",
    }
}

vocabulary! {
    /// What is asked of an idea.
    ChecklistFactor {
        /// Whether its owner grows with it.
        Growth = "GROWTH",
        /// Whether there are people for it.
        People = "PEOPLE",
        /// Whether it leads further.
        SteppingStone = "STEPPING_STONE",
    }
}

object! {
    /// What a factor says.
    #[derive(Serialize, PartialEq, Eq)]
    VerdictReason {
        /// The factor.
        required factor: ChecklistFactor = word::<ChecklistFactor>(),
        /// Whether it speaks for the idea.
        required met: bool = Kind::Bool,
        /// Why, in a sentence.
        required reason: String = prose(500),
    }
}

/// What is known of an idea or a project.
#[derive(Clone, Copy, Debug)]
pub struct Factors {
    /// How much it asks that is new, 1 to 5.
    pub stretch: i64,
    /// How likely it is to succeed, 1 to 5.
    pub success: i64,
    /// Whether there are people for it.
    pub people: bool,
    /// Its complexity and its impact together.
    pub size: i64,
    /// Those of the biggest project that its owner finished.
    pub before: Option<i64>,
}

/// Whether it is a stretch. What will hardly succeed is too hard, even if little of it is new.
#[must_use]
pub const fn band(stretch: i64, success: i64) -> StretchBand {
    match (stretch, success) {
        (_, ..=1) => StretchBand::TooHard,
        (..=2, _) => StretchBand::TooEasy,
        _ => StretchBand::Stretch,
    }
}

/// Whether there is anybody to work with, or at least to talk to.
#[must_use]
pub fn has_people(people: &ChecklistPeople) -> bool {
    !people.teammate_ids.is_empty() || !people.discussant_ids.is_empty()
}

/// Whether it is bigger than what its owner finished before, when there is anything.
#[must_use]
pub fn bigger(size: i64, before: Option<i64>) -> Option<bool> {
    before.map(|before| size > before)
}

/// What follows: to go on when every factor speaks for it, to change something when one does not, and to think again
/// when more do not. Without anything that was finished before, there is nothing to be bigger than.
#[must_use]
pub fn verdict(of: Factors) -> (Verdict, Vec<VerdictReason>) {
    let reasons = vec![growth(of), people(of), stepping_stone(of)];
    let verdict = match reasons.iter().filter(|reason| !reason.met).count() {
        0 => Verdict::Pursue,
        1 => Verdict::Adjust,
        _ => Verdict::Reconsider,
    };
    (verdict, reasons)
}

fn said(factor: ChecklistFactor, met: bool, reason: impl Into<String>) -> VerdictReason {
    VerdictReason { factor, met, reason: reason.into() }
}

fn growth(of: Factors) -> VerdictReason {
    let (met, reason) = match band(of.stretch, of.success) {
        StretchBand::Stretch => (true, "It is new to you, and it can be done."),
        StretchBand::TooEasy => (false, "Little of it is new to you: a harder question would teach you more."),
        StretchBand::TooHard => (false, "It will hardly succeed as it is: a smaller first piece of it might."),
    };
    said(ChecklistFactor::Growth, met, reason)
}

fn people(of: Factors) -> VerdictReason {
    let reason = if of.people {
        "There are people to work on it with, or to talk it through with."
    } else {
        "Nobody is named for it yet: even one person to talk it through with helps."
    };
    said(ChecklistFactor::People, of.people, reason)
}

fn stepping_stone(of: Factors) -> VerdictReason {
    let (met, reason) = match of.before {
        None => (true, "No finished project says what it would have to be bigger than.".to_owned()),
        Some(before) if of.size > before => (
            true,
            format!("Complexity and impact are {} together, {before} at most in what you finished before.", of.size),
        ),
        Some(before) => (
            false,
            format!(
                "Complexity and impact are {} together, and have been {before} in what you finished before.",
                of.size
            ),
        ),
    };
    said(ChecklistFactor::SteppingStone, met, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_and_can_be_done_is_a_stretch() {
        use StretchBand::{Stretch, TooEasy, TooHard};
        // By how new it is, from 1 to 5, and how likely to succeed, from 1 to 5.
        let table = [
            [TooHard, TooEasy, TooEasy, TooEasy, TooEasy],
            [TooHard, TooEasy, TooEasy, TooEasy, TooEasy],
            [TooHard, Stretch, Stretch, Stretch, Stretch],
            [TooHard, Stretch, Stretch, Stretch, Stretch],
            [TooHard, Stretch, Stretch, Stretch, Stretch],
        ];
        for (stretch, row) in (1..).zip(table) {
            for (success, expected) in (1..).zip(row) {
                assert_eq!(band(stretch, success), expected, "{stretch} {success}");
            }
        }
    }

    #[test]
    fn one_person_to_talk_to_is_enough() {
        let people = |teammates: &[&str], discussants: &[&str]| ChecklistPeople {
            teammate_ids: teammates.iter().map(ToString::to_string).collect(),
            discussant_ids: discussants.iter().map(ToString::to_string).collect(),
        };
        assert!(!has_people(&people(&[], &[])));
        assert!(
            has_people(&people(&["a"], &[])) && has_people(&people(&[], &["a"])) && has_people(&people(&["a"], &["b"]))
        );
    }

    #[test]
    fn bigger_is_more_than_before() {
        let table = [(6, None, None), (6, Some(5), Some(true)), (6, Some(6), Some(false)), (6, Some(7), Some(false))];
        for (size, before, expected) in table {
            assert_eq!(bigger(size, before), expected, "{size} {before:?}");
        }
    }

    #[test]
    fn a_verdict_counts_what_does_not_speak_for_it() {
        let good = Factors { stretch: 4, success: 3, people: true, size: 7, before: Some(6) };
        let table = [
            (good, Verdict::Pursue, [true, true, true]),
            (Factors { before: None, ..good }, Verdict::Pursue, [true, true, true]),
            (Factors { stretch: 2, ..good }, Verdict::Adjust, [false, true, true]),
            (Factors { success: 1, ..good }, Verdict::Adjust, [false, true, true]),
            (Factors { people: false, ..good }, Verdict::Adjust, [true, false, true]),
            (Factors { before: Some(7), ..good }, Verdict::Adjust, [true, true, false]),
            (Factors { people: false, before: Some(9), ..good }, Verdict::Reconsider, [true, false, false]),
            (Factors { stretch: 1, people: false, before: Some(9), ..good }, Verdict::Reconsider, [false; 3]),
        ];
        for (factors, expected, met) in table {
            let (verdict, reasons) = verdict(factors);
            assert_eq!(verdict, expected, "{factors:?}");
            assert_eq!(reasons.iter().map(|reason| reason.met).collect::<Vec<_>>(), met, "{factors:?}");
            assert!(reasons.iter().all(|reason| reason.reason.ends_with('.')));
        }
    }
}

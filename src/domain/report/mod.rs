//! Reports: what an organization learns about its people together, and a coach about those who asked for one (§37).
//!
//! Two kinds, never mixed. An aggregate tells of enough people at once, and of nobody by themself, not even to who
//! subtracts: see [`disclosure`]. What names people is told to those alone to whom these people opened it by a grant.

pub mod cohort;
pub mod disclosure;
mod groups;
pub(in crate::domain) mod histogram;
pub mod job_search;
pub mod learning;
pub mod period;
pub mod scoping;

use entity::{
    kind::{int, word},
    learning::learning_plan::LearningPlanStatus,
    object,
};
use serde::Serialize;

use super::answer::Answer;

object! {
    /// How many plans stand somewhere.
    #[derive(Serialize, PartialEq, Eq)]
    PlansInStatus {
        /// Where they stand.
        required status: LearningPlanStatus = word::<LearningPlanStatus>(),
        /// How many they are; null when that would tell of too few people.
        optional plans: i64 = int(0, i64::MAX),
    }
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![learning::report(), cohort::report(), scoping::report(), job_search::report()]
}

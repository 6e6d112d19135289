//! The job search (chapter three of the playbook): from one role and industry to another, step by step (§16 to §28).

pub mod industry;
pub mod search_leverage;
pub mod transition;
pub mod transition_leg;
pub mod transition_plan;

use super::{answer::Answer, verb::Resource};

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![industry::resource(), transition_plan::resource(), transition_leg::resource()]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![transition::answer::classify(), search_leverage::of_person()]
}

//! Learning: frameworks, resources, plans, completions, and the proofs that somebody learnt (§2, §3, §7).

pub mod built_in;
pub mod competency;
pub mod competency_framework;
pub mod completion;
pub mod evidence;
pub mod learning_plan;
pub mod learning_resource;
pub mod learning_session;
pub mod pace;
pub mod plan_item;
pub mod week;
pub mod xapi;

use super::{answer::Answer, verb::Resource};

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![
        competency_framework::resource(),
        competency::resource(),
        learning_resource::resource(),
        learning_plan::resource(),
        plan_item::resource(),
        completion::resource(),
        learning_session::resource(),
        evidence::resource(),
    ]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![pace::weekly()]
}

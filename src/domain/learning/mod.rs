//! Learning: frameworks, resources, plans, completions, and the proofs that somebody learnt (§2, §3, §7).

pub mod built_in;
pub mod career_goal;
pub mod career_profile;
pub mod competency;
pub mod competency_framework;
pub mod completion;
pub mod coverage;
pub mod evidence;
pub mod goal_requirement;
pub mod learning_need;
pub mod learning_need_source;
pub mod learning_pause;
pub mod learning_plan;
pub mod learning_resource;
pub mod learning_session;
pub mod pace;
pub mod plan_item;
pub mod requirement;
pub mod role_profile;
pub mod role_requirement;
pub mod skill_gap;
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
        learning_pause::resource(),
        evidence::resource(),
        learning_need::resource(),
        learning_need_source::resource(),
        career_profile::resource(),
        role_profile::resource(),
        role_requirement::resource(),
        career_goal::resource(),
        goal_requirement::resource(),
    ]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![pace::weekly(), pace::forecast::plan(), skill_gap::of_goal(), coverage::of_framework()]
}

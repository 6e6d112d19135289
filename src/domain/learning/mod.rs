//! Learning: frameworks, resources, plans, completions, and the proofs that somebody learnt (§2, §3, §7).

pub mod built_in;
pub mod career_goal;
pub mod career_profile;
pub mod competency;
pub mod competency_framework;
pub mod completion;
pub mod coverage;
pub mod evidence;
pub mod exchange;
pub mod goal_requirement;
pub mod import_job;
pub mod learning_need;
pub mod learning_need_source;
pub mod learning_pause;
pub mod learning_plan;
pub mod learning_plan_template;
pub mod learning_plan_template_item;
pub mod learning_resource;
pub mod learning_session;
pub mod pace;
pub mod plan_item;
pub mod plan_item_comment;
pub mod plan_standing;
pub mod prior_learning;
pub mod requirement;
mod reviewer;
pub mod role_profile;
pub mod role_requirement;
pub mod skill_gap;
pub mod skill_progression;
pub mod user_competency;
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
        plan_standing::resource(),
        plan_item_comment::resource(),
        learning_plan_template::resource(),
        learning_plan_template_item::resource(),
        completion::resource(),
        learning_session::resource(),
        learning_pause::resource(),
        user_competency::resource(),
        evidence::resource(),
        prior_learning::resource(),
        learning_need::resource(),
        learning_need_source::resource(),
        career_profile::resource(),
        role_profile::resource(),
        role_requirement::resource(),
        career_goal::resource(),
        goal_requirement::resource(),
        import_job::resource(),
    ]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![
        pace::weekly(),
        pace::forecast::plan(),
        skill_gap::of_goal(),
        skill_progression::of_person(),
        coverage::of_framework(),
        exchange::export::framework(),
        exchange::export::plan(),
        import_job::rows::of_import(),
    ]
}

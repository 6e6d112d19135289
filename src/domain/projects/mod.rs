//! Projects: scoped in five steps, carried out by people, and measured (§9 to §12, §30).

pub mod obstacle;
pub mod peer_feedback;
pub mod project;
pub mod project_idea;
pub mod project_member;
pub mod scope;
pub mod selection_checklist;

use super::{answer::Answer, verb::Resource};

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![
        project::resource(),
        project_member::resource(),
        scope::resource(),
        project_idea::resource(),
        selection_checklist::resource(),
        obstacle::resource(),
        peer_feedback::resource(),
    ]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![project_idea::compare::of_ideas(), project_idea::prompts::of_person()]
}

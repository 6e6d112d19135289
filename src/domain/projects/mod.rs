//! Projects: scoped in five steps, carried out by people, and measured (§9 to §12, §30).

pub mod budget;
pub mod budget_entry;
pub mod budget_line;
pub mod project;
pub mod project_member;
pub mod scope;

use super::{answer::Answer, verb::Resource};

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![
        project::resource(),
        project_member::resource(),
        scope::resource(),
        budget::resource(),
        budget_line::resource(),
        budget_entry::resource(),
    ]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![budget::summary::of_project()]
}

//! Projects: scoped in five steps, carried out by people, and measured (§9 to §12, §30).

pub mod project;
pub mod project_member;
pub mod scope;

use super::{answer::Answer, verb::Resource};

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![project::resource(), project_member::resource(), scope::resource()]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    Vec::new()
}

//! Stories of the chapter on projects.

mod project;
mod project_idea;
mod project_member;
mod selection_checklist;

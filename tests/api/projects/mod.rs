//! Stories of the chapter on projects.

mod obstacle;
mod peer_feedback;
mod project;
mod project_idea;
mod project_member;
mod selection_checklist;

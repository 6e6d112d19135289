//! Stories of the chapter on projects.

mod project;
mod project_member;

//! Stories of the chapter on projects.

mod budget;
mod budget_approval;
mod budget_entry;
mod budget_line;
mod project;
mod project_member;

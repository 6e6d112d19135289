//! Projects: scoped in five steps, carried out by people (chapter two of the playbook).

pub mod budget;
pub mod budget_entry;
pub mod budget_line;
pub mod project;
pub mod project_member;
pub mod scope;

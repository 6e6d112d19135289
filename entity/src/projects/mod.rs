//! Projects: scoped in five steps, carried out by people (chapter two of the playbook).

pub mod project;
pub mod project_idea;
pub mod project_member;
pub mod scope;
pub mod selection_checklist;

//! Projects: scoped in five steps, carried out by people (chapter two of the playbook).

pub mod obstacle;
pub mod peer_feedback;
pub mod project;
pub mod project_idea;
pub mod project_member;
pub mod scope;
pub mod selection_checklist;

//! Projects: scoped in five steps, carried out by people (chapter two of the playbook).

pub mod metric;
pub mod metric_observation;
pub mod milestone;
pub mod project;
pub mod project_member;
pub mod scope;

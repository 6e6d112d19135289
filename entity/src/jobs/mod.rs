//! The job search: everything in it is the person's own (chapter three of the playbook).

pub mod finding;
pub mod informational_interview;
pub mod role_observation;

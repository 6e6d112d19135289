//! The search for a job: what is sought, where somebody applies, and what came of it. It is its person's own.

pub mod application;
pub mod application_event;
pub mod finding;
pub mod informational_interview;
pub mod job_posting;
pub mod job_search;
pub mod role_observation;
pub mod stage;

//! The search for a job: what is sought, where somebody applies, and what came of it. It is its person's own.

pub mod application;
pub mod application_event;
pub mod application_learning_need;
pub mod feedback;
pub mod feedback_request;
pub mod help_request;
pub mod interview;
pub mod job_posting;
pub mod job_search;
pub mod offer;
pub mod offer_version;
pub mod referral;
pub mod self_scorecard;
pub mod stage;

//! The search for a job: where somebody comes from and wants to go, what is sought, where they apply, and what came of it.
//! It is its person's own.

pub mod application;
pub mod application_event;
pub mod application_learning_need;
pub mod feedback;
pub mod feedback_request;
pub mod finding;
pub mod help_request;
pub mod industry;
pub mod informational_interview;
pub mod interview;
pub mod job_posting;
pub mod job_search;
pub mod offer;
pub mod offer_version;
pub mod referral;
pub mod role_observation;
pub mod self_scorecard;
pub mod stage;
pub mod transition_leg;
pub mod transition_plan;

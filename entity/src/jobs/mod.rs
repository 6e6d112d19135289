//! The job search: where somebody comes from and wants to go, and how they get there.

pub mod industry;
pub mod transition_leg;
pub mod transition_plan;

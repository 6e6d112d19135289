//! Insights: advice that is computed on reading, and what people put away of it.

pub mod insight_dismissal;
pub mod step_dismissal;

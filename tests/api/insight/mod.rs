//! Stories of insights: what is advised, to whom, and what people put away (§1 to §6, §29).

mod dismissal;
mod learning;
mod next_step;
mod portfolio;
pub mod rows;
mod search_steps;
mod spending;
mod switch;
mod talks;

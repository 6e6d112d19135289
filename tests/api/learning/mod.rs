//! Stories of learning: frameworks, resources, plans and completions (§2, §3, §7).

mod competency;
mod competency_framework;
mod completion;
mod learning_plan;
mod learning_resource;
mod plan_item;
mod review;
mod xapi;

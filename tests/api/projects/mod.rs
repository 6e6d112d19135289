//! Stories of the chapter on projects.

mod metric;
mod metric_observation;
mod milestone;
mod project;
mod project_member;

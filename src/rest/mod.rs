//! The REST face: an interpreter of what the core declares. No resource and no rule stands here.

pub mod answer;
pub mod ask;
pub mod body;
pub mod calendar;
pub mod caller;
pub mod headers;
pub mod me;
pub mod openapi;
pub mod operation;
pub mod policy;
pub mod problem;
pub mod query;
pub mod routes;
pub mod select;
pub mod serve;
pub mod target;
pub mod xapi;

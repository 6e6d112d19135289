//! Laws: what holds for every resource that is declared, so that a new one is covered without being told.

mod budgets;
mod contracts;
mod elsewhere;
mod feed;
mod fields;
mod hiring;
mod ideas;
mod jobs;
mod known;
mod moments;
mod operations;
mod portfolios;
mod private;
mod projects;
mod query_plans;
mod reads;
mod source;
mod steps;
mod strangers;
mod talks;
mod tone;
mod transitions;
mod updates;
mod world;
mod writes;

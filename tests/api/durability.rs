//! Durability: what was acknowledged is there, once, whatever happens to the process or the database.

pub mod program;

mod group;
mod import;
mod kill;
mod log_in;

//! Declared reads: what a resource shows, the plan of a read, and the bytes that come back.
//!
//! A face turns its request into [`plan::Root`]s; [`run`] answers them in one snapshot, one statement per list level.

pub mod cell;
pub mod compile;
pub mod cursor;
pub mod execute;
pub mod filter;
pub mod keyset;
pub mod plan;
pub mod rows;
pub mod shape;
pub mod sql;
pub mod sqlite;
pub mod write;

pub use execute::{price, run};

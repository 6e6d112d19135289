//! Whom people know, and where they work.

pub mod company;
pub mod contact;

//! Whom people know, and where they work.

pub mod community;
pub mod company;
pub mod contact;

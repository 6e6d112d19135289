//! Whom people know, where they work, and how they are in touch.

pub mod community;
pub mod company;
pub mod contact;
pub mod interaction;

//! Switches: from one role and industry to another, and the paths that lead there (§16, §17).
//!
//! [`place`] says what a role and an industry are and when two are the same, [`path`] what changes and in which order;
//! both are pure. [`book`] reads what the organization calls them, [`known`] what a person has for each leg.

pub mod answer;
pub mod applied;
pub mod book;
pub mod ends;
pub mod known;
pub mod path;
pub mod place;
pub mod say;

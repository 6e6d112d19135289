//! Cairn's rows and vocabulary: what the tables hold and the words that they use. No rules, no I/O.

pub mod currency;
pub mod decimal;
pub mod id;
pub mod kind;
pub mod money;
pub mod vocabulary;

pub mod community;
pub mod insight;
pub mod jobs;
pub mod learning;
pub mod platform;
pub mod projects;

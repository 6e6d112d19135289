//! Taking in what somebody kept elsewhere of their search: a table, or a document named after the common applicant-tracking model.
//!
//! Both become one draft ([`draft::Tracker`]), which is then taken in as a whole: companies by their names, stages by theirs, every
//! dated step as an event of the application's history, and the interviews and offers of a document. Each thing is known by its name in
//! the other system, so that what is taken in twice is there once; what happened since is added. What is wrong in a document by itself, or
//! what no command would lead to, is an error; what differs from what is known here is left as it is here, with advice.

pub mod document;
pub mod draft;
pub mod mapping;
pub mod order;
pub mod read;
pub mod table;
pub mod take;
pub mod words;

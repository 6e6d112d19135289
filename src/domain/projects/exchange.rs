//! Projects that go out and come in again, each as one document with everything in it (§9 to §12, §30).
//!
//! What goes out can be taken in, here or elsewhere, and goes out the same again but for its ids. It comes in as it stood:
//! with its steps, what it was before it went back, and what was observed and spent. What people say of each other stays
//! between them and goes nowhere; the events of before are of the project that it was.

pub mod document;
pub mod export;
pub mod names;
pub mod read;
pub mod renamed;
pub mod take;
pub mod whole;
pub mod write;

pub(super) use names::Names;
pub(super) use whole::Whole;

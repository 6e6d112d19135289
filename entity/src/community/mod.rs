//! Whom people know, where they work, and how they are in touch.

#[expect(clippy::module_inception, reason = "the chapter and one of its resources are called alike")]
pub mod community;
pub mod company;
pub mod contact;
pub mod interaction;

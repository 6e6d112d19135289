//! Community: whom people know, where these work, and how they are in touch (§31).

#[expect(clippy::module_inception, reason = "the chapter and one of its resources are called alike")]
pub mod community;
pub mod companies;
pub mod company;
pub mod contact;
pub mod exchange;
pub mod interaction;
pub mod keep_in_touch;

use super::{answer::Answer, verb::Resource};

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![company::resource(), contact::resource(), interaction::resource(), community::resource()]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![keep_in_touch::of_person(), exchange::export::of_person()]
}

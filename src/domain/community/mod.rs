//! Community: whom people know, and where these work (§31).

pub mod community;
pub mod company;
pub mod contact;

use super::verb::Resource;

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![company::resource(), contact::resource(), community::resource()]
}

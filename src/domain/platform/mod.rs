//! Who takes part: organizations, people, machine clients, sessions, grants, and the feed of events.

pub mod user;

use super::verb::Resource;

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![]
}

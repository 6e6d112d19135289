//! Who takes part: organizations, people, machine clients, sessions, grants, and the feed of events.

pub mod client;
pub mod event;
pub mod grant;
pub mod membership;
pub mod organization;
pub mod session;
pub mod user;

use super::verb::Resource;

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![
        organization::resource(),
        user::resource(),
        membership::resource(),
        client::resource(),
        session::resource(),
        grant::resource(),
        event::resource(),
    ]
}

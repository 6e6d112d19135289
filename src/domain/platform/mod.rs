//! Who takes part: organizations, people, machine clients, sessions, grants, and the feed of events.

pub mod calendar;
pub mod calendar_feed;
pub mod client;
pub mod event;
pub mod grant;
pub mod membership;
pub mod organization;
pub mod session;
pub mod user;

use super::{answer::Answer, verb::Resource};

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
        calendar_feed::resource(),
        event::resource(),
    ]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![calendar::of_caller()]
}

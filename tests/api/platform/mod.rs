//! Stories of people, machines and what they open to each other (§37).

mod calendar_feed;
mod client;
mod event;
mod grant;
mod membership;
mod organization;
mod session;
mod token;
mod user;

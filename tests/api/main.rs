//! Stories and laws, told to the very app that `main` runs, on both databases and through both faces.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![expect(unreachable_pub, reason = "a test has no outside")]
#![expect(
    clippy::assigning_clones,
    clippy::format_collect,
    clippy::format_push_string,
    reason = "here plain is better than quick"
)]

mod harness;

mod community;
mod insight;
mod jobs;
mod known_commands;
mod learning;
mod platform;
mod projects;
mod report;

mod concurrency;
mod deletion;
mod demo;
mod external;
mod fields;
mod hostile;
mod idempotency;
mod limits;
mod migrations;
mod paging;

#[expect(clippy::print_stdout, reason = "says how much was tried")]
mod chaos;
mod durability;
mod laws;
#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "chance needs no exactness")]
#[expect(clippy::print_stdout, reason = "says how much was compared")]
mod plans;

//! Stories and laws, told to the very app that `main` runs, on both databases and through both faces.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]
#![expect(unreachable_pub, reason = "a test has no outside")]

mod harness;

mod learning;
mod platform;

mod concurrency;
mod deletion;
mod external;
mod hostile;
mod idempotency;
mod limits;
mod paging;

mod durability;
mod laws;
mod plans;

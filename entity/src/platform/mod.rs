//! Who takes part, and what the house itself keeps.

pub mod calendar_feed;
pub mod client;
pub mod event;
pub mod external_ref;
pub mod grant;
pub mod idempotency_key;
pub mod membership;
pub mod organization;
pub mod password_reset;
pub mod refresh_token;
pub mod revoked_token;
pub mod session;
pub mod signing_key;
pub mod user;

//! The core: what Cairn knows and the rules it keeps. It names no web framework and no GraphQL context.

use std::sync::LazyLock;

pub mod caller;
pub mod check;
pub mod clock;
pub mod error;
pub mod error_code;
pub mod external;
pub mod find;
pub mod idempotency;
pub mod me;
pub mod policy;
pub mod tx;
pub mod verb;

pub mod learning;
pub mod platform;

use verb::Resource;

/// Every resource, declared once. A new one is one line in its chapter.
static RESOURCES: LazyLock<Vec<Resource>> =
    LazyLock::new(|| platform::resources().into_iter().chain(learning::resources()).collect());

/// Every resource, in the order in which the contracts show them.
#[must_use]
pub fn resources() -> &'static [Resource] {
    &RESOURCES
}

/// The resource of a shape's name.
#[must_use]
pub fn resource(name: &str) -> Option<&'static Resource> {
    RESOURCES.iter().find(|resource| resource.shape.name == name)
}

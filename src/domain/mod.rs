//! The core: what Cairn knows and the rules it keeps. It names no web framework and no GraphQL context.

use std::sync::LazyLock;

pub mod answer;
pub mod caller;
pub mod chart;
pub mod check;
pub mod clock;
pub mod content_line;
mod ending;
pub mod error;
pub mod error_code;
pub mod external;
mod feed;
pub mod find;
pub mod idempotency;
pub mod look;
mod many;
pub mod me;
pub mod order;
pub mod policy;
pub mod spelling;
pub mod state;
pub mod table;
pub mod tx;
pub mod verb;

pub mod community;
pub mod insight;
pub mod jobs;
pub mod learning;
pub mod platform;
pub mod projects;
pub mod report;

use answer::Answer;
use verb::Resource;

/// Every resource, declared once. A new one is one line in its chapter.
static RESOURCES: LazyLock<Vec<Resource>> = LazyLock::new(|| {
    [
        platform::resources(),
        learning::resources(),
        projects::resources(),
        community::resources(),
        jobs::resources(),
        insight::resources(),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// Every resource, in the order in which the contracts show them.
#[must_use]
pub fn resources() -> &'static [Resource] {
    &RESOURCES
}

/// Every computed answer, declared once. A new one is one line in its chapter.
static ANSWERS: LazyLock<Vec<Answer>> = LazyLock::new(|| {
    [
        platform::answers(),
        learning::answers(),
        projects::answers(),
        community::answers(),
        jobs::answers(),
        insight::answers(),
        report::answers(),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// Every computed answer, in the order in which the contracts show them.
#[must_use]
pub fn answers() -> &'static [Answer] {
    &ANSWERS
}

/// The resource of a shape's name.
#[must_use]
pub fn resource(name: &str) -> Option<&'static Resource> {
    RESOURCES.iter().find(|resource| resource.shape.name == name)
}

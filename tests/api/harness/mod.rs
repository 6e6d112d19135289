//! The stage: the very app that `main` runs, in this process, on either database, and the actors who call it.

use std::sync::Arc;

use cairn::house::House;

pub mod actor;
pub mod answer;
pub mod api;
pub mod cluster;
pub mod database;
pub mod face;
pub mod run;
pub mod world;

pub use actor::Actor;
pub use answer::Answer;
pub use api::Api;
pub use database::Backend;
pub use face::{Face, Outcome};
pub use world::Organization;

/// Tells each story on both databases: `sqlite::a_story` and `postgres::a_story`. A story takes the [`Api`].
macro_rules! stories {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { $crate::harness::api::tell($crate::harness::Backend::Sqlite, super::$story).await })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { $crate::harness::api::tell($crate::harness::Backend::Postgres, super::$story).await })+
        }
    };
}

/// Tells each story on both databases, through both faces: `sqlite_by_rest::a_story` and so on. The actors speak through
/// the face that the [`Api`] names, and every refusal must read alike.
macro_rules! stories_in_both_faces {
    ($($story:ident),+ $(,)?) => {
        $crate::harness::stories_in_both_faces!(@ sqlite_by_rest Sqlite Rest $($story)+);
        $crate::harness::stories_in_both_faces!(@ sqlite_by_graphql Sqlite Graphql $($story)+);
        $crate::harness::stories_in_both_faces!(@ postgres_by_rest Postgres Rest $($story)+);
        $crate::harness::stories_in_both_faces!(@ postgres_by_graphql Postgres Graphql $($story)+);
    };
    (@ $module:ident $backend:ident $face:ident $($story:ident)+) => {
        mod $module {
            use $crate::harness::{Backend, Face, api::tell_through};
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() { tell_through(Backend::$backend, Face::$face, super::$story).await })+
        }
    };
}

/// insta's inline snapshot, which a story may meet several times: once for each database and face, with one result.
macro_rules! assert_snapshot {
    ($value:expr, @$expected:literal) => {{
        let value = $value.to_string();
        insta::allow_duplicates! { insta::assert_snapshot!(value, @$expected) }
    }};
}

/// An instance on an empty SQLite database that serves nothing, for tests of the core alone.
pub async fn sqlite_house() -> Arc<House> {
    api::bare(Backend::Sqlite).await
}

/// The same on PostgreSQL.
pub async fn postgres_house() -> Arc<House> {
    api::bare(Backend::Postgres).await
}

pub(crate) use {assert_snapshot, stories, stories_in_both_faces};

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

/// Tells each story on both databases, through both faces: `sqlite::rest::a_story` and so on. The actors speak through
/// the face that the [`Api`] names, and every refusal must read alike.
macro_rules! stories_in_both_faces {
    ($($story:ident),+ $(,)?) => {
        mod sqlite {
            mod rest { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $story() {
                use $crate::harness::{Backend::Sqlite, Face::Rest, api::tell_through};
                tell_through(Sqlite, Rest, super::super::$story).await
            })+ }
            mod graphql { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $story() {
                use $crate::harness::{Backend::Sqlite, Face::Graphql, api::tell_through};
                tell_through(Sqlite, Graphql, super::super::$story).await
            })+ }
        }
        mod postgres {
            mod rest { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $story() {
                use $crate::harness::{Backend::Postgres, Face::Rest, api::tell_through};
                tell_through(Postgres, Rest, super::super::$story).await
            })+ }
            mod graphql { $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)] async fn $story() {
                use $crate::harness::{Backend::Postgres, Face::Graphql, api::tell_through};
                tell_through(Postgres, Graphql, super::super::$story).await
            })+ }
        }
    };
}

/// An instance on an empty SQLite database that serves nothing, for tests of the core alone.
pub async fn sqlite_house() -> Arc<House> {
    api::bare(Backend::Sqlite).await
}

/// The same on PostgreSQL.
pub async fn postgres_house() -> Arc<House> {
    api::bare(Backend::Postgres).await
}

pub(crate) use {stories, stories_in_both_faces};

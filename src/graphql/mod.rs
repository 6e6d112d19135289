//! The GraphQL face: the schema is written from the declarations, reads become plans, mutations run verbs.

pub mod collect;
pub mod execute;
pub mod explorer;
pub mod guard;
pub mod http;
pub mod known;
pub mod mutation;
pub mod persisted;
pub mod plan;
pub mod request;
pub mod response;
pub mod schema;
pub mod told;
pub mod types;

//! What happened: the audit trail, the feed and the outbox are this one table.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{EventId, OrganizationId, ProjectId, UserId};

crate::vocabulary! {
    /// Who did something.
    ActorKind {
        /// A person.
        User = "USER",
        /// A machine integration.
        Client = "CLIENT",
        /// The operator, at the command line, or the service itself.
        System = "SYSTEM",
    }
}

/// A row of `event`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// The place in the feed.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// The id.
    pub id: EventId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// What happened: `learning_plan.approved`.
    pub kind: String,
    /// The kind of thing it happened to: `learning_plan`.
    pub subject_kind: String,
    /// The thing it happened to, as its public id.
    pub subject_id: String,
    /// The thing's version after it.
    pub subject_version: i64,
    /// Whose thing it is; only they, those they opened it to and integrations see the event.
    pub owner_id: Option<UserId>,
    /// The project that it is about, or that its subject is in: who is in the project may see it.
    pub project_id: Option<ProjectId>,
    /// Who else has a part in it, and is a user here: they see the event as they see the thing.
    pub party_id: Option<UserId>,
    /// The area whose scope lets a caller see it: `learning`, `identity` …
    pub area: String,
    /// Who did it.
    pub actor_kind: ActorKind,
    /// Who did it, as a public id.
    pub actor_id: Option<String>,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// The details, as JSON.
    pub data: String,
}

impl ActiveModelBehavior for ActiveModel {}

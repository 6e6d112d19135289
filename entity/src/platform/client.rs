//! Machine integrations and their scopes.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{ClientId, OrganizationId},
    vocabulary::Set,
};

crate::vocabulary! {
    /// What a token may be used for: `area:read` and `area:write`. A scope, but not that of a project, which the contracts know too.
    TokenScope {
        /// Read plans, frameworks, resources, sessions and evidence.
        LearningRead = "learning:read",
        /// Change them.
        LearningWrite = "learning:write",
        /// Review plans as a coach.
        LearningReview = "learning:review",
        /// Read projects.
        ProjectsRead = "projects:read",
        /// Change projects.
        ProjectsWrite = "projects:write",
        /// Read job searches.
        JobsRead = "jobs:read",
        /// Change job searches.
        JobsWrite = "jobs:write",
        /// Read portfolios.
        PortfolioRead = "portfolio:read",
        /// Change portfolios.
        PortfolioWrite = "portfolio:write",
        /// Read communities and contacts.
        CommunityRead = "community:read",
        /// Change communities and contacts.
        CommunityWrite = "community:write",
        /// Read habits.
        HabitsRead = "habits:read",
        /// Change habits.
        HabitsWrite = "habits:write",
        /// Read reports.
        ReportsRead = "reports:read",
        /// Make reports.
        ReportsWrite = "reports:write",
        /// Read people, memberships, clients, sessions and grants.
        IdentityRead = "identity:read",
        /// Change them.
        IdentityWrite = "identity:write",
        /// Read the feed of events.
        EventsRead = "events:read",
        /// Manage how events are delivered.
        EventsWrite = "events:write",
    }
}

pub use TokenScope as Scope;

/// A row of `client`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "client")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ClientId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// What the integration is called.
    pub name: String,
    /// The fingerprint of its secret; the secret is shown once.
    pub secret_fingerprint: String,
    /// What its tokens may do at most.
    pub scopes: Set<Scope>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; it can be restored.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

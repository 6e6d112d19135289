//! A return of a scope to an earlier step, with what was learnt (§9).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{OrganizationId, ProjectId, ScopeId, ScopeTransitionId, UserId},
    platform::event::ActorKind,
    projects::{project::ProjectStatus, scope::Step},
};

crate::vocabulary! {
    /// Why a scope goes back.
    ReturnReason {
        /// It cannot be done.
        Infeasible = "INFEASIBLE",
        /// It is not worth it.
        LowValue = "LOW_VALUE",
        /// Something became known that changes what was worked out.
        NewInformation = "NEW_INFORMATION",
        /// No milestone can be named that makes sense.
        NoReasonableMilestone = "NO_REASONABLE_MILESTONE",
        /// It takes more than there is.
        OverBudget = "OVER_BUDGET",
        /// Something else.
        Other = "OTHER",
    }
}

/// A row of `scope_transition`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "scope_transition")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScopeTransitionId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// The scope.
    pub scope_id: ScopeId,
    /// The revision that began with it.
    pub revision: i64,
    /// Where the project stood before.
    pub from_status: ProjectStatus,
    /// The step that was worked on before; none when all were complete.
    pub from_step: Option<Step>,
    /// The step that it went back to.
    pub to_step: Step,
    /// Why.
    pub reason: ReturnReason,
    /// What was learnt: it goes on with this.
    pub learning: String,
    /// Who did it: what they are.
    pub actor_kind: ActorKind,
    /// Who did it: which of them.
    pub actor_id: Option<String>,
    /// When.
    pub occurred_at: DateTime<Utc>,
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

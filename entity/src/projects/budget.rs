//! What a project is planned to take, and who approved that (§9, §12).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{BudgetId, OrganizationId, ProjectId, UserId},
    kind::{prose, word},
    vocabulary::Json,
};

crate::vocabulary! {
    /// What a project can take: each is either planned for, or not needed for a reason.
    BudgetCategory {
        /// Data: to buy, to collect, to label, to keep.
        Data = "DATA",
        /// People: who works on it.
        People = "PEOPLE",
        /// Time: until when, and how much of it.
        Time = "TIME",
        /// Integrations: what other teams do for it.
        Integrations = "INTEGRATIONS",
    }
}

crate::vocabulary! {
    /// Where the approval of a budget stands.
    BudgetApproval {
        /// Nobody was asked, or what is planned has changed since.
        Draft = "DRAFT",
        /// Somebody was asked to approve it.
        Requested = "REQUESTED",
        /// It is approved as it stands.
        Approved = "APPROVED",
        /// It is not approved, for a reason.
        Rejected = "REJECTED",
    }
}

crate::object! {
    /// Why a category is not needed.
    #[derive(Serialize, PartialEq, Eq)]
    NotNeeded {
        /// The category.
        required category: BudgetCategory = word::<BudgetCategory>(),
        /// Why it is not needed.
        required reason: String = prose(1000),
    }
}

/// A row of `budget`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "budget")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BudgetId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project, which has one budget.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// The categories that are not needed, in the order of the vocabulary, each with why.
    pub not_needed: Json<Vec<NotNeeded>>,
    /// Where its approval stands.
    pub approval: BudgetApproval,
    /// Since when somebody is asked to approve it.
    pub approval_requested_at: Option<DateTime<Utc>>,
    /// Who approved it, or did not.
    pub approver_id: Option<UserId>,
    /// When they did.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why they did.
    pub decision_reason: Option<String>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; it goes with its project.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

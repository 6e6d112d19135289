//! Something that a project is planned to take: money, people, time, an integration (§9, §12).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    currency::Currency,
    id::{BudgetId, BudgetLineId, OrganizationId, ProjectId, UserId},
    projects::budget::BudgetCategory,
};

crate::vocabulary! {
    /// What another team says to supporting a line.
    SupportStatus {
        /// They were not asked.
        NotAsked = "NOT_ASKED",
        /// They were asked and have not answered.
        Asked = "ASKED",
        /// They will.
        Confirmed = "CONFIRMED",
        /// They will not.
        Refused = "REFUSED",
    }
}

/// A row of `budget_line`: it is planned in a currency or in a unit.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "budget_line")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BudgetLineId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The project's budget.
    pub budget_id: BudgetId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// What it is.
    pub category: BudgetCategory,
    /// What it is for.
    pub description: String,
    /// How much: the smallest units of the currency, or thousandths of the unit.
    pub planned: i64,
    /// The currency, of what is planned in money.
    pub currency: Option<Currency>,
    /// The unit, of what is planned in a quantity.
    pub unit: Option<String>,
    /// Who sees to it.
    pub assignee_id: Option<UserId>,
    /// The team whose support it needs.
    pub support_team: Option<String>,
    /// What that team says.
    pub support_status: SupportStatus,
    /// When they were asked.
    pub support_asked_at: Option<DateTime<Utc>>,
    /// When they answered.
    pub support_answered_at: Option<DateTime<Utc>>,
    /// What was asked of them, or what they answered.
    pub support_note: Option<String>,
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

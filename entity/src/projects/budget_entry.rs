//! Something that was spent on a line of a budget (§12).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{BudgetEntryId, BudgetId, BudgetLineId, OrganizationId, ProjectId, UserId};

/// A row of `budget_entry`: it is told in the currency or in the unit of its line.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "budget_entry")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BudgetEntryId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The line.
    pub line_id: BudgetLineId,
    /// The project, again.
    pub project_id: ProjectId,
    /// The project's budget, again.
    pub budget_id: BudgetId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// How much: the smallest units of the line's currency, or thousandths of its unit; less than nothing when it came back.
    pub spent: i64,
    /// When.
    pub incurred_at: DateTime<Utc>,
    /// What for.
    pub note: Option<String>,
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

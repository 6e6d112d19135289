//! Organizations: the tenants, and what each decided for itself.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{OrganizationId, UserId},
    kind::int,
    vocabulary::Json,
};

crate::vocabulary! {
    /// The day on which a week begins.
    WeekStart {
        /// As ISO 8601 has it.
        Monday = "MONDAY",
        /// As in much of the Americas.
        Sunday = "SUNDAY",
        /// As in much of the Arab world.
        Saturday = "SATURDAY",
    }
}

crate::vocabulary! {
    /// Who approves what projects are planned to take.
    BudgetApprover {
        /// Nobody: budgets need no approval.
        Nobody = "NOBODY",
        /// A coach to whom the project's owner opened their projects.
        Coach = "COACH",
        /// Any administrator.
        Administrator = "ADMINISTRATOR",
        /// The people whom the organization names.
        Named = "NAMED",
    }
}

/// One of the people who approve budgets.
const APPROVER: crate::kind::Kind = crate::kind::id::<UserId>();
/// Them all.
pub const APPROVERS: crate::kind::Kind = crate::kind::list(&APPROVER, 20);

crate::object! {
    /// What an organization decided for itself.
    #[derive(Serialize, PartialEq, Eq)]
    #[serde(default)]
    Settings {
        /// Whether owners may approve their own learning plans (§7).
        required self_approval: bool = crate::kind::Kind::Bool,
        /// Whether every milestone needs an ML and a BUSINESS metric of its own (§9).
        required pair_per_milestone: bool = crate::kind::Kind::Bool,
        /// Whether only a reviewer's evidence may rate, and one's own only suggest (§8).
        required reviewer_rates: bool = crate::kind::Kind::Bool,
        /// Whether preparation is required before an informational interview is scheduled (§20).
        required preparation_required: bool = crate::kind::Kind::Bool,
        /// How many people an aggregate must cover before an analyst sees it (§37).
        required minimum_cohort: i64 = int(5, 1000),
        /// How many percentage points a plan may be off its pace and still count as on track (§7).
        required on_track_tolerance: i64 = int(0, 50),
        /// The day on which the weeks of its members begin, unless they chose another (§4).
        required week_start: WeekStart = crate::kind::word::<WeekStart>(),
        /// Who approves what projects are planned to take (§12). Whoever is asked to sees that budget, and its project's title.
        required budget_approver: BudgetApprover = crate::kind::word::<BudgetApprover>(),
        /// For how many days a referral is hoped for, unless it is said (§22).
        required referral_days: i64 = int(1, 90),
        /// Who they are, when they are named.
        required budget_approver_ids: Vec<UserId> = APPROVERS,
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            self_approval: false,
            pair_per_milestone: false,
            reviewer_rates: true,
            preparation_required: false,
            minimum_cohort: 5,
            on_track_tolerance: 10,
            week_start: WeekStart::Monday,
            budget_approver: BudgetApprover::Nobody,
            referral_days: 5,
            budget_approver_ids: Vec::new(),
        }
    }
}

/// A row of `organization`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    /// What people call it; unique, in the case it was given.
    pub name: String,
    /// The name in lower case, for finding it.
    pub name_folded: String,
    /// What it decided for itself.
    pub settings: Json<Settings>,
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

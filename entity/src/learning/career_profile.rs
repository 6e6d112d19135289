//! Career profiles: where a person is in their career, one for each member (§1).

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{CareerProfileId, OrganizationId, UserId},
    platform::organization::WeekStart,
};

crate::vocabulary! {
    /// What kind of employer somebody works for.
    EmployerKind {
        /// A young company.
        Startup = "STARTUP",
        /// A large company.
        BigCompany = "BIG_COMPANY",
        /// A university or research institute.
        Academia = "ACADEMIA",
        /// Public service.
        Government = "GOVERNMENT",
        /// An organization that is not for profit.
        Nonprofit = "NONPROFIT",
        /// None.
        None = "NONE",
    }
}

crate::vocabulary! {
    /// A phase of a career. They begin in this order, and the earlier ones never stop.
    CareerPhase {
        /// Learning the skills.
        Learning = "LEARNING",
        /// Working on projects.
        Projects = "PROJECTS",
        /// Looking for a job.
        JobSearch = "JOB_SEARCH",
    }
}

/// A row of `career_profile`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "career_profile")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CareerProfileId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who.
    pub user_id: UserId,
    /// One line about them.
    pub headline: Option<String>,
    /// What they do now.
    pub current_role: Option<String>,
    /// In which industry.
    pub current_industry: Option<String>,
    /// For which kind of employer.
    pub current_employer_kind: Option<EmployerKind>,
    /// Since which day they have done that there (§19).
    pub current_since: Option<NaiveDate>,
    /// How many minutes they want to learn in a week; none when they set no target (§4).
    pub weekly_learning_target_minutes: Option<i64>,
    /// The day on which their week begins; the organization's when they set none (§4).
    pub week_start: Option<WeekStart>,
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

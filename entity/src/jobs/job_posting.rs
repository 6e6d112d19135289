//! Postings: openings that somebody took note of (§21).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    currency::Currency,
    id::{CompanyId, JobPostingId, OrganizationId, RoleProfileId, UserId},
    kind::word,
    money::DECIMAL,
};

crate::vocabulary! {
    /// What kind of employer it is, in the words of career profiles.
    PostedEmployerKind {
        /// A young, small company.
        Startup = "STARTUP",
        /// A large company.
        BigCompany = "BIG_COMPANY",
        /// A company between the two.
        MidSized = "MID_SIZED",
        /// A university or research institute.
        Academia = "ACADEMIA",
        /// Public service.
        Government = "GOVERNMENT",
        /// An organization that is not for profit.
        Nonprofit = "NONPROFIT",
        /// Something else.
        Other = "OTHER",
    }
}

pub use PostedEmployerKind as EmployerKind;

crate::vocabulary! {
    /// How one is employed, in the words of schema.org.
    EmploymentType {
        /// All of the week.
        FullTime = "FULL_TIME",
        /// A part of the week.
        PartTime = "PART_TIME",
        /// By contract.
        Contractor = "CONTRACTOR",
        /// For a time.
        Temporary = "TEMPORARY",
        /// To learn.
        Intern = "INTERN",
        /// Without pay.
        Volunteer = "VOLUNTEER",
        /// By the day.
        PerDiem = "PER_DIEM",
        /// Otherwise.
        Other = "OTHER",
    }
}

crate::vocabulary! {
    /// For how long something is paid.
    PayPeriod {
        /// For a year.
        Year = "YEAR",
        /// For a month.
        Month = "MONTH",
        /// For a week.
        Week = "WEEK",
        /// For a day.
        Day = "DAY",
        /// For an hour.
        Hour = "HOUR",
    }
}

crate::object! {
    /// What is paid: from and, when it is known, to, of one currency.
    #[derive(Serialize, PartialEq, Eq)]
    CompRange {
        /// The least.
        required min: String = DECIMAL,
        /// The most.
        optional max: String = DECIMAL,
        /// The currency of both.
        required currency: Currency = word::<Currency>(),
        /// For how long.
        required per: PayPeriod = word::<PayPeriod>(),
    }
}

/// A row of `job_posting`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "job_posting")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobPostingId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who took note of it; it never changes.
    pub owner_id: UserId,
    /// The company that has the opening.
    pub company_id: CompanyId,
    /// What the role asks for, when it is described.
    pub role_profile_id: Option<RoleProfileId>,
    /// The company's own name for the opening.
    pub requisition_id: Option<String>,
    /// What the role is called.
    pub title: String,
    /// Where it stands.
    pub url: Option<String>,
    /// What it says.
    pub description: Option<String>,
    /// What kind of employer it is, in the words of career profiles.
    pub employer_kind: Option<EmployerKind>,
    /// How one is employed.
    pub employment_type: Option<EmploymentType>,
    /// The least that is paid, in smallest units of the currency.
    pub comp_min: Option<i64>,
    /// The most that is paid, likewise.
    pub comp_max: Option<i64>,
    /// The currency.
    pub comp_currency: Option<Currency>,
    /// For how long it is paid.
    pub comp_period: Option<PayPeriod>,
    /// Where one works.
    pub location: Option<String>,
    /// When it closes.
    pub closes_at: Option<DateTime<Utc>>,
    /// Where it was found.
    pub source: Option<String>,
    /// The title and the location, folded for searching.
    pub search_text: String,
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

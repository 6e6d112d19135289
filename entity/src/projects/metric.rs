//! Metrics: what is measured of a milestone, with where it began and where it is to go (§9, §11).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    decimal::Decimal,
    id::{MetricId, MilestoneId, OrganizationId, ProjectId, UserId},
};

crate::vocabulary! {
    /// What a metric is about: test accuracy is not the business.
    MetricKind {
        /// The model: accuracy, error, latency.
        Ml = "ML",
        /// The business: revenue, cost, time that people save.
        Business = "BUSINESS",
    }
}

crate::vocabulary! {
    /// Which way a metric is to go.
    MetricDirection {
        /// More is better.
        Up = "UP",
        /// Less is better.
        Down = "DOWN",
    }
}

crate::vocabulary! {
    /// Which way a metric has gone lately.
    MetricTrend {
        /// Towards its target.
        Improving = "IMPROVING",
        /// Hardly anywhere.
        Steady = "STEADY",
        /// Away from its target.
        Worsening = "WORSENING",
    }
}

/// A row of `metric`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "metric")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MetricId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The milestone.
    pub milestone_id: MilestoneId,
    /// Whose project it is.
    pub owner_id: UserId,
    /// What it is about.
    pub kind: MetricKind,
    /// What is measured.
    pub name: String,
    /// In what.
    pub unit: Option<String>,
    /// Which way it is to go.
    pub direction: MetricDirection,
    /// Where it began.
    pub baseline: Option<Decimal>,
    /// Where it is to go.
    pub target: Decimal,
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

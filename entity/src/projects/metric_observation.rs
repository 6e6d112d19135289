//! Observations: what a metric was at a moment (§11).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    decimal::Decimal,
    id::{MetricId, MetricObservationId, OrganizationId, ProjectId, UserId},
};

/// A row of `metric_observation`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "metric_observation")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MetricObservationId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project.
    pub project_id: ProjectId,
    /// The metric.
    pub metric_id: MetricId,
    /// Whose project it is.
    pub owner_id: UserId,
    /// What it was.
    pub value: Decimal,
    /// When.
    pub observed_at: DateTime<Utc>,
    /// Where it was measured.
    pub source: String,
    /// Its id there, unique within the metric.
    pub external_ref: Option<String>,
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

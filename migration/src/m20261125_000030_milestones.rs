//! Milestones of projects, what is measured of them, and what was observed.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// See the head of the file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, SQL).await
    }
}

// Baselines, targets and values are millionths: both databases order them alike, and none of them rounds.
const SQL: &str = r#"
CREATE TABLE "milestone" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    title {text} NOT NULL,
    description {text},
    target_date {date} NOT NULL,
    sort_order {int} NOT NULL,
    health {text},
    health_note {text},
    health_updated_at {time},
    completed_at {time},
    override_reason {text},
    {standard}
);
CREATE INDEX milestone_project ON "milestone" (project_id, sort_order, id);
CREATE INDEX milestone_place ON "milestone" (organization_id, sort_order, id);
CREATE INDEX milestone_created ON "milestone" (organization_id, created_at, id);
CREATE INDEX milestone_updated ON "milestone" (organization_id, updated_at, id);
CREATE INDEX milestone_target ON "milestone" (organization_id, target_date, id);
CREATE INDEX milestone_owner ON "milestone" (organization_id, owner_id, sort_order);
CREATE TABLE "metric" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    milestone_id {uuid} NOT NULL REFERENCES "milestone" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    kind {text} NOT NULL,
    name {text} NOT NULL,
    unit {text},
    direction {text} NOT NULL,
    baseline {int},
    target {int} NOT NULL,
    {standard}
);
CREATE INDEX metric_milestone ON "metric" (milestone_id, created_at, id);
CREATE INDEX metric_project ON "metric" (project_id, created_at, id);
CREATE INDEX metric_created ON "metric" (organization_id, created_at, id);
CREATE INDEX metric_updated ON "metric" (organization_id, updated_at, id);
CREATE INDEX metric_owner ON "metric" (organization_id, owner_id, created_at);
CREATE TABLE "metric_observation" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    metric_id {uuid} NOT NULL REFERENCES "metric" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    value {int} NOT NULL,
    observed_at {time} NOT NULL,
    source {text} NOT NULL,
    external_ref {text},
    {standard}
);
CREATE UNIQUE INDEX metric_observation_one ON "metric_observation" (metric_id, external_ref) WHERE external_ref IS NOT NULL;
CREATE INDEX metric_observation_metric ON "metric_observation" (metric_id, observed_at, id);
CREATE INDEX metric_observation_project ON "metric_observation" (project_id, observed_at, id);
CREATE INDEX metric_observation_observed ON "metric_observation" (organization_id, observed_at, id);
CREATE INDEX metric_observation_created ON "metric_observation" (organization_id, created_at, id);
CREATE INDEX metric_observation_updated ON "metric_observation" (organization_id, updated_at, id);
CREATE INDEX metric_observation_owner ON "metric_observation" (organization_id, owner_id, observed_at);
"#;

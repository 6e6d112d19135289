//! Portfolios: what people show of what they did, what it was worth to others, and to whom it is shown.

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

// A share is of its owner alone, who are found first: there is no list of those of a tenant.
const SQL: &str = r#"
CREATE TABLE "portfolio_entry" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    project_id {uuid} REFERENCES "project" (id),
    title {text} NOT NULL,
    summary {text},
    stage {text} NOT NULL,
    assigned {bool} NOT NULL,
    personal_kind {text},
    started_at {time},
    finished_at {time},
    complexity {int},
    team_size {int},
    resources {int} NOT NULL,
    links {text} NOT NULL,
    visibility {text} NOT NULL,
    search_text {text} NOT NULL,
    {standard}
);
CREATE UNIQUE INDEX portfolio_entry_one ON "portfolio_entry" (organization_id, owner_id, project_id) WHERE deleted_at IS NULL AND project_id IS NOT NULL;
CREATE INDEX portfolio_entry_organization ON "portfolio_entry" (organization_id, created_at, id);
CREATE INDEX portfolio_entry_updated ON "portfolio_entry" (organization_id, updated_at, id);
CREATE INDEX portfolio_entry_title ON "portfolio_entry" (organization_id, title, id);
CREATE INDEX portfolio_entry_finished ON "portfolio_entry" (organization_id, finished_at, id);
CREATE INDEX portfolio_entry_owner ON "portfolio_entry" (organization_id, owner_id, created_at);
CREATE INDEX portfolio_entry_project ON "portfolio_entry" (project_id, created_at);
CREATE TABLE "portfolio_entry_competency" (
    entry_id {uuid} NOT NULL REFERENCES "portfolio_entry" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    level_shown {int} NOT NULL,
    PRIMARY KEY (entry_id, competency_id)
);
CREATE INDEX portfolio_entry_competency_of ON "portfolio_entry_competency" (competency_id);
CREATE TABLE "stakeholder_confirmation" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    entry_id {uuid} NOT NULL REFERENCES "portfolio_entry" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    stakeholder {text} NOT NULL,
    message {text},
    status {text} NOT NULL,
    expires_at {time} NOT NULL,
    answered_at {time},
    answered_by {text},
    answered_as {text},
    statement {text},
    quotable {bool} NOT NULL,
    {standard}
);
CREATE INDEX stakeholder_confirmation_organization ON "stakeholder_confirmation" (organization_id, created_at, id);
CREATE INDEX stakeholder_confirmation_owner ON "stakeholder_confirmation" (organization_id, owner_id, created_at);
CREATE INDEX stakeholder_confirmation_entry ON "stakeholder_confirmation" (entry_id, created_at);
CREATE TABLE "portfolio_evidence" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    entry_id {uuid} NOT NULL REFERENCES "portfolio_entry" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    kind {text} NOT NULL,
    note {text},
    url {text},
    confirmation_id {uuid} REFERENCES "stakeholder_confirmation" (id),
    metric_id {uuid} REFERENCES "metric" (id),
    observation_id {uuid} REFERENCES "metric_observation" (id),
    occurred_at {time} NOT NULL,
    {standard}
);
CREATE INDEX portfolio_evidence_organization ON "portfolio_evidence" (organization_id, created_at, id);
CREATE INDEX portfolio_evidence_owner ON "portfolio_evidence" (organization_id, owner_id, created_at);
CREATE INDEX portfolio_evidence_entry ON "portfolio_evidence" (entry_id, created_at);
CREATE INDEX portfolio_evidence_confirmation ON "portfolio_evidence" (confirmation_id, created_at);
CREATE TABLE "portfolio_share" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    label {text},
    fingerprint {text} NOT NULL UNIQUE,
    expires_at {time},
    revoked_at {time},
    {standard}
);
CREATE INDEX portfolio_share_owner ON "portfolio_share" (organization_id, owner_id, created_at);
"#;

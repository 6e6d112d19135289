//! Imports as jobs, what they take in, and the packages that frameworks came from.

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

// What is long stands in tables of its own: whoever looks at a job or a framework does not carry it along.
const SQL: &str = r#"
CREATE TABLE "import_job" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    kind {text} NOT NULL,
    state {text} NOT NULL,
    user_id {uuid} REFERENCES "user" (id),
    client_id {uuid} REFERENCES "client" (id),
    scopes {int} NOT NULL,
    framework_id {uuid} REFERENCES "competency_framework" (id),
    plan_id {uuid} REFERENCES "learning_plan" (id),
    total {int},
    done {int} NOT NULL,
    added {int} NOT NULL,
    changed {int} NOT NULL,
    unchanged {int} NOT NULL,
    removed {int} NOT NULL,
    error_count {int} NOT NULL,
    errors {text} NOT NULL,
    warnings {text} NOT NULL,
    attempts {int} NOT NULL,
    lease {uuid},
    lease_until {time},
    started_at {time},
    ended_at {time},
    {standard}
);
CREATE INDEX import_job_organization ON "import_job" (organization_id, created_at);
CREATE INDEX import_job_user ON "import_job" (organization_id, user_id, created_at);
CREATE INDEX import_job_waiting ON "import_job" (created_at) WHERE state IN ('QUEUED', 'RUNNING');
CREATE TABLE "import_payload" (
    import_id {uuid} PRIMARY KEY REFERENCES "import_job" (id),
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    payload {text} NOT NULL
);
CREATE TABLE "framework_package" (
    framework_id {uuid} PRIMARY KEY REFERENCES "competency_framework" (id),
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    package {text} NOT NULL
);
"#;

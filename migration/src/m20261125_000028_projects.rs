//! Projects, who is in them, and a scope for each.

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

// Whose projects somebody sees is asked by `project_owner` and `project_member_user`.
const SQL: &str = r#"
CREATE TABLE "project" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    title {text} NOT NULL,
    summary {text},
    kind {text} NOT NULL,
    status {text} NOT NULL,
    current_step {text},
    domain {text},
    application_area {text},
    due_on {date},
    started_at {time},
    ended_at {time},
    end_note {text},
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX project_organization ON "project" (organization_id, created_at, id);
CREATE INDEX project_updated ON "project" (organization_id, updated_at, id);
CREATE INDEX project_title ON "project" (organization_id, title, id);
CREATE INDEX project_due ON "project" (organization_id, due_on, id);
CREATE INDEX project_owner ON "project" (organization_id, owner_id, created_at);
CREATE INDEX project_status ON "project" (organization_id, status, created_at);
CREATE TABLE "project_member" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    user_id {uuid} REFERENCES "user" (id),
    contact_id {uuid},
    role {text} NOT NULL,
    joined_at {time} NOT NULL,
    {standard}
);
CREATE UNIQUE INDEX project_member_one ON "project_member" (project_id, user_id) WHERE deleted_at IS NULL AND user_id IS NOT NULL;
CREATE UNIQUE INDEX project_member_contact ON "project_member" (project_id, contact_id) WHERE deleted_at IS NULL AND contact_id IS NOT NULL;
CREATE INDEX project_member_project ON "project_member" (project_id, created_at);
CREATE INDEX project_member_user ON "project_member" (organization_id, user_id, project_id);
CREATE INDEX project_member_organization ON "project_member" (organization_id, created_at, id);
CREATE TABLE "scope" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    revision {int} NOT NULL,
    current_step {text},
    {standard}
);
CREATE UNIQUE INDEX scope_project ON "scope" (project_id);
CREATE INDEX scope_organization ON "scope" (organization_id, created_at, id);
CREATE INDEX scope_updated ON "scope" (organization_id, updated_at, id);
"#;

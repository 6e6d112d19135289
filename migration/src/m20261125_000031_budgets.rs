//! What projects are planned to take, what they took, and who approves it.

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

// A project of before gets its budget, so that each has one. What organizations decided is shown as it stands: new settings
// are written into the rows of before.
const SQL: &str = r#"
UPDATE "organization" SET settings = substr(settings, 1, length(settings) - 1) || ',"budgetApprover":"NOBODY","budgetApproverIds":[]}' WHERE settings NOT LIKE '%"budgetApprover"%';
CREATE TABLE "budget" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    not_needed {text} NOT NULL,
    approval {text} NOT NULL,
    approval_requested_at {time},
    approver_id {uuid} REFERENCES "user" (id),
    decided_at {time},
    decision_reason {text},
    {standard}
);
INSERT INTO "budget" (id, organization_id, project_id, owner_id, not_needed, approval, version, created_at, updated_at)
    SELECT {new_uuid}, organization_id, id, owner_id, '[]', 'DRAFT', 1, created_at, created_at FROM "project";
CREATE UNIQUE INDEX budget_project ON "budget" (project_id);
CREATE INDEX budget_organization ON "budget" (organization_id, created_at, id);
CREATE INDEX budget_updated ON "budget" (organization_id, updated_at, id);
CREATE INDEX budget_requested ON "budget" (organization_id, approval_requested_at, id);
CREATE TABLE "budget_line" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    budget_id {uuid} NOT NULL REFERENCES "budget" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    category {text} NOT NULL,
    description {text} NOT NULL,
    planned {int} NOT NULL,
    currency {text},
    unit {text},
    assignee_id {uuid} REFERENCES "user" (id),
    support_team {text},
    support_status {text} NOT NULL,
    support_asked_at {time},
    support_answered_at {time},
    support_note {text},
    {standard}
);
CREATE INDEX budget_line_budget ON "budget_line" (budget_id, created_at);
CREATE INDEX budget_line_project ON "budget_line" (project_id, created_at);
CREATE INDEX budget_line_organization ON "budget_line" (organization_id, created_at, id);
CREATE INDEX budget_line_updated ON "budget_line" (organization_id, updated_at, id);
CREATE INDEX budget_line_owner ON "budget_line" (organization_id, owner_id);
CREATE TABLE "budget_entry" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    line_id {uuid} NOT NULL REFERENCES "budget_line" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    budget_id {uuid} NOT NULL REFERENCES "budget" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    spent {int} NOT NULL,
    incurred_at {time} NOT NULL,
    note {text},
    {standard}
);
CREATE INDEX budget_entry_line ON "budget_entry" (line_id, incurred_at);
CREATE INDEX budget_entry_project ON "budget_entry" (project_id, incurred_at);
CREATE INDEX budget_entry_organization ON "budget_entry" (organization_id, incurred_at, id);
CREATE INDEX budget_entry_created ON "budget_entry" (organization_id, created_at, id);
CREATE INDEX budget_entry_updated ON "budget_entry" (organization_id, updated_at, id);
"#;

//! Companies that people know of, and the people whom they know.

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

// Companies are the tenant's: their lists are walked. Nobody sees all contacts of a tenant: theirs are of their owners.
const SQL: &str = r#"
CREATE TABLE "company" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    name {text} NOT NULL,
    url {text},
    industry {text},
    description {text},
    created_by {uuid} REFERENCES "user" (id),
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX company_organization ON "company" (organization_id, created_at, id);
CREATE INDEX company_updated ON "company" (organization_id, updated_at, id);
CREATE INDEX company_name ON "company" (organization_id, name, id);
CREATE TABLE "contact" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    name {text} NOT NULL,
    company_id {uuid} REFERENCES "company" (id),
    role {text},
    relationship {text},
    how_met {text},
    cadence_days {int},
    last_interaction_at {time},
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX contact_owner ON "contact" (organization_id, owner_id, created_at);
CREATE INDEX contact_company ON "contact" (company_id, organization_id);
"#;

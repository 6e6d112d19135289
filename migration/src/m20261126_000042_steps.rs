//! Next steps that people put off.

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

const SQL: &str = r#"
CREATE TABLE "step_dismissal" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    code {text} NOT NULL,
    subject_id {text},
    until {time},
    {standard}
);
CREATE UNIQUE INDEX step_dismissal_one ON "step_dismissal" (organization_id, user_id, code, subject_id) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX step_dismissal_all ON "step_dismissal" (organization_id, user_id, code) WHERE deleted_at IS NULL AND subject_id IS NULL;
CREATE INDEX step_dismissal_user ON "step_dismissal" (organization_id, user_id, created_at);
"#;

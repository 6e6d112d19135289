//! Searches for a job: what happened at a time that nobody knows, and the orders in which applications and their histories are read.

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
ALTER TABLE "application_event" ADD COLUMN dated {bool} NOT NULL DEFAULT TRUE;
CREATE INDEX application_open ON "application" (organization_id, owner_id, last_activity_at);
CREATE INDEX application_planned ON "application" (organization_id, owner_id, next_action_at);
CREATE INDEX application_applied ON "application" (job_search_id, applied_at, id);
CREATE INDEX application_stood ON "application" (job_search_id, stage_since, id);
"#;

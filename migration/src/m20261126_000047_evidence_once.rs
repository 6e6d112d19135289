//! An observation shows once that something was worth it.

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

// What was told several times stays once, as it was told first: the rest is deleted as by hand, and can be looked at.
const SQL: &str = r#"
UPDATE "portfolio_evidence" SET deleted_at = updated_at, version = version + 1
WHERE deleted_at IS NULL AND observation_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM "portfolio_evidence" e
    WHERE e.organization_id = "portfolio_evidence".organization_id AND e.entry_id = "portfolio_evidence".entry_id
    AND e.observation_id = "portfolio_evidence".observation_id AND e.deleted_at IS NULL AND e.id < "portfolio_evidence".id
);
CREATE UNIQUE INDEX portfolio_evidence_once ON "portfolio_evidence" (organization_id, entry_id, observation_id) WHERE deleted_at IS NULL AND observation_id IS NOT NULL;
"#;

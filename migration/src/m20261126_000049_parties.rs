//! Events tell who else has a part in what they are about, and employers are called what career profiles call them.

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

// What happened before tells nobody else: it is seen by the owner and by whom they let, as it was.
// An event outlives whom it names, so it refers to nothing.
const SQL: &str = r#"
ALTER TABLE "event" ADD COLUMN party_id {uuid};
UPDATE "job_posting" SET employer_kind = 'GOVERNMENT' WHERE employer_kind = 'PUBLIC_SECTOR';
UPDATE "job_posting" SET employer_kind = 'NONPROFIT' WHERE employer_kind = 'NON_PROFIT';
"#;

//! What a role took back from a goal: the role may bring it again; what somebody deleted by hand, it may not.

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

/// Who deleted what is gone by now is not known: roles brought such back until now, and still may.
const SQL: &str = r#"
ALTER TABLE "goal_requirement" ADD COLUMN withdrawn {bool} NOT NULL DEFAULT FALSE;
UPDATE "goal_requirement" SET withdrawn = TRUE WHERE deleted_at IS NOT NULL AND origin = 'ROLE_PROFILE';
"#;

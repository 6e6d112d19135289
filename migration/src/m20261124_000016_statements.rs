//! The xAPI statements that completions came as, and learning resources found by their address.

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
ALTER TABLE "completion" ADD COLUMN statement {text};
CREATE INDEX learning_resource_url ON "learning_resource" (organization_id, url);
"#;

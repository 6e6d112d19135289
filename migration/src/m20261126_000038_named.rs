//! Contacts who are in projects keep their names there, and events tell in which project they happened.

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

// What happened before tells no project: it is seen by the owner and by whom they let, as it was.
// An event outlives what it is about, so it refers to nothing.
const SQL: &str = r#"
ALTER TABLE "project_member" ADD COLUMN contact_name {text};
ALTER TABLE "event" ADD COLUMN project_id {uuid};
"#;

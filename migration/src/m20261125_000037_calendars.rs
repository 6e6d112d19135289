//! The addresses at which calendar programs read people's dates.

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

// A feed is its person's alone: nobody lists those of a tenant.
const SQL: &str = r#"
CREATE TABLE "calendar_feed" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    name {text} NOT NULL,
    contents {int} NOT NULL,
    token_fingerprint {text} NOT NULL,
    {standard}
);
CREATE UNIQUE INDEX calendar_feed_token ON "calendar_feed" (token_fingerprint);
CREATE INDEX calendar_feed_user ON "calendar_feed" (organization_id, user_id, created_at, id);
"#;

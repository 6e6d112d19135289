//! How people are in touch with whom they know, and address books that come and go.

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

// When somebody was last in touch was said until now; from now on it is counted from what is logged, too. The names of companies that are
// there are folded as the database folds: those beyond ASCII are folded when they change.
const SQL: &str = r#"
ALTER TABLE "company" ADD COLUMN name_folded {text} NOT NULL DEFAULT '';
UPDATE "company" SET name_folded = lower(name);
CREATE INDEX company_folded ON "company" (organization_id, name_folded);
ALTER TABLE "contact" ADD COLUMN said_in_touch_at {time};
UPDATE "contact" SET said_in_touch_at = last_interaction_at;
ALTER TABLE "contact" ADD COLUMN email {text};
ALTER TABLE "contact" ADD COLUMN phone {text};
ALTER TABLE "contact" ADD COLUMN url {text};
ALTER TABLE "contact" ADD COLUMN note {text};
CREATE TABLE "interaction" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    contact_id {uuid} NOT NULL REFERENCES "contact" (id),
    kind {text} NOT NULL,
    occurred_at {time} NOT NULL,
    note {text},
    {standard}
);
CREATE INDEX interaction_owner ON "interaction" (organization_id, owner_id, created_at);
CREATE INDEX interaction_contact ON "interaction" (contact_id, organization_id, occurred_at);
ALTER TABLE "import_job" ADD COLUMN preview {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE "import_job" ADD COLUMN rows {text} NOT NULL DEFAULT '[]';
"#;

//! Indexes for what lists are sorted by: whoever sees all of a tenant walks its list in order, from the cursor on.

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

// Each ends with the id, as every sort does: what is equal in the key is not sorted either. Who has the last word on what is
// missing here is the law of query plans.
//
// Programs that keep a copy in step ask for what changed since (`updatedAt`, and the cursor): of what there is much of, and of
// the catalogue that everybody sees.
//
// The others are the usual order of their list (`completion_occurred`, `plan_item_place`, `membership_created`), or one that
// it offers.
const SQL: &str = r#"
CREATE INDEX completion_updated ON "completion" (organization_id, updated_at, id);
CREATE INDEX learning_session_updated ON "learning_session" (organization_id, updated_at, id);
CREATE INDEX plan_item_updated ON "plan_item" (organization_id, updated_at, id);
CREATE INDEX learning_pause_updated ON "learning_pause" (organization_id, updated_at, id);
CREATE INDEX learning_resource_updated ON "learning_resource" (organization_id, updated_at, id);
CREATE INDEX membership_updated ON "membership" (organization_id, updated_at, id);
CREATE INDEX session_updated ON "session" (organization_id, updated_at, id);
CREATE INDEX completion_occurred ON "completion" (organization_id, occurred_at, id);
CREATE INDEX plan_item_place ON "plan_item" (organization_id, sort_order, id);
CREATE INDEX membership_created ON "membership" (organization_id, created_at, id);
CREATE INDEX session_used ON "session" (organization_id, last_used_at, id);
CREATE INDEX learning_plan_title ON "learning_plan" (organization_id, title, id);
CREATE INDEX learning_plan_due ON "learning_plan" (organization_id, due_on, id);
CREATE INDEX learning_resource_title ON "learning_resource" (organization_id, title, id);
CREATE INDEX learning_resource_minutes ON "learning_resource" (organization_id, estimated_minutes, id);
CREATE INDEX learning_need_strongest ON "learning_need" (organization_id, strength, id);
"#;

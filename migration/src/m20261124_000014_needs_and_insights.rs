//! What people need to learn, where that comes from, and the advice that they put away.

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

// A source without an id of its own is one as well: nulls would be many.
const SQL: &str = r#"
CREATE TABLE "learning_need" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    strength {int} NOT NULL,
    state {text} NOT NULL,
    plan_item_id {uuid} REFERENCES "plan_item" (id),
    opened_at {time} NOT NULL,
    met_at {time},
    {standard}
);
CREATE UNIQUE INDEX learning_need_one ON "learning_need" (organization_id, user_id, competency_id);
CREATE INDEX learning_need_organization ON "learning_need" (organization_id, created_at);
CREATE INDEX learning_need_state ON "learning_need" (organization_id, state, created_at);
CREATE INDEX learning_need_strength ON "learning_need" (organization_id, user_id, strength);
CREATE INDEX learning_need_competency ON "learning_need" (competency_id, organization_id);
CREATE INDEX learning_need_item ON "learning_need" (plan_item_id);
CREATE TABLE "learning_need_source" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    need_id {uuid} NOT NULL REFERENCES "learning_need" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    source {text} NOT NULL,
    source_id {text},
    note {text},
    strength {int} NOT NULL,
    raised_by_kind {text} NOT NULL,
    raised_by {text},
    raised_at {time} NOT NULL,
    notified_at {time},
    {standard}
);
CREATE UNIQUE INDEX learning_need_source_one ON "learning_need_source" (need_id, source, COALESCE(source_id, ''));
CREATE INDEX learning_need_source_organization ON "learning_need_source" (organization_id, raised_at);
CREATE INDEX learning_need_source_user ON "learning_need_source" (organization_id, user_id, raised_at);
CREATE INDEX learning_need_source_id ON "learning_need_source" (organization_id, source, source_id);
CREATE TABLE "insight_dismissal" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    code {text} NOT NULL,
    subject_id {text} NOT NULL,
    until {time},
    {standard}
);
CREATE UNIQUE INDEX insight_dismissal_one ON "insight_dismissal" (organization_id, user_id, code, subject_id) WHERE deleted_at IS NULL;
CREATE INDEX insight_dismissal_organization ON "insight_dismissal" (organization_id, created_at);
"#;

//! Templates of plans, plans that follow them, when a review was asked for, and comments on items.

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
CREATE TABLE "learning_plan_template" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    title {text} NOT NULL,
    description {text},
    due_in_days {int},
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX learning_plan_template_organization ON "learning_plan_template" (organization_id, created_at);
CREATE INDEX learning_plan_template_title ON "learning_plan_template" (organization_id, title);
CREATE TABLE "learning_plan_template_item" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    template_id {uuid} NOT NULL REFERENCES "learning_plan_template" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    target_level {int} NOT NULL,
    weight {int} NOT NULL,
    sort_order {int} NOT NULL,
    note {text},
    {standard}
);
CREATE INDEX learning_plan_template_item_template ON "learning_plan_template_item" (template_id, sort_order);
CREATE INDEX learning_plan_template_item_organization ON "learning_plan_template_item" (organization_id, created_at);
CREATE INDEX learning_plan_template_item_competency ON "learning_plan_template_item" (competency_id);
CREATE TABLE "learning_plan_template_item_resource" (
    template_item_id {uuid} NOT NULL REFERENCES "learning_plan_template_item" (id),
    learning_resource_id {uuid} NOT NULL REFERENCES "learning_resource" (id),
    PRIMARY KEY (template_item_id, learning_resource_id)
);
CREATE INDEX learning_plan_template_item_resource_back ON "learning_plan_template_item_resource" (learning_resource_id, template_item_id);
ALTER TABLE "learning_plan" ADD COLUMN template_id {uuid} REFERENCES "learning_plan_template" (id);
ALTER TABLE "learning_plan" ADD COLUMN origin_template_id {uuid} REFERENCES "learning_plan_template" (id);
ALTER TABLE "learning_plan" ADD COLUMN review_requested_at {time};
CREATE UNIQUE INDEX learning_plan_bound ON "learning_plan" (template_id, owner_id) WHERE deleted_at IS NULL AND template_id IS NOT NULL;
CREATE INDEX learning_plan_template_plans ON "learning_plan" (organization_id, template_id);
CREATE INDEX learning_plan_template_origin ON "learning_plan" (organization_id, origin_template_id);
CREATE INDEX learning_plan_review ON "learning_plan" (organization_id, review_requested_at);
ALTER TABLE "plan_item" ADD COLUMN template_item_id {uuid} REFERENCES "learning_plan_template_item" (id);
CREATE UNIQUE INDEX plan_item_template_item ON "plan_item" (template_item_id, plan_id) WHERE template_item_id IS NOT NULL;
CREATE TABLE "plan_item_comment" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    item_id {uuid} NOT NULL REFERENCES "plan_item" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    author_id {uuid} NOT NULL REFERENCES "user" (id),
    text {text} NOT NULL,
    {standard}
);
CREATE INDEX plan_item_comment_item ON "plan_item_comment" (item_id, created_at);
CREATE INDEX plan_item_comment_organization ON "plan_item_comment" (organization_id, created_at);
CREATE INDEX plan_item_comment_author ON "plan_item_comment" (organization_id, author_id);
UPDATE "learning_plan" SET review_requested_at = updated_at WHERE status IN ('WAITING_FOR_REVIEW', 'IN_REVIEW');
"#;

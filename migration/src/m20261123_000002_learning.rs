//! Frameworks, resources, plans, sessions, evidence and completions.

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
CREATE TABLE "competency_framework" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} REFERENCES "organization" (id),
    short_name {text} NOT NULL,
    title {text} NOT NULL,
    edition {text} NOT NULL,
    description {text},
    scale {text} NOT NULL,
    visible {bool} NOT NULL,
    search_text {text} NOT NULL,
    {standard}
);
CREATE UNIQUE INDEX competency_framework_name ON "competency_framework" (organization_id, short_name) WHERE deleted_at IS NULL;
CREATE INDEX competency_framework_organization ON "competency_framework" (organization_id, created_at);
CREATE TABLE "competency" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} REFERENCES "organization" (id),
    framework_id {uuid} NOT NULL REFERENCES "competency_framework" (id),
    parent_id {uuid} REFERENCES "competency" (id),
    code {text} NOT NULL,
    name {text} NOT NULL,
    description {text},
    path {text} NOT NULL,
    sort_order {int} NOT NULL,
    rule {text} NOT NULL,
    alignments {text} NOT NULL,
    search_text {text} NOT NULL,
    {standard}
);
CREATE UNIQUE INDEX competency_code ON "competency" (framework_id, code) WHERE deleted_at IS NULL;
CREATE INDEX competency_organization ON "competency" (organization_id, created_at);
CREATE INDEX competency_framework_order ON "competency" (framework_id, path);
CREATE INDEX competency_parent ON "competency" (parent_id);
CREATE TABLE "learning_resource" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    kind {text} NOT NULL,
    title {text} NOT NULL,
    url {text},
    provider {text},
    estimated_minutes {int},
    created_by {uuid} REFERENCES "user" (id),
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX learning_resource_organization ON "learning_resource" (organization_id, created_at);
CREATE TABLE "learning_resource_competency" (
    learning_resource_id {uuid} NOT NULL REFERENCES "learning_resource" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    PRIMARY KEY (learning_resource_id, competency_id)
);
CREATE INDEX learning_resource_competency_back ON "learning_resource_competency" (competency_id, learning_resource_id);
CREATE TABLE "learning_plan" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    title {text} NOT NULL,
    description {text},
    status {text} NOT NULL,
    due_on {date},
    reviewer_id {uuid} REFERENCES "user" (id),
    review_comment {text},
    approved_at {time},
    completed_at {time},
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX learning_plan_organization ON "learning_plan" (organization_id, created_at);
CREATE INDEX learning_plan_updated ON "learning_plan" (organization_id, updated_at);
CREATE INDEX learning_plan_owner ON "learning_plan" (organization_id, owner_id, created_at);
CREATE TABLE "plan_item" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    plan_id {uuid} NOT NULL REFERENCES "learning_plan" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    target_level {int} NOT NULL,
    status {text} NOT NULL,
    motivation {text} NOT NULL,
    weight {int} NOT NULL,
    sort_order {int} NOT NULL,
    note {text},
    completed_at {time},
    completion_source {text},
    {standard}
);
CREATE INDEX plan_item_plan ON "plan_item" (plan_id, sort_order);
CREATE INDEX plan_item_organization ON "plan_item" (organization_id, created_at);
CREATE INDEX plan_item_competency ON "plan_item" (competency_id);
CREATE TABLE "plan_item_resource" (
    plan_item_id {uuid} NOT NULL REFERENCES "plan_item" (id),
    learning_resource_id {uuid} NOT NULL REFERENCES "learning_resource" (id),
    PRIMARY KEY (plan_item_id, learning_resource_id)
);
CREATE INDEX plan_item_resource_back ON "plan_item_resource" (learning_resource_id, plan_item_id);
CREATE TABLE "learning_session" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    plan_item_id {uuid} REFERENCES "plan_item" (id),
    learning_resource_id {uuid} REFERENCES "learning_resource" (id),
    started_at {time} NOT NULL,
    minutes {int} NOT NULL,
    source {text} NOT NULL,
    statement_id {text},
    {standard}
);
CREATE UNIQUE INDEX learning_session_statement ON "learning_session" (organization_id, source, statement_id);
CREATE INDEX learning_session_user ON "learning_session" (organization_id, user_id, started_at);
CREATE INDEX learning_session_organization ON "learning_session" (organization_id, created_at);
CREATE TABLE "learning_session_competency" (
    learning_session_id {uuid} NOT NULL REFERENCES "learning_session" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    PRIMARY KEY (learning_session_id, competency_id)
);
CREATE INDEX learning_session_competency_back ON "learning_session_competency" (competency_id, learning_session_id);
CREATE TABLE "evidence" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    action {text} NOT NULL,
    source {text} NOT NULL,
    level {int},
    actor_kind {text} NOT NULL,
    actor_id {text},
    url {text},
    note {text},
    occurred_at {time} NOT NULL,
    {standard}
);
CREATE INDEX evidence_user ON "evidence" (organization_id, user_id, competency_id, occurred_at);
CREATE INDEX evidence_organization ON "evidence" (organization_id, created_at);
CREATE TABLE "completion" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    source {text} NOT NULL,
    statement_id {text} NOT NULL,
    fingerprint {text} NOT NULL,
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    learning_resource_id {uuid} NOT NULL REFERENCES "learning_resource" (id),
    verb {text} NOT NULL,
    minutes {int},
    score {int},
    occurred_at {time} NOT NULL,
    session_id {uuid} REFERENCES "learning_session" (id),
    {standard}
);
CREATE UNIQUE INDEX completion_statement ON "completion" (organization_id, source, statement_id);
CREATE INDEX completion_user ON "completion" (organization_id, user_id, occurred_at);
CREATE INDEX completion_organization ON "completion" (organization_id, created_at);
"#;

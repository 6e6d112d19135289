//! Where people stand in competencies, and what they learn for.

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

// What organizations decided is shown as it stands: a new setting is written into the rows of before.
const SQL: &str = r#"
UPDATE "organization" SET settings = substr(settings, 1, length(settings) - 1) || ',"weekStart":"MONDAY"}' WHERE settings NOT LIKE '%"weekStart"%';
CREATE TABLE "user_competency" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    level {int},
    proficient {bool},
    status {text} NOT NULL,
    reviewer_id {uuid} REFERENCES "user" (id),
    calculation {text} NOT NULL,
    {standard},
    CHECK ((level IS NULL) = (proficient IS NULL))
);
CREATE UNIQUE INDEX user_competency_one ON "user_competency" (organization_id, user_id, competency_id);
CREATE INDEX user_competency_organization ON "user_competency" (organization_id, created_at);
CREATE INDEX user_competency_back ON "user_competency" (competency_id, organization_id);
CREATE TABLE "career_profile" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    headline {text},
    "current_role" {text},
    current_industry {text},
    current_employer_kind {text},
    weekly_learning_target_minutes {int},
    week_start {text},
    {standard}
);
CREATE UNIQUE INDEX career_profile_one ON "career_profile" (organization_id, user_id);
CREATE INDEX career_profile_organization ON "career_profile" (organization_id, created_at);
CREATE TABLE "role_profile" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    title {text} NOT NULL,
    family {text},
    aliases {text} NOT NULL,
    description {text},
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX role_profile_organization ON "role_profile" (organization_id, created_at);
CREATE TABLE "career_goal" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    title {text} NOT NULL,
    kind {text} NOT NULL,
    target_role_profile_id {uuid} REFERENCES "role_profile" (id),
    due_on {date},
    achieved_at {time},
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX career_goal_organization ON "career_goal" (organization_id, created_at);
CREATE INDEX career_goal_user ON "career_goal" (organization_id, user_id, created_at);
CREATE TABLE "goal_requirement" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    goal_id {uuid} NOT NULL REFERENCES "career_goal" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    required_level {int} NOT NULL,
    rationale {text},
    origin {text} NOT NULL,
    review_by {date},
    {standard}
);
CREATE UNIQUE INDEX goal_requirement_one ON "goal_requirement" (goal_id, competency_id) WHERE deleted_at IS NULL;
CREATE INDEX goal_requirement_organization ON "goal_requirement" (organization_id, created_at);
CREATE INDEX goal_requirement_user ON "goal_requirement" (organization_id, user_id, competency_id);
"#;

//! What roles need, which goal a plan is for, and the indexes of goals.

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
CREATE TABLE "role_requirement" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    role_profile_id {uuid} NOT NULL REFERENCES "role_profile" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    required_level {int} NOT NULL,
    rationale {text},
    {standard}
);
CREATE UNIQUE INDEX role_requirement_one ON "role_requirement" (role_profile_id, competency_id) WHERE deleted_at IS NULL;
CREATE INDEX role_requirement_organization ON "role_requirement" (organization_id, created_at);
CREATE INDEX role_requirement_role ON "role_requirement" (organization_id, role_profile_id);
CREATE INDEX role_requirement_competency ON "role_requirement" (competency_id);
CREATE INDEX role_profile_title ON "role_profile" (organization_id, title);
CREATE INDEX role_profile_family ON "role_profile" (organization_id, family);
ALTER TABLE "learning_plan" ADD COLUMN goal_id {uuid} REFERENCES "career_goal" (id);
CREATE INDEX learning_plan_goal ON "learning_plan" (organization_id, goal_id);
CREATE INDEX career_goal_due ON "career_goal" (organization_id, due_on);
CREATE INDEX career_goal_role ON "career_goal" (organization_id, target_role_profile_id);
CREATE INDEX goal_requirement_goal ON "goal_requirement" (organization_id, goal_id);
CREATE INDEX goal_requirement_competency ON "goal_requirement" (competency_id);
CREATE INDEX goal_requirement_review ON "goal_requirement" (organization_id, review_by);
"#;

//! What stands in the way of projects, and what people in them say of each other.

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

// Nobody sees all feedback of a tenant: it is of who says it, and of whom it is about.
const SQL: &str = r#"
CREATE TABLE "obstacle" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    note {text} NOT NULL,
    need_id {uuid} NOT NULL REFERENCES "learning_need" (id),
    {standard}
);
CREATE INDEX obstacle_organization ON "obstacle" (organization_id, created_at, id);
CREATE INDEX obstacle_project ON "obstacle" (project_id, created_at);
CREATE INDEX obstacle_competency ON "obstacle" (competency_id, organization_id);
CREATE TABLE "peer_feedback" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    from_id {uuid} NOT NULL REFERENCES "user" (id),
    to_id {uuid} NOT NULL REFERENCES "user" (id),
    collaboration {int} NOT NULL,
    influencing {int} NOT NULL,
    being_influenced {int} NOT NULL,
    communication {int} NOT NULL,
    text {text},
    visible_at {time} NOT NULL,
    {standard}
);
CREATE UNIQUE INDEX peer_feedback_one ON "peer_feedback" (project_id, from_id, to_id) WHERE deleted_at IS NULL;
CREATE INDEX peer_feedback_from ON "peer_feedback" (organization_id, from_id, created_at);
CREATE INDEX peer_feedback_to ON "peer_feedback" (organization_id, to_id, created_at);
CREATE INDEX peer_feedback_project ON "peer_feedback" (project_id, created_at);
"#;

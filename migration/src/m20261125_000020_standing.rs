//! Where people stand: the evidence of each standing, what they learnt before, and the snapshots of completed plans.

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

// Whoever has evidence has a standing, be it without a level: the evidence of before gets one.
const SQL: &str = r#"
INSERT INTO "user_competency" (id, organization_id, user_id, competency_id, status, calculation, version, created_at, updated_at)
SELECT {new_uuid}, e.organization_id, e.user_id, e.competency_id, 'IDLE', 'LATEST', 1, MIN(e.created_at), MIN(e.created_at) FROM "evidence" e
WHERE NOT EXISTS (SELECT 1 FROM "user_competency" u WHERE u.organization_id = e.organization_id AND u.user_id = e.user_id AND u.competency_id = e.competency_id)
GROUP BY e.organization_id, e.user_id, e.competency_id;
ALTER TABLE "evidence" ADD COLUMN user_competency_id {uuid} REFERENCES "user_competency" (id);
UPDATE "evidence" SET user_competency_id = (SELECT u.id FROM "user_competency" u
WHERE u.organization_id = "evidence".organization_id AND u.user_id = "evidence".user_id AND u.competency_id = "evidence".competency_id);
CREATE INDEX evidence_standing ON "evidence" (user_competency_id, occurred_at);
CREATE INDEX evidence_occurred ON "evidence" (organization_id, occurred_at);
CREATE INDEX evidence_action ON "evidence" (organization_id, action, occurred_at);
CREATE INDEX evidence_updated ON "evidence" (organization_id, updated_at);
CREATE INDEX evidence_competency ON "evidence" (competency_id, organization_id);
CREATE INDEX user_competency_updated ON "user_competency" (organization_id, updated_at);
CREATE INDEX user_competency_level ON "user_competency" (organization_id, level);
CREATE INDEX user_competency_status ON "user_competency" (organization_id, status, created_at);
CREATE INDEX user_competency_proficient ON "user_competency" (organization_id, proficient, created_at);
CREATE INDEX user_competency_calculation ON "user_competency" (organization_id, calculation);
CREATE INDEX user_competency_reviewer ON "user_competency" (organization_id, reviewer_id);
CREATE TABLE "prior_learning" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    title {text} NOT NULL,
    description {text},
    url {text},
    status {text} NOT NULL,
    reviewer_id {uuid} REFERENCES "user" (id),
    review_comment {text},
    decided_at {time},
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX prior_learning_organization ON "prior_learning" (organization_id, created_at);
CREATE INDEX prior_learning_updated ON "prior_learning" (organization_id, updated_at);
CREATE INDEX prior_learning_user ON "prior_learning" (organization_id, user_id, created_at);
CREATE INDEX prior_learning_status ON "prior_learning" (organization_id, status, created_at);
CREATE INDEX prior_learning_title ON "prior_learning" (organization_id, title);
CREATE INDEX prior_learning_reviewer ON "prior_learning" (organization_id, reviewer_id);
CREATE TABLE "prior_learning_competency" (
    prior_learning_id {uuid} NOT NULL REFERENCES "prior_learning" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    PRIMARY KEY (prior_learning_id, competency_id)
);
CREATE INDEX prior_learning_competency_back ON "prior_learning_competency" (competency_id, prior_learning_id);
CREATE TABLE "plan_standing" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    plan_id {uuid} NOT NULL REFERENCES "learning_plan" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    competency_id {uuid} NOT NULL REFERENCES "competency" (id),
    target_level {int} NOT NULL,
    level {int},
    proficient {bool},
    {standard},
    CHECK ((level IS NULL) = (proficient IS NULL))
);
CREATE UNIQUE INDEX plan_standing_one ON "plan_standing" (plan_id, competency_id) WHERE deleted_at IS NULL;
CREATE INDEX plan_standing_organization ON "plan_standing" (organization_id, created_at);
CREATE INDEX plan_standing_owner ON "plan_standing" (organization_id, owner_id, created_at);
CREATE INDEX plan_standing_plan ON "plan_standing" (plan_id, created_at);
CREATE INDEX plan_standing_competency ON "plan_standing" (competency_id, organization_id);
"#;

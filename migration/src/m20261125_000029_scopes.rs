//! Scopes: the five steps, what is worked out in them, and how often they went back.

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

// Contacts come with a migration of their own: `contact_id` refers to none yet.
const SQL: &str = r#"
ALTER TABLE "scope" ADD COLUMN problem {text};
ALTER TABLE "scope" ADD COLUMN expert_waiver_reason {text};
ALTER TABLE "scope" ADD COLUMN single_idea_reason {text};
CREATE TABLE "scope_step" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    scope_id {uuid} NOT NULL REFERENCES "scope" (id),
    step {text} NOT NULL,
    place {int} NOT NULL,
    state {text} NOT NULL,
    opened_at {time},
    completed_at {time},
    {standard}
);
CREATE INDEX scope_step_project ON "scope_step" (project_id, created_at, id);
CREATE INDEX scope_step_organization ON "scope_step" (organization_id, created_at, id);
CREATE UNIQUE INDEX scope_step_one ON "scope_step" (scope_id, place);
CREATE INDEX scope_step_place ON "scope_step" (organization_id, place, id);
CREATE TABLE "scope_transition" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    scope_id {uuid} NOT NULL REFERENCES "scope" (id),
    revision {int} NOT NULL,
    from_status {text} NOT NULL,
    from_step {text},
    to_step {text} NOT NULL,
    reason {text} NOT NULL,
    learning {text} NOT NULL,
    actor_kind {text} NOT NULL,
    actor_id {text},
    occurred_at {time} NOT NULL,
    {standard}
);
CREATE INDEX scope_transition_project ON "scope_transition" (project_id, created_at, id);
CREATE INDEX scope_transition_organization ON "scope_transition" (organization_id, created_at, id);
CREATE INDEX scope_transition_scope ON "scope_transition" (scope_id, created_at, id);
CREATE TABLE "scope_revision" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    scope_id {uuid} NOT NULL REFERENCES "scope" (id),
    revision {int} NOT NULL,
    document {text} NOT NULL,
    {standard}
);
CREATE INDEX scope_revision_project ON "scope_revision" (project_id, created_at, id);
CREATE INDEX scope_revision_organization ON "scope_revision" (organization_id, created_at, id);
CREATE UNIQUE INDEX scope_revision_one ON "scope_revision" (scope_id, revision);
CREATE TABLE "expert_consultation" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    contact_id {uuid},
    expert {text},
    held_at {time} NOT NULL,
    pain_points {text} NOT NULL,
    note {text},
    {standard}
);
CREATE INDEX expert_consultation_project ON "expert_consultation" (project_id, created_at, id);
CREATE INDEX expert_consultation_organization ON "expert_consultation" (organization_id, created_at, id);
CREATE TABLE "candidate_solution" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    title {text} NOT NULL,
    approach {text},
    is_ai {bool} NOT NULL,
    status {text} NOT NULL,
    {standard}
);
CREATE INDEX candidate_solution_project ON "candidate_solution" (project_id, created_at, id);
CREATE INDEX candidate_solution_organization ON "candidate_solution" (organization_id, created_at, id);
CREATE TABLE "feasibility_assessment" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    solution_id {uuid} NOT NULL REFERENCES "candidate_solution" (id),
    verdict {text} NOT NULL,
    evidence {text} NOT NULL,
    {standard}
);
CREATE INDEX feasibility_assessment_project ON "feasibility_assessment" (project_id, created_at, id);
CREATE INDEX feasibility_assessment_organization ON "feasibility_assessment" (organization_id, created_at, id);
CREATE UNIQUE INDEX feasibility_assessment_one ON "feasibility_assessment" (solution_id) WHERE deleted_at IS NULL;
CREATE INDEX feasibility_assessment_solution ON "feasibility_assessment" (solution_id, created_at, id);
CREATE TABLE "value_assessment" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    solution_id {uuid} NOT NULL REFERENCES "candidate_solution" (id),
    verdict {text} NOT NULL,
    evidence {text} NOT NULL,
    {standard}
);
CREATE INDEX value_assessment_project ON "value_assessment" (project_id, created_at, id);
CREATE INDEX value_assessment_organization ON "value_assessment" (organization_id, created_at, id);
CREATE UNIQUE INDEX value_assessment_one ON "value_assessment" (solution_id) WHERE deleted_at IS NULL;
CREATE INDEX value_assessment_solution ON "value_assessment" (solution_id, created_at, id);
CREATE TABLE "proof_of_concept" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    project_id {uuid} NOT NULL REFERENCES "project" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    solution_id {uuid} NOT NULL REFERENCES "candidate_solution" (id),
    question {text} NOT NULL,
    timebox_days {int} NOT NULL,
    status {text} NOT NULL,
    outcome {text},
    finding {text},
    url {text},
    reported_at {time},
    {standard}
);
CREATE INDEX proof_of_concept_project ON "proof_of_concept" (project_id, created_at, id);
CREATE INDEX proof_of_concept_organization ON "proof_of_concept" (organization_id, created_at, id);
CREATE INDEX proof_of_concept_solution ON "proof_of_concept" (solution_id, created_at, id);
"#;

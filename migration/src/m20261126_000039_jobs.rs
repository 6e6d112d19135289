//! Searches for a job: their stages, the openings that people know of, and where they applied.

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

// All of it is its owner's: lists begin from them, or from the search. The plan of a transition has its table later.
const SQL: &str = r#"
CREATE TABLE "job_search" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    title {text} NOT NULL,
    transition_plan_id {uuid},
    state {text} NOT NULL,
    target_roles {text} NOT NULL,
    closed_at {time},
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX job_search_owner ON "job_search" (organization_id, owner_id, created_at);
CREATE INDEX job_search_transition ON "job_search" (transition_plan_id);
CREATE TABLE "stage" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    job_search_id {uuid} NOT NULL REFERENCES "job_search" (id),
    name {text} NOT NULL,
    kind {text} NOT NULL,
    position {int} NOT NULL,
    {standard}
);
CREATE INDEX stage_search ON "stage" (job_search_id, position);
CREATE UNIQUE INDEX stage_name ON "stage" (job_search_id, name) WHERE deleted_at IS NULL;
CREATE INDEX stage_owner ON "stage" (organization_id, owner_id, created_at);
CREATE TABLE "job_posting" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    company_id {uuid} NOT NULL REFERENCES "company" (id),
    role_profile_id {uuid} REFERENCES "role_profile" (id),
    requisition_id {text},
    title {text} NOT NULL,
    url {text},
    description {text},
    employer_kind {text},
    employment_type {text},
    comp_min {int},
    comp_max {int},
    comp_currency {text},
    comp_period {text},
    location {text},
    closes_at {time},
    source {text},
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX job_posting_owner ON "job_posting" (organization_id, owner_id, created_at);
CREATE INDEX job_posting_company ON "job_posting" (company_id, organization_id, owner_id);
CREATE INDEX job_posting_role ON "job_posting" (role_profile_id);
CREATE TABLE "application" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    job_search_id {uuid} NOT NULL REFERENCES "job_search" (id),
    posting_id {uuid} NOT NULL REFERENCES "job_posting" (id),
    channel {text} NOT NULL,
    stage_id {uuid} NOT NULL REFERENCES "stage" (id),
    stage_kind {text} NOT NULL,
    stage_since {time} NOT NULL,
    outcome {text},
    outcome_stage_id {uuid} REFERENCES "stage" (id),
    outcome_reason {text},
    closed_at {time},
    resume_version {text},
    documents {text} NOT NULL,
    applied_at {time},
    next_action {text},
    next_action_at {time},
    last_activity_at {time} NOT NULL,
    {standard}
);
CREATE INDEX application_owner ON "application" (organization_id, owner_id, created_at);
CREATE INDEX application_search ON "application" (job_search_id, created_at, id);
CREATE INDEX application_activity ON "application" (job_search_id, last_activity_at, id);
CREATE INDEX application_posting ON "application" (posting_id);
CREATE INDEX application_stage ON "application" (stage_id, created_at);
CREATE TABLE "application_event" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    application_id {uuid} NOT NULL REFERENCES "application" (id),
    number {int} NOT NULL,
    kind {text} NOT NULL,
    from_stage_id {uuid} REFERENCES "stage" (id),
    from_kind {text},
    to_stage_id {uuid} REFERENCES "stage" (id),
    to_kind {text},
    outcome {text},
    occurred_at {time} NOT NULL,
    recorded_at {time} NOT NULL,
    actor_kind {text} NOT NULL,
    actor_id {text},
    source {text},
    reason {text},
    corrects_id {uuid} REFERENCES "application_event" (id),
    place {int} NOT NULL,
    {standard}
);
CREATE UNIQUE INDEX application_event_number ON "application_event" (application_id, number);
CREATE INDEX application_event_application ON "application_event" (application_id, occurred_at, id);
CREATE INDEX application_event_owner ON "application_event" (organization_id, owner_id, created_at);
CREATE UNIQUE INDEX application_event_corrects ON "application_event" (corrects_id) WHERE corrects_id IS NOT NULL;
"#;

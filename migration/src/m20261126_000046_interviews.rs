//! Interviews with companies, what they and rejections teach, and whom people ask for help.

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

// Nobody sees all of a tenant: everything here is of its owner.
const SQL: &str = r#"
CREATE TABLE "interview" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    application_id {uuid} NOT NULL REFERENCES "application" (id),
    round {int} NOT NULL,
    type {text} NOT NULL,
    scheduled_at {time} NOT NULL,
    duration_min {int} NOT NULL,
    time_zone {text} NOT NULL,
    location {text},
    interviewers {text} NOT NULL,
    state {text} NOT NULL,
    result {text} NOT NULL,
    prep {text} NOT NULL,
    moves {text} NOT NULL,
    note {text},
    held_at {time},
    {standard}
);
CREATE INDEX interview_owner ON "interview" (organization_id, owner_id, scheduled_at);
CREATE INDEX interview_application ON "interview" (application_id, scheduled_at);
CREATE TABLE "self_scorecard" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    interview_id {uuid} NOT NULL REFERENCES "interview" (id),
    application_id {uuid} NOT NULL REFERENCES "application" (id),
    ratings {text} NOT NULL,
    asked {text} NOT NULL,
    went_well {text},
    improve {text},
    {standard}
);
CREATE UNIQUE INDEX self_scorecard_one ON "self_scorecard" (interview_id) WHERE deleted_at IS NULL;
CREATE INDEX self_scorecard_owner ON "self_scorecard" (organization_id, owner_id, created_at);
CREATE INDEX self_scorecard_interview ON "self_scorecard" (interview_id, created_at);
CREATE INDEX self_scorecard_application ON "self_scorecard" (application_id, created_at);
CREATE TABLE "feedback_request" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    application_id {uuid} NOT NULL REFERENCES "application" (id),
    source {text} NOT NULL,
    contact_id {uuid} REFERENCES "contact" (id),
    message {text},
    state {text} NOT NULL,
    requested_at {time} NOT NULL,
    answered_at {time},
    {standard}
);
CREATE INDEX feedback_request_owner ON "feedback_request" (organization_id, owner_id, created_at);
CREATE INDEX feedback_request_application ON "feedback_request" (application_id, created_at);
CREATE TABLE "feedback" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    application_id {uuid} NOT NULL REFERENCES "application" (id),
    request_id {uuid} REFERENCES "feedback_request" (id),
    source {text} NOT NULL,
    text {text} NOT NULL,
    themes {text} NOT NULL,
    received_at {time} NOT NULL,
    {standard}
);
CREATE INDEX feedback_owner ON "feedback" (organization_id, owner_id, received_at);
CREATE INDEX feedback_application ON "feedback" (application_id, received_at);
CREATE INDEX feedback_request_id ON "feedback" (request_id, received_at);
CREATE TABLE "application_learning_need" (
    application_id {uuid} NOT NULL REFERENCES "application" (id),
    need_id {uuid} NOT NULL REFERENCES "learning_need" (id),
    PRIMARY KEY (application_id, need_id)
);
CREATE INDEX application_learning_need_need ON "application_learning_need" (need_id);
CREATE TABLE "help_request" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    contact_id {uuid} REFERENCES "contact" (id),
    community_id {uuid} REFERENCES "community" (id),
    application_id {uuid} REFERENCES "application" (id),
    kind {text} NOT NULL,
    question {text} NOT NULL,
    state {text} NOT NULL,
    answer {text},
    expires_at {time},
    answered_at {time},
    {standard}
);
CREATE INDEX help_request_owner ON "help_request" (organization_id, owner_id, created_at);
CREATE INDEX help_request_contact ON "help_request" (contact_id, created_at);
CREATE INDEX help_request_community ON "help_request" (community_id, created_at);
CREATE INDEX help_request_application ON "help_request" (application_id, created_at);
CREATE INDEX help_request_waiting ON "help_request" (expires_at) WHERE deleted_at IS NULL AND state = 'OPEN';
"#;

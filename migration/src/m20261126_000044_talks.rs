//! Talks with people who do the work that one would like to do, what they bring, and what titles mean where.

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

// All of it is its owner's alone: nobody lists that of a tenant.
const SQL: &str = r#"
CREATE TABLE "informational_interview" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    contact_id {uuid} NOT NULL REFERENCES "contact" (id),
    company_id {uuid} REFERENCES "company" (id),
    role_profile_id {uuid} REFERENCES "role_profile" (id),
    role_title {text},
    title_folded {text},
    purpose {text},
    state {text} NOT NULL,
    requested_at {time},
    scheduled_at {time},
    duration_min {int} NOT NULL,
    channel {text},
    held_at {time},
    research_interviewee {text},
    research_company {text},
    own_questions {text} NOT NULL,
    answers {text} NOT NULL,
    reschedules {text} NOT NULL,
    outcome {text},
    outcome_note {text},
    introduced_contact_id {uuid} REFERENCES "contact" (id),
    follow_up_due_at {time},
    followed_up_at {time},
    {standard}
);
CREATE INDEX informational_interview_owner ON "informational_interview" (organization_id, owner_id, created_at);
CREATE INDEX informational_interview_contact ON "informational_interview" (contact_id, organization_id);
CREATE TABLE "finding" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    interview_id {uuid} NOT NULL REFERENCES "informational_interview" (id),
    kind {text} NOT NULL,
    text {text} NOT NULL,
    competency_id {uuid} REFERENCES "competency" (id),
    weight {int} NOT NULL,
    {standard}
);
CREATE INDEX finding_owner ON "finding" (organization_id, owner_id, created_at);
CREATE INDEX finding_interview ON "finding" (interview_id, organization_id, created_at);
CREATE TABLE "role_observation" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    company_id {uuid} NOT NULL REFERENCES "company" (id),
    role_profile_id {uuid} REFERENCES "role_profile" (id),
    title {text} NOT NULL,
    title_folded {text} NOT NULL,
    duties {text} NOT NULL,
    url {text},
    observed_at {time} NOT NULL,
    {standard}
);
CREATE INDEX role_observation_owner ON "role_observation" (organization_id, owner_id, created_at);
"#;

//! Who speaks for applications, what employers offer, and the communities in which people help each other.

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

// Nobody sees all of a tenant: everything here is of its owner. At most one offer of a job search is accepted, and one of an
// application is open; each contact is asked once for a posting. A referral is of whoever asks, or of whom they
// ask: each way leads to its rows by an index. What waits for its time to pass has an index that holds nothing else.
const SQL: &str = r#"
ALTER TABLE "contact" ADD COLUMN user_id {uuid} REFERENCES "user" (id);
CREATE TABLE "community" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    name {text} NOT NULL,
    kind {text} NOT NULL,
    url {text},
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX community_owner ON "community" (organization_id, owner_id, created_at);
CREATE TABLE "referral" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    posting_id {uuid} NOT NULL REFERENCES "job_posting" (id),
    application_id {uuid} REFERENCES "application" (id),
    subject {text} NOT NULL,
    referrer_contact_id {uuid} NOT NULL REFERENCES "contact" (id),
    referrer_name {text} NOT NULL,
    referrer_user_id {uuid} REFERENCES "user" (id),
    consented_at {time},
    state {text} NOT NULL,
    note {text},
    expires_at {time} NOT NULL,
    answered_at {time},
    submitted_at {time},
    {standard}
);
CREATE UNIQUE INDEX referral_one ON "referral" (posting_id, referrer_contact_id)
    WHERE deleted_at IS NULL AND state IN ('REQUESTED', 'ACCEPTED', 'SUBMITTED');
CREATE INDEX referral_owner ON "referral" (organization_id, owner_id, created_at);
CREATE INDEX referral_referrer ON "referral" (referrer_user_id, created_at);
CREATE INDEX referral_posting ON "referral" (posting_id, created_at);
CREATE INDEX referral_application ON "referral" (application_id, created_at);
CREATE INDEX referral_contact ON "referral" (referrer_contact_id, created_at);
CREATE INDEX referral_waiting ON "referral" (expires_at) WHERE deleted_at IS NULL AND state IN ('REQUESTED', 'ACCEPTED');
CREATE TABLE "offer" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    job_search_id {uuid} NOT NULL REFERENCES "job_search" (id),
    application_id {uuid} NOT NULL REFERENCES "application" (id),
    state {text} NOT NULL,
    currency {text},
    base {int},
    bonus {int},
    equity {int},
    benefits {text},
    location {text},
    start_date {date},
    respond_by {time},
    manager_contact_id {uuid} REFERENCES "contact" (id),
    teammates_met {text} NOT NULL,
    team_disclosure {text} NOT NULL,
    people_assessment {text} NOT NULL,
    note {text},
    conversation_asked_at {time},
    received_at {time} NOT NULL,
    ended_at {time},
    {standard}
);
CREATE UNIQUE INDEX offer_accepted ON "offer" (job_search_id) WHERE deleted_at IS NULL AND state = 'ACCEPTED';
CREATE UNIQUE INDEX offer_open ON "offer" (application_id)
    WHERE deleted_at IS NULL AND state IN ('RECEIVED', 'NEGOTIATING');
CREATE INDEX offer_owner ON "offer" (organization_id, owner_id, created_at);
CREATE INDEX offer_search ON "offer" (job_search_id, created_at);
CREATE INDEX offer_application ON "offer" (application_id, created_at);
CREATE INDEX offer_waiting ON "offer" (respond_by) WHERE deleted_at IS NULL AND state IN ('RECEIVED', 'NEGOTIATING');
CREATE TABLE "offer_version" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    offer_id {uuid} NOT NULL REFERENCES "offer" (id),
    number {int} NOT NULL,
    state {text} NOT NULL,
    currency {text},
    base {int},
    bonus {int},
    equity {int},
    benefits {text},
    location {text},
    start_date {date},
    respond_by {time},
    manager_contact_id {uuid} REFERENCES "contact" (id),
    teammates_met {text} NOT NULL,
    team_disclosure {text} NOT NULL,
    people_assessment {text} NOT NULL,
    note {text},
    {standard}
);
CREATE UNIQUE INDEX offer_version_number ON "offer_version" (offer_id, number);
CREATE INDEX offer_version_owner ON "offer_version" (organization_id, owner_id, created_at);
"#;

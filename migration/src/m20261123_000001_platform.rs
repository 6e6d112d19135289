//! Organizations, people, machine clients, sessions, keys, grants, events.

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
CREATE TABLE "organization" (
    id {uuid} PRIMARY KEY,
    name {text} NOT NULL,
    name_folded {text} NOT NULL UNIQUE,
    settings {text} NOT NULL,
    {standard}
);
CREATE TABLE "user" (
    id {uuid} PRIMARY KEY,
    email {text} NOT NULL,
    email_folded {text} NOT NULL UNIQUE,
    name {text} NOT NULL,
    time_zone {text} NOT NULL,
    password_hash {text},
    password_changed_at {time},
    {standard}
);
CREATE TABLE "membership" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    roles {int} NOT NULL,
    {standard}
);
CREATE UNIQUE INDEX membership_person ON "membership" (organization_id, user_id);
CREATE INDEX membership_user ON "membership" (user_id);
CREATE TABLE "client" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    name {text} NOT NULL,
    secret_fingerprint {text} NOT NULL,
    scopes {int} NOT NULL,
    {standard}
);
CREATE INDEX client_organization ON "client" (organization_id, created_at);
CREATE TABLE "session" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    user_agent {text},
    last_used_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    ended_at {time},
    end_reason {text},
    {standard}
);
CREATE INDEX session_organization ON "session" (organization_id, created_at);
CREATE INDEX session_of_user ON "session" (user_id);
CREATE TABLE "refresh_token" (
    fingerprint {text} PRIMARY KEY,
    session_id {uuid} NOT NULL REFERENCES "session" (id),
    created_at {time} NOT NULL,
    used_at {time}
);
CREATE INDEX refresh_token_session ON "refresh_token" (session_id);
CREATE TABLE "revoked_token" (
    jti {text} PRIMARY KEY,
    expires_at {time} NOT NULL
);
CREATE TABLE "password_reset" (
    fingerprint {text} PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time}
);
CREATE TABLE "signing_key" (
    kid {text} PRIMARY KEY,
    sealed {text} NOT NULL,
    created_at {time} NOT NULL,
    retired_at {time}
);
CREATE TABLE "grant" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    grantee_id {uuid} NOT NULL REFERENCES "user" (id),
    scopes {int} NOT NULL,
    expires_at {time},
    revoked_at {time},
    {standard}
);
CREATE INDEX grant_owner ON "grant" (organization_id, owner_id, grantee_id);
CREATE INDEX grant_grantee ON "grant" (organization_id, grantee_id);
CREATE TABLE "external_ref" (
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    kind {text} NOT NULL,
    source {text} NOT NULL,
    external_id {text} NOT NULL,
    target_id {uuid} NOT NULL,
    PRIMARY KEY (organization_id, kind, source, external_id)
);
CREATE INDEX external_ref_target ON "external_ref" (target_id);
CREATE TABLE "idempotency_key" (
    principal {uuid} NOT NULL,
    key {text} NOT NULL,
    fingerprint {text} NOT NULL,
    outcome {text} NOT NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (principal, key)
);
CREATE INDEX idempotency_key_age ON "idempotency_key" (created_at);
CREATE TABLE "event" (
    seq {sequence},
    id {uuid} NOT NULL UNIQUE,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    kind {text} NOT NULL,
    subject_kind {text} NOT NULL,
    subject_id {text} NOT NULL,
    subject_version {int} NOT NULL,
    owner_id {uuid},
    area {text} NOT NULL,
    actor_kind {text} NOT NULL,
    actor_id {text},
    occurred_at {time} NOT NULL,
    data {text} NOT NULL
);
CREATE INDEX event_feed ON "event" (organization_id, seq);
CREATE INDEX event_subject ON "event" (organization_id, subject_id, seq);
"#;

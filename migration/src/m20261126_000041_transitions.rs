//! Industries, and the ways from one role and industry to another.

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

// Nobody sees the plans of a tenant: theirs are of their owners. Which industries there are, everybody does.
const SQL: &str = r#"
CREATE TABLE "industry" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} REFERENCES "organization" (id),
    name {text} NOT NULL,
    name_folded {text} NOT NULL,
    aliases {text} NOT NULL,
    description {text},
    search_text {text} NOT NULL,
    {standard}
);
CREATE UNIQUE INDEX industry_name ON "industry" (organization_id, name_folded) WHERE deleted_at IS NULL;
CREATE INDEX industry_organization ON "industry" (organization_id, created_at);
ALTER TABLE "role_profile" ADD COLUMN seniority {text};
ALTER TABLE "career_profile" ADD COLUMN current_since {date};
CREATE TABLE "transition_plan" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    from_role {text},
    from_role_profile_id {uuid} REFERENCES "role_profile" (id),
    from_industry {text},
    from_listed_industry_id {uuid} REFERENCES "industry" (id),
    to_role {text},
    to_role_profile_id {uuid} REFERENCES "role_profile" (id),
    to_industry {text},
    to_listed_industry_id {uuid} REFERENCES "industry" (id),
    kind {text} NOT NULL,
    path {text},
    accepted_at {time},
    note {text},
    {standard}
);
CREATE INDEX transition_plan_owner ON "transition_plan" (organization_id, owner_id, created_at);
CREATE TABLE "transition_leg" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    transition_plan_id {uuid} NOT NULL REFERENCES "transition_plan" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    position {int} NOT NULL,
    kind {text} NOT NULL,
    to_role {text},
    to_role_profile_id {uuid} REFERENCES "role_profile" (id),
    to_industry {text},
    to_listed_industry_id {uuid} REFERENCES "industry" (id),
    state {text} NOT NULL,
    internal_move {bool} NOT NULL,
    started_at {time},
    ended_at {time},
    note {text},
    {standard}
);
CREATE INDEX transition_leg_plan ON "transition_leg" (transition_plan_id, position);
CREATE INDEX transition_leg_owner ON "transition_leg" (organization_id, owner_id, created_at);
CREATE UNIQUE INDEX transition_leg_active ON "transition_leg" (transition_plan_id) WHERE deleted_at IS NULL AND state = 'ACTIVE';
ALTER TABLE "portfolio_evidence" ADD COLUMN transition_leg_id {uuid} REFERENCES "transition_leg" (id);
CREATE INDEX portfolio_evidence_leg ON "portfolio_evidence" (transition_leg_id, created_at);
"#;

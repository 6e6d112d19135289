//! Pace: pauses, the minutes of each day, and what sessions are found by.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::dialect;

/// See the head of the file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let day = if postgres { "CAST(started_at AT TIME ZONE 'UTC' AS date)" } else { "substr(started_at, 1, 10)" };
        dialect::run(manager, &SQL.replace("{day}", day)).await
    }
}

// What other systems report is theirs to count, whomever it is about. What people note, they count themselves: two
// who note the same meeting of a calendar do not get in each other's way. Sessions are looked up by the second index.
const SQL: &str = r#"
DROP INDEX learning_session_statement;
CREATE UNIQUE INDEX learning_session_statement ON "learning_session" (organization_id, source, statement_id) WHERE source IN ('LMS', 'XAPI');
CREATE UNIQUE INDEX learning_session_note ON "learning_session" (organization_id, source, statement_id, user_id);
CREATE INDEX learning_session_started ON "learning_session" (organization_id, started_at);
CREATE INDEX learning_session_item ON "learning_session" (organization_id, plan_item_id, started_at);
CREATE INDEX learning_session_resource ON "learning_session" (organization_id, learning_resource_id, started_at);
CREATE TABLE "learning_pause" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    starts_on {date} NOT NULL,
    ends_on {date} NOT NULL,
    reason {text},
    {standard},
    CHECK (ends_on >= starts_on)
);
CREATE INDEX learning_pause_organization ON "learning_pause" (organization_id, created_at);
CREATE INDEX learning_pause_user ON "learning_pause" (organization_id, user_id, starts_on);
CREATE INDEX learning_pause_starts ON "learning_pause" (organization_id, starts_on);
CREATE TABLE "learning_day" (
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    user_id {uuid} NOT NULL REFERENCES "user" (id),
    day {date} NOT NULL,
    minutes {int} NOT NULL,
    sessions {int} NOT NULL,
    PRIMARY KEY (organization_id, user_id, day)
);
CREATE INDEX learning_day_day ON "learning_day" (organization_id, day);
INSERT INTO "learning_day" (organization_id, user_id, day, minutes, sessions) SELECT organization_id, user_id, {day}, CAST(SUM(minutes) AS BIGINT), COUNT(*) FROM "learning_session" WHERE deleted_at IS NULL GROUP BY organization_id, user_id, {day};
"#;

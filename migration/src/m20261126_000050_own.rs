//! What tells of somebody's search for a job is told with the search alone.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::dialect;

/// See the head of the file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, SQL).await?;
        let sqlite = manager.get_database_backend() == DbBackend::Sqlite;
        dialect::run(manager, if sqlite { EVENTS_SQLITE } else { EVENTS_POSTGRES }).await
    }
}

// What talks said was copied to where more people read: it stays with the talks. What other systems told stays as it was: none of them sees a
// search. Calendars that are there told what they could: they go on without the names of contacts (every scope but those of communities),
// until they are opened again.
const SQL: &str = r#"
ALTER TABLE "goal_requirement" ADD COLUMN heard {bool} NOT NULL DEFAULT FALSE;
UPDATE "goal_requirement" SET heard = TRUE, rationale = NULL, version = version + 1
WHERE origin = 'INFO_INTERVIEW' AND rationale LIKE 'Named in % informational interviews: %';
UPDATE "learning_need_source" SET note = NULL, version = version + 1
WHERE note IS NOT NULL AND (note LIKE 'Named in % informational interviews: %' OR source = 'INFO_INTERVIEW' AND raised_by_kind <> 'CLIENT');
UPDATE "interaction" SET note = NULL, version = version + 1
WHERE kind = 'INFORMATIONAL_INTERVIEW' AND note IS NOT NULL AND EXISTS (
    SELECT 1 FROM "informational_interview" i
    WHERE i.owner_id = "interaction".owner_id AND i.contact_id = "interaction".contact_id AND i.purpose = "interaction".note
);
UPDATE "event" SET data = replace(data, '"origin":"INFO_INTERVIEW"', '"origin":"USER"')
WHERE subject_kind = 'goal_requirement' AND actor_kind <> 'CLIENT' AND data LIKE '%"origin":"INFO_INTERVIEW"%';
UPDATE "event" SET data = replace(data, '"kind":"INFORMATIONAL_INTERVIEW"', '"kind":"MEETING"')
WHERE kind = 'interaction.created' AND data LIKE '%"kind":"INFORMATIONAL_INTERVIEW"%';
ALTER TABLE "calendar_feed" ADD COLUMN scopes {int} NOT NULL DEFAULT 0;
UPDATE "calendar_feed" SET scopes = 522751;
"#;

const EVENTS_SQLITE: &str = r#"
UPDATE "event" SET data = json_remove(data, '$.source', '$.sourceId')
WHERE kind = 'learning_need.raised' AND actor_kind <> 'CLIENT'
AND json_extract(data, '$.source') IN ('INFO_INTERVIEW', 'INTERVIEW_RESULT', 'REJECTION_FEEDBACK');
UPDATE "event" SET data = json_remove(data, '$.sources')
WHERE kind = 'learning_need.met' AND (data LIKE '%"INFO_INTERVIEW"%' OR data LIKE '%"INTERVIEW_RESULT"%' OR data LIKE '%"REJECTION_FEEDBACK"%');
"#;

const EVENTS_POSTGRES: &str = r#"
UPDATE "event" SET data = (data::jsonb - 'source' - 'sourceId')::text
WHERE kind = 'learning_need.raised' AND actor_kind <> 'CLIENT'
AND data::jsonb ->> 'source' IN ('INFO_INTERVIEW', 'INTERVIEW_RESULT', 'REJECTION_FEEDBACK');
UPDATE "event" SET data = (data::jsonb - 'sources')::text
WHERE kind = 'learning_need.met' AND (data LIKE '%"INFO_INTERVIEW"%' OR data LIKE '%"INTERVIEW_RESULT"%' OR data LIKE '%"REJECTION_FEEDBACK"%');
"#;

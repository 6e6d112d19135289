//! When it is time to be in touch again, kept so that it is asked for in its order; and what names a company is found by it.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::dialect;

/// See the head of the file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let due = match manager.get_database_backend() {
            DbBackend::Postgres => {
                "bigint GENERATED ALWAYS AS (CAST(FLOOR(EXTRACT(EPOCH FROM (COALESCE(last_interaction_at, created_at) \
                 AT TIME ZONE 'UTC'))) AS bigint) + cadence_days * 86400) STORED"
            }
            _ => {
                "integer GENERATED ALWAYS AS (CAST(strftime('%s', COALESCE(last_interaction_at, created_at)) AS INTEGER) \
                 + cadence_days * 86400) VIRTUAL"
            }
        };
        dialect::run(manager, &SQL.replace("{due}", due)).await
    }
}

// In seconds since the epoch; none of whom nobody meant to be in touch with. On which day that is, depends on where their owner lives.
const SQL: &str = r#"
ALTER TABLE "contact" ADD COLUMN due_second {due};
CREATE INDEX contact_due ON "contact" (owner_id, due_second, id) WHERE deleted_at IS NULL AND cadence_days IS NOT NULL;
CREATE INDEX informational_interview_company ON "informational_interview" (company_id, organization_id);
CREATE INDEX role_observation_company ON "role_observation" (company_id, organization_id);
"#;

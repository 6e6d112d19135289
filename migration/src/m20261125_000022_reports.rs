//! Reports over many people: the items of a person, and how long everybody learnt in which week.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::dialect;

/// See the head of the file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Neither database has the other's way to keep what is computed where a column is added.
        let week = match manager.get_database_backend() {
            DbBackend::Postgres => "bigint GENERATED ALWAYS AS ((day - DATE '1970-01-05') / 7) STORED",
            _ => "integer GENERATED ALWAYS AS (CAST(julianday(day) - 2440591.5 AS INTEGER) / 7) VIRTUAL",
        };
        dialect::run(manager, &SQL.replace("{week}", week)).await
    }
}

// Weeks are numbered from the Monday after the epoch. The index holds all that a report reads of a week, person by
// person, so that nothing is sorted: a fifth of the time that the days took.
const SQL: &str = r#"
CREATE INDEX plan_item_of_owner ON "plan_item" (organization_id, owner_id);
ALTER TABLE "learning_day" ADD COLUMN week {week};
CREATE INDEX learning_day_week ON "learning_day" (organization_id, week, user_id, minutes);
DROP INDEX learning_day_day;
"#;

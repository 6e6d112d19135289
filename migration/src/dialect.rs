//! The few words in which the two databases differ: migrations are SQL with these in braces.

use sea_orm_migration::{
    prelude::*,
    sea_orm::{ConnectionTrait, DbBackend},
};

/// `{word}`, SQLite, PostgreSQL. Text compares by bytes on both.
const WORDS: &[(&str, &str, &str)] = &[
    ("{uuid}", "blob", "uuid"),
    ("{text}", "text", r#"text COLLATE "C""#),
    ("{int}", "integer", "bigint"),
    ("{bool}", "boolean", "boolean"),
    ("{time}", "text", "timestamptz"),
    ("{date}", "text", "date"),
    ("{owner_hex}", "lower(hex(t.owner_id))", "replace(t.owner_id::text, '-', '')"),
    ("{new_uuid}", "randomblob(16)", "gen_random_uuid()"),
    ("{sequence}", "integer PRIMARY KEY AUTOINCREMENT", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
    (
        "{standard}",
        "version integer NOT NULL, created_at text NOT NULL, updated_at text NOT NULL, deleted_at text",
        "version bigint NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, deleted_at timestamptz",
    ),
];

/// Runs statements that are separated by `;` at the end of a line.
pub(crate) async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let postgres = manager.get_database_backend() == DbBackend::Postgres;
    let mut text = sql.to_owned();
    for (word, sqlite, pg) in WORDS {
        text = text.replace(word, if postgres { pg } else { sqlite });
    }
    for statement in text.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}

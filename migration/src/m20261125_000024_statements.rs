//! Statements, as learning systems send them: people by the SHA-1 of their address, sessions that completions stored
//! counted apart from those that were noted, and what a noted session said.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use sea_orm_migration::{prelude::*, sea_orm::Statement};

use crate::dialect;

/// See the head of the file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, SQL).await?;
        fill(manager).await
    }
}

/// Names the people who are here already: neither database makes a SHA-1 of itself.
async fn fill(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = manager.get_connection();
    let backend = manager.get_database_backend();
    let people = Statement::from_string(backend, r#"SELECT email, email_folded FROM "user" WHERE deleted_at IS NULL"#);
    for row in db.query_all_raw(people).await? {
        let (given, folded): (String, String) = (row.try_get("", "email")?, row.try_get("", "email_folded")?);
        let values = [sha1(&given).into(), sha1(&folded).into(), folded.into()];
        db.execute_raw(Statement::from_sql_and_values(backend, NAME, values)).await?;
    }
    Ok(())
}

fn sha1(email: &str) -> String {
    let mut text = String::new();
    for byte in digest(&SHA1_FOR_LEGACY_USE_ONLY, format!("mailto:{email}").as_bytes()).as_ref() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

const NAME: &str = r#"UPDATE "user" SET mail_sha1 = $1, mail_folded_sha1 = $2 WHERE email_folded = $3"#;

const SQL: &str = r#"
ALTER TABLE "user" ADD COLUMN mail_sha1 {text};
ALTER TABLE "user" ADD COLUMN mail_folded_sha1 {text};
CREATE INDEX user_mail_sha1 ON "user" (mail_sha1);
CREATE INDEX user_mail_folded_sha1 ON "user" (mail_folded_sha1);
ALTER TABLE "learning_session" ADD COLUMN system {text};
ALTER TABLE "learning_session" ADD COLUMN fingerprint {text};
DROP INDEX learning_session_statement;
DROP INDEX learning_session_note;
UPDATE "learning_session" SET
    system = (SELECT c.source FROM "completion" c WHERE c.session_id = "learning_session".id),
    statement_id = (SELECT c.statement_id FROM "completion" c WHERE c.session_id = "learning_session".id)
WHERE id IN (SELECT c.session_id FROM "completion" c WHERE c.session_id IS NOT NULL);
CREATE UNIQUE INDEX learning_session_statement ON "learning_session" (organization_id, source, statement_id) WHERE source IN ('LMS', 'XAPI') AND system IS NULL;
CREATE UNIQUE INDEX learning_session_note ON "learning_session" (organization_id, source, statement_id, user_id) WHERE system IS NULL;
"#;

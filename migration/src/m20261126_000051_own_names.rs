//! The names that other systems have for what is somebody's own are theirs: nobody else's name is in their way, or shows what they have.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// See the head of the file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Kinds of things that only their owner sees, and where they are.
const OWN: &[(&str, &str)] = &[
    ("ctc", "contact"),
    ("cmy", "community"),
    ("ixn", "interaction"),
    ("jsr", "job_search"),
    ("stg", "stage"),
    ("jpo", "job_posting"),
    ("app", "application"),
    ("rfl", "referral"),
    ("ivw", "interview"),
    ("ofr", "offer"),
    ("inf", "informational_interview"),
    ("rob", "role_observation"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (kind, table) in OWN {
            dialect::run(manager, &SQL.replace("{kind}", kind).replace("{table}", table)).await?;
        }
        dialect::run(manager, PREFIXED).await
    }
}

const SQL: &str = r#"
UPDATE "external_ref" SET kind = '{kind}:' || (SELECT {owner_hex} FROM "{table}" t WHERE t.id = "external_ref".target_id)
WHERE kind = '{kind}' AND EXISTS (SELECT 1 FROM "{table}" t WHERE t.id = "external_ref".target_id);
"#;

// Imports told people apart by what they put before the names, or behind the system: that is no part of either. Where the name is taken by
// then, it stays as it was.
const PREFIXED: &str = r#"
UPDATE "external_ref" SET external_id = substr(external_id, 32)
WHERE kind LIKE '%:%' AND substr(external_id, 1, 4) = 'usr_' AND substr(external_id, 31, 1) = '/' AND length(external_id) > 31 AND NOT EXISTS (
    SELECT 1 FROM "external_ref" e
    WHERE e.organization_id = "external_ref".organization_id AND e.kind = "external_ref".kind AND e.source = "external_ref".source
    AND e.external_id = substr("external_ref".external_id, 32)
);
UPDATE "external_ref" SET source = CASE WHEN source LIKE 'vcard.%' THEN 'vcard' ELSE 'csv' END
WHERE kind LIKE '%:%' AND (source LIKE 'vcard.usr\_%' ESCAPE '\' OR source LIKE 'csv.usr\_%' ESCAPE '\') AND NOT EXISTS (
    SELECT 1 FROM "external_ref" e
    WHERE e.organization_id = "external_ref".organization_id AND e.kind = "external_ref".kind
    AND e.source = CASE WHEN "external_ref".source LIKE 'vcard.%' THEN 'vcard' ELSE 'csv' END
    AND e.external_id = "external_ref".external_id
);
"#;

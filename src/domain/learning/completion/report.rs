//! A report in one form, whatever it came as: when it is refused, when it is known, and what takes turns by it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use entity::learning::{
    completion::{Column, CompletionVerb, Entity, Model},
    learning_session::SessionSource,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use crate::domain::{
    clock,
    error::{Code, Error, Result},
    tx::Tx,
};

/// What another system reports, but for whom and what it names.
#[derive(Clone, Debug)]
pub(in crate::domain::learning) struct Report {
    /// The system that says so.
    pub source: String,
    /// The statement's id there: the same id again changes nothing.
    pub statement_id: String,
    /// The hash of what it says.
    pub fingerprint: String,
    /// What was done.
    pub verb: CompletionVerb,
    /// When.
    pub occurred_at: DateTime<Utc>,
    /// How long it took.
    pub minutes: Option<i64>,
    /// The result, 0 to 100.
    pub score: Option<i64>,
    /// How the session became known.
    pub session: SessionSource,
    /// The xAPI statement that it came as, in JSON.
    pub statement: Option<String>,
}

impl Report {
    /// Refuses what has not happened yet; `pointer` is where it says when.
    pub(in crate::domain::learning) fn is_past(&self, tx: &Tx, pointer: &str) -> Result<()> {
        clock::past(tx.now, self.occurred_at, pointer).map(drop)
    }

    /// What was kept of it before, if anything; `pointer` is where its id stands.
    pub(in crate::domain::learning) async fn known(&self, tx: &Tx, pointer: &str) -> Result<Option<Model>> {
        tx.lock(&self.turn(tx)).await?;
        let known = Entity::find()
            .filter(Column::OrganizationId.eq(tx.who.organization))
            .filter(Column::Source.eq(self.source.as_str()))
            .filter(Column::StatementId.eq(self.statement_id.as_str()))
            .one(&tx.db)
            .await?;
        match known {
            Some(row) if row.fingerprint != self.fingerprint => {
                let error = Error::field(
                    Code::StatementConflict,
                    pointer,
                    "This statement id came before, with another content.",
                );
                Err(error.with(json!({ "statementId": self.statement_id, "completionId": row.id })))
            }
            known => Ok(known),
        }
    }

    /// What instances take turns by that are told the same at once.
    fn turn(&self, tx: &Tx) -> String {
        format!("completion {} {} {}", tx.who.organization, self.source, self.statement_id)
    }
}

/// Takes the turns of several reports. Everybody does so in one order: two batches that name the same statements do
/// not wait for each other for ever.
pub(in crate::domain::learning) async fn line_up<'a>(
    tx: &Tx,
    reports: impl IntoIterator<Item = &'a Report>,
) -> Result<()> {
    let mut names: Vec<String> = reports.into_iter().map(|report| report.turn(tx)).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        tx.lock(&name).await?;
    }
    Ok(())
}

/// The hash of what a statement says, in one spelling.
pub(in crate::domain::learning) fn fingerprint(said: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, said.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.as_ref())
}

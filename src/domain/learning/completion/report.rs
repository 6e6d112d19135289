//! A report in one form, whatever it came as: when it is known, and what takes turns by it.

use std::collections::{BTreeSet, HashMap};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use entity::learning::{
    completion::{Column, CompletionVerb, Entity, Model},
    learning_session::SessionSource,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use crate::domain::{
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
    /// What a statement is known by.
    pub(in crate::domain::learning) fn key(&self) -> (String, String) {
        (self.source.clone(), self.statement_id.clone())
    }

    /// Refuses another content under an id that came before; `pointer` is where the id stands.
    pub(in crate::domain::learning) fn is_as_before(&self, known: &Model, pointer: &str) -> Result<()> {
        if known.fingerprint == self.fingerprint {
            return Ok(());
        }
        let error =
            Error::field(Code::StatementConflict, pointer, "This statement id came before, with another content.");
        Err(error.with(json!({ "statementId": self.statement_id, "completionId": known.id })))
    }
}

/// Takes the turns of statements: instances that are told the same at once do so one after another.
pub(in crate::domain::learning) async fn line_up(tx: &Tx, reports: &[&Report]) -> Result<()> {
    let turn = |one: &&Report| format!("completion {} {} {}", tx.who.organization, one.source, one.statement_id);
    tx.lock_all(reports.iter().map(turn).collect()).await
}

/// What was kept of statements before.
pub(in crate::domain::learning) async fn known(
    tx: &Tx,
    reports: &[&Report],
) -> Result<HashMap<(String, String), Model>> {
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::Source.is_in(reports.iter().map(|one| one.source.as_str()).collect::<BTreeSet<_>>()))
        .filter(Column::StatementId.is_in(reports.iter().map(|one| one.statement_id.as_str())))
        .all(&tx.db)
        .await?;
    Ok(rows.into_iter().map(|row| ((row.source.clone(), row.statement_id.clone()), row)).collect())
}

/// The hash of what a statement says, in one spelling.
pub(in crate::domain::learning) fn fingerprint(said: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, said.as_bytes());
    URL_SAFE_NO_PAD.encode(digest.as_ref())
}

//! What became of the rows of a document, or would become of them: told to whoever takes it in, since machines see jobs and nobody's contacts or
//! search.

use entity::{
    id::ImportId,
    jobs::job_search,
    kind::{Declared as _, Kind, id, list},
    learning::import_job::{Entity, ImportRow, ROW},
    object,
};
use serde::Serialize;

use super::is_tracker;
use crate::domain::{answer::Answer, community::exchange::CONTACTS_MAX, error::Result, look::Look, policy::Action};

/// How many rows are told of.
pub(super) const TOLD: usize = CONTACTS_MAX;
const ROWS: Kind = list(&ROW, TOLD);

object! {
    /// Which import.
    ImportRowsQuestion {
        /// The import, which you asked for.
        required import_id: ImportId = id::<ImportId>(),
    }
}

object! {
    /// What became of the rows of a document, or would become of them.
    #[derive(Serialize)]
    ImportRows {
        /// The import.
        required import_id: ImportId = id::<ImportId>(),
        /// Whether it was only looked at what would become of them.
        required preview: bool = Kind::Bool,
        /// The rows, in the order of the document: of a tracker its applications, its interviews and its offers, the first 10,000 of them. None
        /// before the import has ended, or when it failed.
        required rows: Vec<ImportRow> = ROWS,
    }
}

/// `importRows`.
#[must_use]
pub fn of_import() -> Answer {
    Answer::new(
        "importRows",
        Action::ViewImportRows,
        "What became of each row of a document with contacts or of a tracker, or would become of it, for whoever asked for the import. Contacts need \
         `community:read`, a tracker needs `jobs:read`, and that the search is open to whoever asks.",
        Kind::Object(ImportRows::object),
        rows,
    )
    .or(Action::ViewTrackerRows)
}

async fn rows(look: Look, asked: ImportRowsQuestion) -> Result<ImportRows> {
    let contacts = look.who.has_scope_for(Action::ViewImportRows).is_ok();
    let action = if contacts { Action::ViewImportRows } else { Action::ViewTrackerRows };
    let job = look.find::<Entity>(asked.import_id, action).await?;
    look.who.has_scope_for(if is_tracker(job.kind) { Action::ViewTrackerRows } else { Action::ViewImportRows })?;
    // What was taken into a search goes with it: whoever it is not open to any more is told as little of the rows.
    if let Some(search) = job.job_search_id {
        look.find::<job_search::Entity>(search, Action::ViewJobSearch).await?;
    }
    Ok(ImportRows { import_id: job.id, preview: job.preview, rows: job.rows.0 })
}

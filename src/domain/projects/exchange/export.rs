//! What goes out: a project as one document.

use entity::{
    id::ProjectId,
    kind::{Declared as _, Kind, id},
    object,
};
use serde::Serialize;
use serde_json::Value;

use super::{Whole, document::ProjectDocument, write};
use crate::domain::{
    answer::Answer,
    error::{Code, Error, Result},
    learning::import_job::DOCUMENT_MAX,
    look::Look,
    policy::Action,
};

object! {
    /// Which project.
    ProjectExportQuestion {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
    }
}

object! {
    /// A project for this or another installation.
    #[derive(Serialize)]
    ProjectExport {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// The project with everything in it, as an import takes it.
        required document: Value = Kind::Document(ProjectDocument::object),
    }
}

/// `projectExport`.
#[must_use]
pub fn of_project() -> Answer {
    Answer::new(
        "projectExport",
        Action::ViewProject,
        "A project with everything in it as one document, for this or another organization. The same project is the same \
         document, byte for byte.",
        Kind::Object(ProjectExport::object),
        export,
    )
    .alone("document")
    .points(200)
}

async fn export(look: Look, asked: ProjectExportQuestion) -> Result<ProjectExport> {
    let whole = Whole::find_all(&look, asked.project_id).await?;
    let document = serde_json::to_value(write::write(&look, whole).await?).map_err(Error::internal)?;
    if document.to_string().len() > DOCUMENT_MAX {
        let most = DOCUMENT_MAX / 1024 / 1024;
        return Err(Error::new(Code::TooLarge, format!("The document has more than {most} MiB.")));
    }
    Ok(ProjectExport { project_id: asked.project_id, document })
}

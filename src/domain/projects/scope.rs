//! What a project sets out to do, worked out in five steps (§9).

pub mod gate;

use entity::{
    id::{ProjectId, ScopeId, UserId},
    kind::{Kind, id, int, word},
    projects::{
        project,
        scope::{ActiveModel, Column, Entity, Model, Step},
    },
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::{
    domain::{
        clock,
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Resource, Row},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "Scope";
    type Id = ScopeId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ScopeId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::Revision => {
            leaf(int(1, i64::MAX), "Counts how often it was begun: 1, and one more each time that it goes back.")
        }
        Column::CurrentStep => {
            leaf(word::<Step>(), "The step that is being worked on; none when all are complete.").filter()
        }
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it goes with its project."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Scope",
        "What a project sets out to do, worked out in five steps (§9): made with the project.",
        "scp",
        Action::ViewScope,
        show,
    )
    .order("created_at", false)
    .one("project", "project_id", "Project", "The project.");
    Resource { shape, plural: "scopes", verbs: Vec::new() }
}

/// Gives a new project its scope.
pub(super) async fn begin(tx: &mut Tx, project: &project::Model) -> Result<Model> {
    let scope = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            owner_id: Set(project.owner_id),
            revision: Set(1),
            current_step: Set(Some(Step::BusinessProblem)),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &scope, json!({ "projectId": project.id }))?;
    Ok(scope)
}

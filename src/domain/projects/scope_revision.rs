//! Scopes as they were before they went back: kept whole, and never changed (§9).

use entity::{
    id::{ProjectId, ScopeId, ScopeRevisionId, UserId},
    kind::{Kind, id, int},
    projects::scope_revision::{Column, Entity, Model},
};

use crate::{
    domain::{
        policy::Action,
        verb::{Resource, Row},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "ScopeRevision";
    type Id = ScopeRevisionId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ScopeRevisionId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::ScopeId => leaf(id::<ScopeId>(), "The scope.").filter(),
        Column::Revision => leaf(int(1, i64::MAX), "Which revision.").filter(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was kept: when the scope went back.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it goes with its project."),
        // All that was in it may be much: `scopeAtRevision` tells it of one.
        Column::OrganizationId | Column::Document => return None,
    })
}

/// The declaration. Going back keeps it, and nothing changes it.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "ScopeRevision",
        "That a scope went back, and what it was before is kept: `scopeAtRevision` tells it (§9).",
        "srv",
        Action::ViewScope,
        show,
    )
    .order("created_at", false)
    .one("scope", "scope_id", "Scope", "The scope.")
    .one("project", "project_id", "Project", "The project.");
    Resource { shape, plural: "scopeRevisions", verbs: Vec::new() }
}

//! When a scope went back, why, and what was learnt: only ever appended (§9).

use entity::{
    id::{ProjectId, ScopeId, ScopeTransitionId, UserId},
    kind::{Kind, id, int, line, prose, word},
    platform::event::ActorKind,
    projects::{
        project::ProjectStatus,
        scope::Step,
        scope_transition::{Column, Entity, Model, ReturnReason},
    },
};

use crate::{
    domain::{
        policy::Action,
        verb::{Resource, Row},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "ScopeTransition";
    type Id = ScopeTransitionId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ScopeTransitionId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::ScopeId => leaf(id::<ScopeId>(), "The scope.").filter(),
        Column::Revision => leaf(int(2, i64::MAX), "The revision that began with it.").filter(),
        Column::FromStatus => leaf(word::<ProjectStatus>(), "Where the project stood before.").filter(),
        Column::FromStep => leaf(word::<Step>(), "The step that was worked on before; none when all were complete."),
        Column::ToStep => leaf(word::<Step>(), "The step that it went back to.").filter(),
        Column::Reason => leaf(word::<ReturnReason>(), "Why.").filter(),
        Column::Learning => leaf(prose(5000), "What was learnt: it goes on with this."),
        Column::ActorKind => leaf(word::<ActorKind>(), "Who did it: what they are."),
        Column::ActorId => leaf(line(1, 40), "Who did it: which of them."),
        Column::OccurredAt => leaf(Kind::Time, "When.").filter(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it goes with its project."),
        Column::OrganizationId => return None,
    })
}

/// The declaration. Going back writes it, and nothing changes it.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "ScopeTransition",
        "A return of a scope to an earlier step, with what was learnt (§9).",
        "str",
        Action::ViewScope,
        show,
    )
    .order("created_at", false)
    .one("scope", "scope_id", "Scope", "The scope.")
    .one("project", "project_id", "Project", "The project.");
    Resource { shape, plural: "scopeHistory", verbs: Vec::new() }
}

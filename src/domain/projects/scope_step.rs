//! The five steps of a scope, moved by its commands (§9).

use entity::{
    id::{ProjectId, ScopeId, ScopeStepId, UserId},
    kind::{Kind, id, int, word},
    projects::{
        scope::Step,
        scope_step::{Column, Entity, Model, StepState},
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
    const NAME: &'static str = "ScopeStep";
    type Id = ScopeStepId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ScopeStepId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::ScopeId => leaf(id::<ScopeId>(), "The scope.").filter(),
        Column::Step => leaf(word::<Step>(), "Which of the five.").filter(),
        Column::Place => leaf(int(1, 5), "Its place among them, from 1."),
        Column::State => leaf(word::<StepState>(), "Where it stands.").filter(),
        Column::OpenedAt => leaf(Kind::Time, "When it was last opened."),
        Column::CompletedAt => leaf(Kind::Time, "When it was last completed."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it goes with its project."),
        Column::OrganizationId => return None,
    })
}

/// The declaration. Steps are made with their scope, and moved by its commands.
#[must_use]
pub fn resource() -> Resource {
    let shape =
        Shape::new::<Entity>("ScopeStep", "One of the five steps of a scope (§9).", "sst", Action::ViewScope, show)
            .order("place", false)
            .one("scope", "scope_id", "Scope", "The scope.")
            .one("project", "project_id", "Project", "The project.");
    Resource { shape, plural: "scopeSteps", verbs: Vec::new() }
}

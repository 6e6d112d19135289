//! What could solve the problem: several ideas, of which one is selected (§9).

use entity::{
    id::{CandidateSolutionId, ProjectId, UserId},
    kind::{Kind, id, int, line, prose, word},
    object,
    projects::candidate_solution::{ActiveModel, CandidateStatus, Column, Entity, Model},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    part::{self, Part},
    project::at_work,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        state::{self, Move},
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

pub(super) const TITLE: Kind = line(1, 200);
pub(super) const APPROACH: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "CandidateSolution";
    type Id = CandidateSolutionId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

impl Part for Entity {
    fn project(row: &Model) -> ProjectId {
        row.project_id
    }
}

/// What moves a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Select,
    Discard,
    Reconsider,
}

/// The whole machine: the command, from where, to where.
const TABLE: &[Move<Command, CandidateStatus>] = {
    use CandidateStatus::{Discarded, Proposed, Selected};
    &[
        (Command::Select, "select", &[Proposed, Discarded], Selected),
        (Command::Discard, "discard", &[Proposed, Selected], Discarded),
        (Command::Reconsider, "reconsider", &[Selected, Discarded], Proposed),
    ]
};

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<CandidateSolutionId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::Title => leaf(TITLE, "What it is called."),
        Column::Approach => leaf(APPROACH, "How it would work."),
        Column::IsAi => leaf(Kind::Bool, "Whether it uses AI; it need not.").filter(),
        Column::Status => leaf(word::<CandidateStatus>(), "Where it stands; changed by commands only.").filter(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "CandidateSolution",
        "Something that could solve a project's problem, be it with AI or without (§9).",
        "csl",
        Action::ViewScope,
        show,
    )
    .order("created_at", false)
    .one("project", "project_id", "Project", "The project.")
    .many("feasibilityAssessments", "solution_id", "FeasibilityAssessment", "Whether it can be done: one at most.")
    .many("valueAssessments", "solution_id", "ValueAssessment", "Whether it is worth it: one at most.")
    .many("proofsOfConcept", "solution_id", "ProofOfConcept", "What is tried to find out.");
    Resource { shape, plural: "candidateSolutions", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditScope;
    vec![
        Verb::create(EditScope, "Propose a solution.", create),
        Verb::on::<Entity, _, _, _>("update", EditScope, "Change a solution.", update),
        part::delete::<Entity>("Delete a solution; it can be restored."),
        part::restore::<Entity>("Bring a deleted solution back."),
        Verb::on::<Entity, _, _, _>("select", EditScope, "Say that this is to be done.", |who, target, _: Nothing| {
            go(who, target, Command::Select, "selected")
        }),
        Verb::on::<Entity, _, _, _>(
            "discard",
            EditScope,
            "Say that this is not to be done.",
            |who, target, _: Nothing| go(who, target, Command::Discard, "discarded"),
        ),
        Verb::on::<Entity, _, _, _>(
            "reconsider",
            EditScope,
            "Make it an idea among others again.",
            |who, target, _: Nothing| go(who, target, Command::Reconsider, "reconsidered"),
        ),
    ]
}

object! {
    /// A solution to propose.
    NewCandidateSolution {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// What it is called.
        required title: String = TITLE,
        /// How it would work.
        optional approach: String = APPROACH,
        /// Whether it uses AI; it does, unless it is said.
        optional is_ai: bool = Kind::Bool,
    }
}

object! {
    /// Changes to a solution.
    CandidateSolutionPatch {
        /// What it is called.
        change title: String = TITLE,
        /// How it would work.
        clear approach: String = APPROACH,
        /// Whether it uses AI.
        change is_ai: bool = Kind::Bool,
        /// Changed by commands only: another value is refused with `USE_STATE_COMMAND`.
        change status: CandidateStatus = word::<CandidateStatus>(),
    }
}

async fn create(who: Caller, new: NewCandidateSolution) -> Result<Done> {
    let mut tx = who.begin().await?;
    let project = at_work(&tx, new.project_id, "/projectId").await?;
    part::one_more::<Entity>(&tx, project.id).await?;
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            owner_id: Set(project.owner_id),
            title: Set(new.title),
            approach: Set(new.approach),
            is_ai: Set(new.is_ai.unwrap_or(true)),
            status: Set(CandidateStatus::Proposed),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &row, json!({ "projectId": project.id }))?;
    tx.made(&row).await
}

async fn update(who: Caller, target: Target<CandidateSolutionId>, patch: CandidateSolutionPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = part::found::<Entity>(&tx, &target).await?;
    if patch.status.is_some_and(|status| status != was.status) {
        let says = "The status is changed by select, discard and reconsider.";
        return Err(Error::field(Code::UseStateCommand, "/status", says));
    }
    let title = patch.title.unwrap_or_else(|| was.title.clone());
    let approach = patch.approach.over(was.approach.clone());
    let is_ai = patch.is_ai.unwrap_or(was.is_ai);
    let after = tx
        .change::<Entity>(was, |row| {
            row.title.set_if_not_equals(title);
            row.approach.set_if_not_equals(approach);
            row.is_ai.set_if_not_equals(is_ai);
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    tx.done(&after.row).await
}

async fn go(who: Caller, target: Target<CandidateSolutionId>, command: Command, what: &'static str) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = part::found::<Entity>(&tx, &target).await?;
    let (from, to) = (was.status, state::after("a candidate", TABLE, was.status, command)?);
    let after = tx.change::<Entity>(was, |row| row.status.set_if_not_equals(to)).await?;
    tx.record(what, &after.row, json!({ "from": from, "to": to }))?;
    tx.done(&after.row).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }
}

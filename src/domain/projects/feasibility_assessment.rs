//! Whether a candidate can be done, and what shows it (§9).

use entity::{
    id::{CandidateSolutionId, FeasibilityAssessmentId, ProjectId, UserId},
    kind::{Declared as _, Kind, id, int, list, word},
    object,
    projects::{
        candidate_solution,
        feasibility_assessment::{ActiveModel, Column, Entity, FeasibilityEvidence, FeasibilityVerdict, Model},
    },
    vocabulary::Json,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    part::{self, Part},
    project::of_part,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const ONE: Kind = Kind::Object(FeasibilityEvidence::object);
/// How much evidence one holds.
pub(super) const EVIDENCE_MOST: usize = 50;
pub(super) const EVIDENCE: Kind = list(&ONE, EVIDENCE_MOST);

impl Row for Entity {
    const NAME: &'static str = "FeasibilityAssessment";
    type Id = FeasibilityAssessmentId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

impl Part for Entity {
    const EDIT: Action = Action::EditAssessment;

    fn project(row: &Model) -> ProjectId {
        row.project_id
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<FeasibilityAssessmentId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::SolutionId => leaf(id::<CandidateSolutionId>(), "The candidate.").filter(),
        Column::Verdict => leaf(
            word::<FeasibilityVerdict>(),
            "Whether it can be done; `FEASIBLE` needs evidence before the step is complete.",
        )
        .filter(),
        Column::Evidence => leaf(EVIDENCE, "What shows it."),
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
        "FeasibilityAssessment",
        "Whether a candidate can be done, and what shows it (§9).",
        "fea",
        Action::ViewAssessment,
        show,
    )
    .order("created_at", false)
    .one("project", "project_id", "Project", "The project.")
    .one("solution", "solution_id", "CandidateSolution", "The candidate.");
    let verbs = vec![
        Verb::create(Action::EditScope, "Say whether a candidate can be done.", create),
        Verb::on::<Entity, _, _, _>(
            "update",
            Action::EditAssessment,
            "Change what was said about whether it can be done.",
            update,
        ),
        part::delete::<Entity>("Delete an assessment; it can be restored."),
        part::restore::<Entity>("Bring a deleted assessment back."),
    ];
    Resource { shape, plural: "feasibilityAssessments", verbs }
}

object! {
    /// Whether a candidate can be done.
    NewFeasibilityAssessment {
        /// The candidate; each has one at most.
        required solution_id: CandidateSolutionId = id::<CandidateSolutionId>(),
        /// Whether it can be done; `FEASIBLE` needs evidence before the step is complete.
        required verdict: FeasibilityVerdict = word::<FeasibilityVerdict>(),
        /// What shows it.
        optional evidence: Vec<FeasibilityEvidence> = EVIDENCE,
    }
}

object! {
    /// Changes to an assessment.
    FeasibilityAssessmentPatch {
        /// Whether it can be done; `FEASIBLE` needs evidence before the step is complete.
        change verdict: FeasibilityVerdict = word::<FeasibilityVerdict>(),
        /// What shows it, in place of what did.
        change evidence: Vec<FeasibilityEvidence> = EVIDENCE,
    }
}

async fn create(who: Caller, new: NewFeasibilityAssessment) -> Result<Done> {
    let mut tx = who.begin().await?;
    let solution = tx.refer_to::<candidate_solution::Entity>(new.solution_id, Action::EditScope, "/solutionId").await?;
    of_part(&tx, solution.project_id).await?;
    let row = add(&tx, &solution, new.verdict, new.evidence.unwrap_or_default()).await?;
    tx.record("created", &row, json!({ "solutionId": solution.id, "verdict": row.verdict }))?;
    tx.made(&row).await
}

/// Adds an assessment of a candidate.
pub(super) async fn add(
    tx: &Tx,
    solution: &candidate_solution::Model,
    verdict: FeasibilityVerdict,
    evidence: Vec<FeasibilityEvidence>,
) -> Result<Model> {
    tx.insert::<Entity>(ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(solution.organization_id),
        project_id: Set(solution.project_id),
        owner_id: Set(solution.owner_id),
        solution_id: Set(solution.id),
        verdict: Set(verdict),
        evidence: Set(Json(evidence)),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    })
    .await
}

async fn update(
    who: Caller,
    target: Target<FeasibilityAssessmentId>,
    patch: FeasibilityAssessmentPatch,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = part::found::<Entity>(&tx, &target).await?;
    let verdict = patch.verdict.unwrap_or(was.verdict);
    let evidence = patch.evidence.unwrap_or_else(|| was.evidence.0.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.verdict.set_if_not_equals(verdict);
            row.evidence.set_if_not_equals(Json(evidence));
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({ "solutionId": after.row.solution_id, "verdict": verdict }))?;
    }
    tx.done(&after.row).await
}

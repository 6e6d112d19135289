//! Proofs of concept: a question that a trial answers in so many days, whose result is evidence of feasibility (§9).

use entity::{
    id::{CandidateSolutionId, ProjectId, ProofOfConceptId, UserId},
    kind::{Form, Kind, id, int, prose, text, word},
    object,
    projects::{
        candidate_solution,
        feasibility_assessment::{self, FeasibilityEvidence, FeasibilityEvidenceKind, FeasibilityVerdict},
        proof_of_concept::{ActiveModel, Column, Entity, Model, ProofOfConceptStatus},
    },
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    feasibility_assessment::{EVIDENCE_MOST, add},
    part::{self, Part},
    project::of_part,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::Result,
        policy::Action,
        state::{self, Move},
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

pub(super) const QUESTION: Kind = prose(2000);
pub(super) const DAYS: Kind = int(1, 365);
pub(super) const FINDING: Kind = prose(5000);
pub(super) const URL: Kind = text(Form::Url, 8, 2000);

impl Row for Entity {
    const NAME: &'static str = "ProofOfConcept";
    type Id = ProofOfConceptId;

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

/// What moves a proof of concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Report,
    Cancel,
}

/// The whole machine: the command, from where, to where.
const TABLE: &[Move<Command, ProofOfConceptStatus>] = &[
    (Command::Report, "report", &[ProofOfConceptStatus::Requested], ProofOfConceptStatus::Reported),
    (Command::Cancel, "cancel", &[ProofOfConceptStatus::Requested], ProofOfConceptStatus::Cancelled),
];

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ProofOfConceptId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::SolutionId => leaf(id::<CandidateSolutionId>(), "The candidate.").filter(),
        Column::Question => leaf(QUESTION, "What it is to show."),
        Column::TimeboxDays => leaf(DAYS, "How many days it may take."),
        Column::Status => leaf(word::<ProofOfConceptStatus>(), "Where it stands; changed by commands only.").filter(),
        Column::Outcome => leaf(word::<FeasibilityVerdict>(), "What it showed.").filter(),
        Column::Finding => leaf(FINDING, "What was found."),
        Column::Url => leaf(URL, "Where it is to be read."),
        Column::ReportedAt => leaf(Kind::Time, "When its result was reported.").filter(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was asked for.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "ProofOfConcept",
        "A question about a candidate that a trial answers in so many days (§9).",
        "poc",
        Action::ViewAssessment,
        show,
    )
    .order("created_at", false)
    .one("project", "project_id", "Project", "The project.")
    .one("solution", "solution_id", "CandidateSolution", "The candidate.");
    Resource { shape, plural: "proofsOfConcept", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{EditAssessment, EditScope};
    vec![
        Verb::on_collection("request", EditScope, "Ask for a trial that answers a question in so many days.", request),
        Verb::on::<Entity, _, _, _>(
            "report",
            EditAssessment,
            "Say what a trial showed: it becomes evidence of the candidate's feasibility, and its outcome the verdict.",
            report,
        ),
        Verb::on::<Entity, _, _, _>("cancel", EditAssessment, "Say that nobody needs the answer any more.", cancel),
        part::delete::<Entity>("Delete a proof of concept; it can be restored. Its evidence stays."),
        part::restore::<Entity>("Bring a deleted proof of concept back."),
    ]
}

object! {
    /// A trial to ask for.
    NewProofOfConcept {
        /// The candidate.
        required solution_id: CandidateSolutionId = id::<CandidateSolutionId>(),
        /// What it is to show.
        required question: String = QUESTION,
        /// How many days it may take.
        required timebox_days: i64 = DAYS,
    }
}

object! {
    /// What a trial showed.
    ProofOfConceptResult {
        /// Whether the candidate can be done, as far as the trial shows.
        required outcome: FeasibilityVerdict = word::<FeasibilityVerdict>(),
        /// What was found.
        required finding: String = FINDING,
        /// Where it is to be read.
        optional url: String = URL,
    }
}

async fn request(who: Caller, new: NewProofOfConcept) -> Result<Done> {
    let mut tx = who.begin().await?;
    let solution = tx.refer_to::<candidate_solution::Entity>(new.solution_id, Action::EditScope, "/solutionId").await?;
    part::one_more::<Entity>(&tx, solution.project_id).await?;
    of_part(&tx, solution.project_id).await?;
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(solution.organization_id),
            project_id: Set(solution.project_id),
            owner_id: Set(solution.owner_id),
            solution_id: Set(solution.id),
            question: Set(new.question),
            timebox_days: Set(new.timebox_days),
            status: Set(ProofOfConceptStatus::Requested),
            outcome: Set(None),
            finding: Set(None),
            url: Set(None),
            reported_at: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("requested", &row, json!({ "solutionId": solution.id, "timeboxDays": row.timebox_days }))?;
    tx.made(&row).await
}

async fn report(who: Caller, target: Target<ProofOfConceptId>, result: ProofOfConceptResult) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = part::found::<Entity>(&tx, &target).await?;
    let status = state::after("a proof of concept", TABLE, was.status, Command::Report)?;
    let solution = tx.find::<candidate_solution::Entity>(was.solution_id, Action::EditScope).await?;
    attach(&mut tx, &solution, &result).await?;
    let now = tx.now;
    let after = tx
        .change::<Entity>(was, |row| {
            row.status = Set(status);
            row.outcome = Set(Some(result.outcome));
            row.finding = Set(Some(result.finding));
            row.url = Set(result.url);
            row.reported_at = Set(Some(now));
        })
        .await?;
    tx.record("reported", &after.row, json!({ "solutionId": solution.id, "outcome": result.outcome }))?;
    tx.done(&after.row).await
}

/// Puts a result among the evidence of the candidate's feasibility.
async fn attach(tx: &mut Tx, solution: &candidate_solution::Model, result: &ProofOfConceptResult) -> Result<()> {
    use feasibility_assessment::{Column, Entity as Assessment};
    let evidence = FeasibilityEvidence {
        kind: FeasibilityEvidenceKind::ProofOfConcept,
        url: result.url.clone(),
        finding: result.finding.clone(),
    };
    let known = Assessment::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::SolutionId.eq(solution.id))
        .filter(Column::DeletedAt.is_null());
    let (row, what) = match known.one(&tx.db).await? {
        None => (add(tx, solution, result.outcome, vec![evidence]).await?, "created"),
        Some(was) => {
            let mut all = was.evidence.0.clone();
            if all.len() >= EVIDENCE_MOST {
                all.remove(0);
            }
            all.push(evidence);
            let after = tx
                .change::<Assessment>(was, |row| {
                    row.evidence = Set(Json(all));
                    row.verdict.set_if_not_equals(result.outcome);
                })
                .await?;
            (after.row, "updated")
        }
    };
    tx.record(what, &row, json!({ "solutionId": solution.id, "verdict": row.verdict }))
}

async fn cancel(who: Caller, target: Target<ProofOfConceptId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = part::found::<Entity>(&tx, &target).await?;
    let status = state::after("a proof of concept", TABLE, was.status, Command::Cancel)?;
    let after = tx.change::<Entity>(was, |row| row.status = Set(status)).await?;
    tx.record("cancelled", &after.row, json!({ "solutionId": after.row.solution_id }))?;
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

//! Writing a project as a document.

mod plan;

use std::collections::HashMap;

use entity::{
    id::{CandidateSolutionId, UserId},
    projects::{candidate_solution, expert_consultation, project_member, proof_of_concept, scope_transition},
};
use sea_orm::FromQueryResult;
use serde_json::Value;
use uuid::Uuid;

use super::{
    Names, Whole,
    document::{
        FORMAT, Moment, ProjectDocument, ProjectPart, VERSION, moment,
        people::{ObstaclePart, ProjectMemberPart, SelectionChecklistPart},
        scope::{
            CandidateSolutionPart, ExpertConsultationPart, FeasibilityAssessmentPart, ProofOfConceptPart, ScopePart,
            ScopeRevisionPart, ScopeStepPart, ScopeTransitionPart, ValueAssessmentPart,
        },
    },
};
use crate::{
    domain::{
        error::{Error, Result},
        external::ExternalRef,
        learning::exchange::plan_document::CompetencyName,
        look::Look,
        projects::selection_checklist::{ChecklistGrowth, ChecklistSteppingStone},
    },
    read::{shape::shape, sql::Arg},
};

/// What a document says besides the rows of a project.
struct Beside {
    names: Names,
    refs: HashMap<Uuid, Vec<ExternalRef>>,
    competencies: HashMap<Uuid, CompetencyName>,
}

/// Writes a project that the caller sees.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn write(look: &Look, whole: Whole) -> Result<ProjectDocument> {
    let mut beside = Beside {
        names: Names::of(look, whole.people(), whole.contacts()).await?,
        refs: whole.refs(look).await?,
        competencies: competencies(look, &whole).await?,
    };
    let checklist = whole.checklist.as_ref().map(|one| SelectionChecklistPart {
        growth: ChecklistGrowth { stretch: one.stretch, success_likelihood: one.success_likelihood },
        people: one.people.0.clone(),
        stepping_stone: ChecklistSteppingStone {
            technical_complexity: one.technical_complexity,
            business_impact: one.business_impact,
        },
    });
    Ok(ProjectDocument {
        format: FORMAT.to_owned(),
        version: VERSION,
        project: beside.project(&whole),
        members: whole.members.iter().map(|one| beside.member(one)).collect(),
        scope: beside.scope(&whole)?,
        milestones: beside.milestones(&whole),
        budget: beside.budget(&whole),
        obstacles: whole
            .obstacles
            .iter()
            .map(|one| ObstaclePart {
                person: beside.names.person(one.user_id),
                competency: beside.competencies.get(&one.competency_id.0).cloned().unwrap_or(CompetencyName {
                    id: Some(one.competency_id),
                    framework: None,
                    code: None,
                }),
                note: one.note.clone(),
                recorded_at: Moment(one.created_at),
            })
            .collect(),
        checklist,
    })
}

impl Beside {
    /// The names that other systems have for something; none is an empty list.
    fn refs(&mut self, id: Uuid) -> Vec<ExternalRef> {
        self.refs.remove(&id).unwrap_or_default()
    }

    fn project(&mut self, whole: &Whole) -> ProjectPart {
        let project = whole.project.clone();
        ProjectPart {
            title: project.title,
            summary: project.summary,
            kind: project.kind,
            status: project.status,
            domain: project.domain,
            application_area: project.application_area,
            due_on: project.due_on,
            started_at: moment(project.started_at),
            ended_at: moment(project.ended_at),
            end_note: project.end_note,
            external_refs: Some(self.refs(project.id.0)),
            created_at: Some(Moment(project.created_at)),
        }
    }

    fn member(&self, one: &project_member::Model) -> ProjectMemberPart {
        ProjectMemberPart {
            person: one.user_id.map(|id| self.names.person(id)),
            contact: one.contact_id.map(|id| self.names.contact(id)),
            role: one.role,
            joined_at: Moment(one.joined_at),
        }
    }

    fn scope(&self, whole: &Whole) -> Result<ScopePart> {
        let scope = &whole.scope;
        let revision = |one: &entity::projects::scope_revision::Model| {
            let document: Value = serde_json::from_str(&one.document).map_err(Error::internal)?;
            Ok(ScopeRevisionPart { revision: one.revision, kept_at: Moment(one.created_at), document })
        };
        Ok(ScopePart {
            revision: scope.revision,
            problem: scope.problem.clone().map(|problem| problem.0),
            expert_waiver_reason: scope.expert_waiver_reason.clone(),
            single_idea_reason: scope.single_idea_reason.clone(),
            steps: whole
                .steps
                .iter()
                .map(|one| ScopeStepPart {
                    step: one.step,
                    state: one.state,
                    opened_at: moment(one.opened_at),
                    completed_at: moment(one.completed_at),
                })
                .collect(),
            consultations: whole.consultations.iter().map(|one| self.consultation(one)).collect(),
            solutions: whole.solutions.iter().map(|one| solution(whole, one)).collect(),
            transitions: whole.transitions.iter().map(|one| self.transition(one)).collect(),
            revisions: whole.revisions.iter().map(revision).collect::<Result<_>>()?,
        })
    }

    fn consultation(&self, one: &expert_consultation::Model) -> ExpertConsultationPart {
        ExpertConsultationPart {
            id: Some(one.id),
            contact: one.contact_id.map(|id| self.names.contact(id)),
            expert: one.expert.clone(),
            held_at: Moment(one.held_at),
            pain_points: one.pain_points.0.clone(),
            note: one.note.clone(),
        }
    }

    fn transition(&self, one: &scope_transition::Model) -> ScopeTransitionPart {
        let actor = one.actor_id.as_deref().and_then(|id| id.parse::<UserId>().ok());
        ScopeTransitionPart {
            revision: one.revision,
            from_status: one.from_status,
            from_step: one.from_step,
            to_step: one.to_step,
            reason: one.reason,
            learning: one.learning.clone(),
            actor_kind: one.actor_kind,
            actor: actor.map(|id| self.names.person(id)),
            occurred_at: Moment(one.occurred_at),
        }
    }
}

/// A candidate, with what was found out about it.
fn solution(whole: &Whole, one: &candidate_solution::Model) -> CandidateSolutionPart {
    let of_it = |id: CandidateSolutionId| id == one.id;
    let feasibility = whole.feasibility.iter().find(|row| of_it(row.solution_id));
    let value = whole.value.iter().find(|row| of_it(row.solution_id));
    CandidateSolutionPart {
        id: Some(one.id),
        title: one.title.clone(),
        approach: one.approach.clone(),
        is_ai: one.is_ai,
        status: one.status,
        feasibility: feasibility.map(|row| FeasibilityAssessmentPart {
            id: Some(row.id),
            verdict: row.verdict,
            evidence: row.evidence.0.clone(),
        }),
        value: value.map(|row| ValueAssessmentPart {
            id: Some(row.id),
            verdict: row.verdict,
            evidence: row.evidence.0.clone(),
        }),
        proofs_of_concept: whole.trials.iter().filter(|row| of_it(row.solution_id)).map(trial).collect(),
    }
}

fn trial(one: &proof_of_concept::Model) -> ProofOfConceptPart {
    ProofOfConceptPart {
        id: Some(one.id),
        question: one.question.clone(),
        timebox_days: one.timebox_days,
        status: one.status,
        outcome: one.outcome,
        finding: one.finding.clone(),
        url: one.url.clone(),
        requested_at: Moment(one.created_at),
        reported_at: moment(one.reported_at),
    }
}

#[derive(FromQueryResult)]
struct Named {
    id: entity::id::CompetencyId,
    code: String,
    short_name: String,
}

/// The names of what the obstacles are about, as far as the caller may know them.
async fn competencies(look: &Look, whole: &Whole) -> Result<HashMap<Uuid, CompetencyName>> {
    let ids = whole.obstacles.iter().map(|one| one.competency_id.0).collect();
    let mut sql = look.sql();
    sql.push("SELECT c.id, c.code, f.short_name FROM \"competency\" c ");
    sql.push("JOIN \"competency_framework\" f ON f.id = c.framework_id WHERE ").column("c", "id");
    sql.among(Arg::Uuids(ids)).push(" AND ").visible(shape("CompetencyFramework"), "f", &look.who);
    let rows: Vec<Named> = look.rows(&sql).await?;
    let name = |row: Named| {
        let name = CompetencyName { id: Some(row.id), framework: Some(row.short_name), code: Some(row.code) };
        (row.id.0, name)
    };
    Ok(rows.into_iter().map(name).collect())
}

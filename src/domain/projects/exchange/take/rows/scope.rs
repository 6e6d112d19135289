//! The rows of what a project sets out to do.

use entity::{
    id::{
        CandidateSolutionId, ExpertConsultationId, FeasibilityAssessmentId, ProofOfConceptId, ScopeStepId,
        ValueAssessmentId,
    },
    projects::{
        candidate_solution, expert_consultation, feasibility_assessment, proof_of_concept, scope, scope_revision,
        scope_step, scope_transition, value_assessment,
    },
    vocabulary::Json,
};

use super::{
    super::{
        super::{
            document::scope::{
                CandidateSolutionPart, ExpertConsultationPart, FeasibilityAssessmentPart, ProofOfConceptPart,
                ScopePart, ScopeStepPart, ValueAssessmentPart,
            },
            renamed::in_order,
        },
        outside::Outside,
    },
    Base, Gathered, history, when,
};
use crate::domain::{
    clock,
    error::Result,
    learning::exchange::notes::Notes,
    projects::{expert_consultation::ranked, scope::machine::At},
};

/// The rows of a scope.
#[derive(Debug)]
pub(super) struct ScopeRows {
    pub(super) scope: scope::Model,
    pub(super) steps: Vec<scope_step::Model>,
    pub(super) consultations: Vec<expert_consultation::Model>,
    pub(super) solutions: Vec<candidate_solution::Model>,
    pub(super) feasibility: Vec<feasibility_assessment::Model>,
    pub(super) value: Vec<value_assessment::Model>,
    pub(super) trials: Vec<proof_of_concept::Model>,
    pub(super) transitions: Vec<scope_transition::Model>,
    pub(super) revisions: Vec<scope_revision::Model>,
}

/// Makes them. What was before comes last: by then it is known what became of everything else.
pub(super) fn of(
    base: &Base,
    part: ScopePart,
    at: At,
    outside: &Outside,
    notes: &mut Notes,
    gathered: &mut Gathered,
) -> Result<ScopeRows> {
    let mut rows = ScopeRows {
        scope: scope::Model {
            id: base.scope,
            organization_id: base.organization,
            project_id: base.project,
            owner_id: base.owner,
            revision: part.revision,
            current_step: at.current(),
            problem: part.problem.map(Json),
            expert_waiver_reason: part.expert_waiver_reason,
            single_idea_reason: part.single_idea_reason,
            version: 1,
            created_at: base.now,
            updated_at: base.now,
            deleted_at: None,
        },
        steps: part
            .steps
            .iter()
            .zip(in_order(5))
            .zip(1..)
            .map(|((one, id), place)| step(base, id, place, one))
            .collect(),
        consultations: Vec::new(),
        solutions: Vec::new(),
        feasibility: Vec::new(),
        value: Vec::new(),
        trials: Vec::new(),
        transitions: history::transitions(base, part.transitions, outside, notes),
        revisions: Vec::new(),
    };
    let ids = in_order(part.consultations.len());
    for ((place, one), id) in part.consultations.into_iter().enumerate().zip(ids) {
        gathered.renamed.remember(one.id, id);
        let at = format!("/scope/consultations/{place}");
        rows.consultations.push(consultation(base, id, one, &at, outside, notes)?);
    }
    let ids = in_order(part.solutions.len());
    for ((place, one), id) in part.solutions.into_iter().enumerate().zip(ids) {
        gathered.renamed.remember(one.id, id);
        rows.solution(base, id, one, &format!("/scope/solutions/{place}"), outside, notes, gathered);
    }
    let ids = in_order(part.revisions.len());
    rows.revisions = part
        .revisions
        .into_iter()
        .zip(ids)
        .map(|(one, id)| history::revision(base, id, one, outside, gathered))
        .collect();
    Ok(rows)
}

fn step(base: &Base, id: ScopeStepId, place: i64, part: &ScopeStepPart) -> scope_step::Model {
    scope_step::Model {
        id,
        organization_id: base.organization,
        project_id: base.project,
        owner_id: base.owner,
        scope_id: base.scope,
        step: part.step,
        place,
        state: part.state,
        opened_at: when(part.opened_at),
        completed_at: when(part.completed_at),
        version: 1,
        created_at: base.now,
        updated_at: base.now,
        deleted_at: None,
    }
}

fn consultation(
    base: &Base,
    id: ExpertConsultationId,
    part: ExpertConsultationPart,
    at: &str,
    outside: &Outside,
    notes: &mut Notes,
) -> Result<expert_consultation::Model> {
    let (contact, name) = part.contact.map_or((None, None), |one| (one.id, one.name));
    let contact_id = outside.contact(contact, &format!("{at}/contact"), notes);
    Ok(expert_consultation::Model {
        id,
        organization_id: base.organization,
        project_id: base.project,
        owner_id: base.owner,
        contact_id,
        // Who is no contact here was asked all the same.
        expert: part.expert.or_else(|| name.filter(|_| contact_id.is_none())),
        held_at: part.held_at.0,
        pain_points: Json(ranked(part.pain_points)?),
        note: part.note,
        version: 1,
        created_at: base.now,
        updated_at: base.now,
        deleted_at: None,
    })
}

impl ScopeRows {
    /// A candidate, with what was found out about it.
    #[expect(clippy::too_many_arguments, reason = "what becomes of its evidence is noted, and its ids are remembered")]
    fn solution(
        &mut self,
        base: &Base,
        id: CandidateSolutionId,
        part: CandidateSolutionPart,
        at: &str,
        outside: &Outside,
        notes: &mut Notes,
        gathered: &mut Gathered,
    ) {
        self.solutions.push(candidate_solution::Model {
            id,
            organization_id: base.organization,
            project_id: base.project,
            owner_id: base.owner,
            title: part.title,
            approach: part.approach,
            is_ai: part.is_ai,
            status: part.status,
            version: 1,
            created_at: base.now,
            updated_at: base.now,
            deleted_at: None,
        });
        self.feasibility.extend(part.feasibility.map(|one| {
            let row = clock::new_id();
            gathered.renamed.remember(one.id, row);
            feasible(base, row, id, one)
        }));
        self.value.extend(part.value.map(|one| {
            let row = clock::new_id();
            gathered.renamed.remember(one.id, row);
            valued(base, row, id, one, at, outside, notes)
        }));
        let ids = in_order(part.proofs_of_concept.len());
        self.trials.extend(part.proofs_of_concept.into_iter().zip(ids).map(|(one, row)| {
            gathered.renamed.remember(one.id, row);
            trial(base, row, id, one)
        }));
    }
}

fn feasible(
    base: &Base,
    id: FeasibilityAssessmentId,
    solution: CandidateSolutionId,
    part: FeasibilityAssessmentPart,
) -> feasibility_assessment::Model {
    feasibility_assessment::Model {
        id,
        organization_id: base.organization,
        project_id: base.project,
        owner_id: base.owner,
        solution_id: solution,
        verdict: part.verdict,
        evidence: Json(part.evidence),
        version: 1,
        created_at: base.now,
        updated_at: base.now,
        deleted_at: None,
    }
}

fn valued(
    base: &Base,
    id: ValueAssessmentId,
    solution: CandidateSolutionId,
    mut part: ValueAssessmentPart,
    at: &str,
    outside: &Outside,
    notes: &mut Notes,
) -> value_assessment::Model {
    for (place, one) in part.evidence.iter_mut().enumerate() {
        one.contact_id = outside.contact(one.contact_id, &format!("{at}/value/evidence/{place}/contactId"), notes);
    }
    value_assessment::Model {
        id,
        organization_id: base.organization,
        project_id: base.project,
        owner_id: base.owner,
        solution_id: solution,
        verdict: part.verdict,
        evidence: Json(part.evidence),
        version: 1,
        created_at: base.now,
        updated_at: base.now,
        deleted_at: None,
    }
}

fn trial(
    base: &Base,
    id: ProofOfConceptId,
    solution: CandidateSolutionId,
    part: ProofOfConceptPart,
) -> proof_of_concept::Model {
    proof_of_concept::Model {
        id,
        organization_id: base.organization,
        project_id: base.project,
        owner_id: base.owner,
        solution_id: solution,
        question: part.question,
        timebox_days: part.timebox_days,
        status: part.status,
        outcome: part.outcome,
        finding: part.finding,
        url: part.url,
        reported_at: when(part.reported_at),
        version: 1,
        // When it was made is when it was asked for.
        created_at: part.requested_at.0,
        updated_at: base.now,
        deleted_at: None,
    }
}

//! What a project sets out to do: its five steps, what is in the first three, and what it was before it went back.

use entity::{
    id::{CandidateSolutionId, ExpertConsultationId, FeasibilityAssessmentId, ProofOfConceptId, ValueAssessmentId},
    kind::{Declared as _, Kind, id, int, list, prose, word},
    object,
    platform::event::ActorKind,
    projects::{
        candidate_solution::CandidateStatus,
        expert_consultation::PainPoint,
        feasibility_assessment::{FeasibilityEvidence, FeasibilityVerdict},
        project::ProjectStatus,
        proof_of_concept::ProofOfConceptStatus,
        scope::{ProblemStatement, Step},
        scope_step::StepState,
        scope_transition::ReturnReason,
        value_assessment::{ValueEvidence, ValueVerdict},
    },
};
use serde::Serialize;
use serde_json::Value;

use super::{
    MOST, Moment,
    people::{CONTACT, ContactName, PERSON, PersonName},
};
use crate::domain::projects::{
    candidate_solution, expert_consultation as consultation, feasibility_assessment, proof_of_concept as poc, scope,
    value_assessment,
};

const STEP: Kind = Kind::Object(ScopeStepPart::object);
const CONSULTATION: Kind = Kind::Object(ExpertConsultationPart::object);
const SOLUTION: Kind = Kind::Object(CandidateSolutionPart::object);
const FEASIBILITY: Kind = Kind::Object(FeasibilityAssessmentPart::object);
const VALUE: Kind = Kind::Object(ValueAssessmentPart::object);
const TRIAL: Kind = Kind::Object(ProofOfConceptPart::object);
const TRANSITION: Kind = Kind::Object(ScopeTransitionPart::object);
const REVISION: Kind = Kind::Object(ScopeRevisionPart::object);

object! {
    /// What a project sets out to do, worked out in five steps.
    #[derive(Serialize)]
    ScopePart {
        /// Counts how often it was begun: one more than there are transitions, and than there are revisions.
        required revision: i64 = int(1, 1_000_000),
        /// What the problem is (step 1).
        optional problem: ProblemStatement = scope::PROBLEM,
        /// Why no expert of the business was asked (step 1).
        optional expert_waiver_reason: String = scope::REASON,
        /// Why one idea is enough (step 2).
        optional single_idea_reason: String = scope::REASON,
        /// Its five steps, in their order.
        required steps: Vec<ScopeStepPart> = Kind::List { of: &STEP, min: 5, max: 5 },
        /// Who was asked, and what hurts (step 1).
        required consultations: Vec<ExpertConsultationPart> = list(&CONSULTATION, MOST),
        /// What could solve the problem (step 2), whether it can be done and is worth it (step 3).
        required solutions: Vec<CandidateSolutionPart> = list(&SOLUTION, MOST),
        /// When it went back, and why: the first one began revision 2.
        required transitions: Vec<ScopeTransitionPart> = list(&TRANSITION, MOST),
        /// What it was before it went back, from revision 1.
        required revisions: Vec<ScopeRevisionPart> = list(&REVISION, MOST),
    }
}

object! {
    /// One of the five steps.
    #[derive(Serialize)]
    ScopeStepPart {
        /// Which.
        required step: Step = word::<Step>(),
        /// Where it stands.
        required state: StepState = word::<StepState>(),
        /// When it was last opened.
        optional opened_at: Moment = Kind::Time,
        /// When it was last completed.
        optional completed_at: Moment = Kind::Time,
    }
}

object! {
    /// A talk with somebody who knows the business.
    #[derive(Serialize)]
    ExpertConsultationPart {
        /// Which, for earlier revisions.
        optional id: ExpertConsultationId = id::<ExpertConsultationId>(),
        /// The contact who was asked.
        optional contact: ContactName = CONTACT,
        /// Who was asked, in a line.
        optional expert: String = consultation::EXPERT,
        /// When.
        required held_at: Moment = Kind::Time,
        /// What hurts: three wishes at most, each of another rank.
        required pain_points: Vec<PainPoint> = consultation::PAIN_POINTS,
        /// Notes.
        optional note: String = consultation::NOTE,
    }
}

object! {
    /// Something that could solve the problem.
    #[derive(Serialize)]
    CandidateSolutionPart {
        /// Which, for earlier revisions.
        optional id: CandidateSolutionId = id::<CandidateSolutionId>(),
        /// What it is called.
        required title: String = candidate_solution::TITLE,
        /// How it would work.
        optional approach: String = candidate_solution::APPROACH,
        /// Whether it uses AI.
        required is_ai: bool = Kind::Bool,
        /// Where it stands.
        required status: CandidateStatus = word::<CandidateStatus>(),
        /// Whether it can be done.
        optional feasibility: FeasibilityAssessmentPart = FEASIBILITY,
        /// Whether it is worth it.
        optional value: ValueAssessmentPart = VALUE,
        /// What is tried to find out.
        required proofs_of_concept: Vec<ProofOfConceptPart> = list(&TRIAL, MOST),
    }
}

object! {
    /// Whether a candidate can be done, and what shows it.
    #[derive(Serialize)]
    FeasibilityAssessmentPart {
        /// Which, for earlier revisions.
        optional id: FeasibilityAssessmentId = id::<FeasibilityAssessmentId>(),
        /// Whether it can be done.
        required verdict: FeasibilityVerdict = word::<FeasibilityVerdict>(),
        /// What shows it.
        required evidence: Vec<FeasibilityEvidence> = feasibility_assessment::EVIDENCE,
    }
}

object! {
    /// Whether a candidate is worth it, and who says so.
    #[derive(Serialize)]
    ValueAssessmentPart {
        /// Which, for earlier revisions.
        optional id: ValueAssessmentId = id::<ValueAssessmentId>(),
        /// How much it is worth.
        required verdict: ValueVerdict = word::<ValueVerdict>(),
        /// What shows it.
        required evidence: Vec<ValueEvidence> = value_assessment::EVIDENCE,
    }
}

object! {
    /// A question about a candidate that a trial answers in so many days.
    #[derive(Serialize)]
    ProofOfConceptPart {
        /// Which, for earlier revisions.
        optional id: ProofOfConceptId = id::<ProofOfConceptId>(),
        /// What it is to show.
        required question: String = poc::QUESTION,
        /// How many days it may take.
        required timebox_days: i64 = poc::DAYS,
        /// Where it stands.
        required status: ProofOfConceptStatus = word::<ProofOfConceptStatus>(),
        /// What it showed: of what was reported.
        optional outcome: FeasibilityVerdict = word::<FeasibilityVerdict>(),
        /// What was found: of what was reported.
        optional finding: String = poc::FINDING,
        /// Where it is to be read.
        optional url: String = poc::URL,
        /// When it was asked for.
        required requested_at: Moment = Kind::Time,
        /// When its result was reported.
        optional reported_at: Moment = Kind::Time,
    }
}

object! {
    /// A return of a scope to an earlier step, with what was learnt.
    #[derive(Serialize)]
    ScopeTransitionPart {
        /// The revision that began with it.
        required revision: i64 = int(2, 1_000_000),
        /// Where the project stood before.
        required from_status: ProjectStatus = word::<ProjectStatus>(),
        /// The step that was worked on before; none when all were complete.
        optional from_step: Step = word::<Step>(),
        /// The step that it went back to.
        required to_step: Step = word::<Step>(),
        /// Why.
        required reason: ReturnReason = word::<ReturnReason>(),
        /// What was learnt.
        required learning: String = prose(5000),
        /// Who did it: what they are.
        required actor_kind: ActorKind = word::<ActorKind>(),
        /// Who did it, when it was a person.
        optional actor: PersonName = PERSON,
        /// When.
        required occurred_at: Moment = Kind::Time,
    }
}

object! {
    /// A scope as it was before it went back.
    #[derive(Serialize)]
    ScopeRevisionPart {
        /// Which revision.
        required revision: i64 = int(1, 1_000_000),
        /// When it was kept.
        required kept_at: Moment = Kind::Time,
        /// All that was in it, as `scopeAtRevision` tells it.
        required document: Value = Kind::Json,
    }
}

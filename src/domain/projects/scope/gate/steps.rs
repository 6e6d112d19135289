//! What the first three steps lack, given what is in them (§9): pure functions, asked before the button is pressed and when it is.

use std::collections::HashMap;

use entity::{
    id::CandidateSolutionId,
    projects::{
        candidate_solution::{self, CandidateStatus},
        expert_consultation,
        feasibility_assessment::{self, FeasibilityVerdict},
        scope::{ProblemStatement, UnmetGate as G},
        value_assessment::{self, ValueEvidenceKind, ValueVerdict},
    },
};
use serde_json::json;

use super::Unmet;

/// What the first step lacks: the problem, and somebody of the business who was asked about it, or a reason why nobody.
#[must_use]
pub fn business_problem(
    problem: Option<&ProblemStatement>,
    waiver: Option<&str>,
    consultations: &[expert_consultation::Model],
) -> Vec<Unmet> {
    let mut unmet = Vec::new();
    if problem.is_none() {
        unmet.push(Unmet::new(G::StatementMissing, "The problem has not been stated.", json!({})));
    }
    if consultations.is_empty() && waiver.is_none() {
        let why = "No expert of the business was asked, and nothing says why not.";
        unmet.push(Unmet::new(G::ConsultationMissing, why, json!({})));
    }
    for one in consultations {
        for pain in one.pain_points.0.iter().filter(|pain| pain.why_not_working_yet.is_none()) {
            let details = json!({ "consultationId": one.id, "rank": pain.rank });
            unmet.push(Unmet::new(G::WhyNotYetMissing, "A wish does not say why it does not work yet.", details));
        }
    }
    unmet
}

/// What the second step lacks: a second idea, or a reason why one is enough. What was discarded was an idea too.
#[must_use]
pub fn solution_brainstorm(candidates: &[candidate_solution::Model], single: Option<&str>) -> Vec<Unmet> {
    let wanted = if single.is_some() { 1 } else { 2 };
    if candidates.len() >= wanted {
        return Vec::new();
    }
    let why = if candidates.is_empty() {
        "There is no idea yet."
    } else {
        "There is one idea, and no reason why it is enough."
    };
    vec![Unmet::new(G::SecondIdeaMissing, why, json!({ "candidates": candidates.len() }))]
}

/// What the third step lacks: of every candidate that is not discarded both verdicts with their evidence, and one that is
/// selected, feasible and of more than low value.
#[must_use]
pub fn assessment(
    candidates: &[candidate_solution::Model],
    feasibility: &[feasibility_assessment::Model],
    value: &[value_assessment::Model],
) -> Vec<Unmet> {
    let feasibility: HashMap<CandidateSolutionId, _> = feasibility.iter().map(|one| (one.solution_id, one)).collect();
    let value: HashMap<CandidateSolutionId, _> = value.iter().map(|one| (one.solution_id, one)).collect();
    let verdict = |one: &candidate_solution::Model| feasibility.get(&one.id).map(|one| one.verdict);
    let left: Vec<_> = candidates.iter().filter(|one| one.status != CandidateStatus::Discarded).collect();
    let judged = if left.is_empty() { candidates.iter().collect() } else { left.clone() };
    if !judged.is_empty() && judged.iter().all(|one| verdict(one) == Some(FeasibilityVerdict::Infeasible)) {
        let allowed = json!({ "allowed": ["RETURN_TO_2", "RETURN_TO_1", "CLOSE_NO_AI_SOLUTION"] });
        return vec![Unmet::new(G::NoViableSolution, "Every candidate is infeasible.", allowed)];
    }
    let mut unmet = Vec::new();
    for one in &left {
        unmet.extend(feasible(one, feasibility.get(&one.id).copied()));
        unmet.extend(valuable(one, value.get(&one.id).copied()));
    }
    let is_good = |one: &&candidate_solution::Model| {
        one.status == CandidateStatus::Selected
            && verdict(one) == Some(FeasibilityVerdict::Feasible)
            && value.get(&one.id).is_some_and(|one| matches!(one.verdict, ValueVerdict::High | ValueVerdict::Medium))
    };
    if !left.iter().any(is_good) {
        let why = "No candidate is selected that is feasible and of more than low value.";
        unmet.push(Unmet::new(G::SelectionMissing, why, json!({})));
    }
    unmet
}

fn feasible(of: &candidate_solution::Model, found: Option<&feasibility_assessment::Model>) -> Option<Unmet> {
    let details = json!({ "solutionId": of.id });
    match found {
        None => Some(Unmet::new(G::FeasibilityMissing, format!("Can it be done? {}", of.title), details)),
        Some(found) if found.verdict == FeasibilityVerdict::Feasible && found.evidence.0.is_empty() => Some(
            Unmet::new(G::FeasibilityEvidenceMissing, format!("What shows that it can be done? {}", of.title), details),
        ),
        Some(_) => None,
    }
}

fn valuable(of: &candidate_solution::Model, found: Option<&value_assessment::Model>) -> Option<Unmet> {
    let details = json!({ "solutionId": of.id });
    let said = |found: &value_assessment::Model| {
        found.evidence.0.iter().any(|evidence| evidence.kind == ValueEvidenceKind::DomainExpert)
    };
    match found {
        None => Some(Unmet::new(G::ValueMissing, format!("Is it worth it? {}", of.title), details)),
        Some(found) if found.verdict != ValueVerdict::None && !said(found) => Some(Unmet::new(
            G::ExpertEvidenceMissing,
            format!("Which expert says that it is worth it? {}", of.title),
            details,
        )),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use entity::{
        id::TypedId,
        projects::{
            expert_consultation::PainPoint,
            feasibility_assessment::{FeasibilityEvidence, FeasibilityEvidenceKind},
            value_assessment::ValueEvidence,
        },
        vocabulary::Json,
    };
    use uuid::Uuid;

    use super::*;
    use crate::domain::clock;

    fn id<I: TypedId>(number: u128) -> I {
        I::from(Uuid::from_u128(number))
    }

    macro_rules! row {
        ($module:ident { $($field:ident $(: $value:expr)?),* $(,)? }) => {
            $module::Model {
                organization_id: id(1), project_id: id(1), owner_id: id(1), version: 1, created_at: clock::now(),
                updated_at: clock::now(), deleted_at: None, $($field $(: $value)?),*
            }
        };
    }

    fn candidate(number: u128, status: CandidateStatus) -> candidate_solution::Model {
        row!(candidate_solution { id: id(number), title: format!("S{number}"), approach: None, is_ai: true, status })
    }

    fn can(number: u128, verdict: FeasibilityVerdict, evidence: usize) -> feasibility_assessment::Model {
        let one = FeasibilityEvidence { kind: FeasibilityEvidenceKind::Competitor, url: None, finding: "x".to_owned() };
        row!(feasibility_assessment {
            id: id(number),
            solution_id: id(number),
            verdict,
            evidence: Json(vec![one; evidence]),
        })
    }

    fn worth(number: u128, verdict: ValueVerdict, by: &[ValueEvidenceKind]) -> value_assessment::Model {
        let one = |kind: &ValueEvidenceKind| ValueEvidence {
            kind: *kind,
            contact_id: None,
            expert: None,
            finding: "x".to_owned(),
        };
        row!(value_assessment {
            id: id(number),
            solution_id: id(number),
            verdict,
            evidence: Json(by.iter().map(one).collect()),
        })
    }

    fn asked(whys: &[Option<&str>]) -> expert_consultation::Model {
        let pain = |(place, why): (usize, Option<&str>)| PainPoint {
            rank: i64::try_from(place).unwrap_or_default() + 1,
            wish: "w".to_owned(),
            why_not_working_yet: why.map(str::to_owned),
        };
        row!(expert_consultation {
            id: id(1),
            contact_id: None,
            expert: None,
            held_at: clock::now(),
            note: None,
            pain_points: Json(whys.iter().copied().enumerate().map(pain).collect()),
        })
    }

    fn codes(unmet: &[Unmet]) -> Vec<G> {
        unmet.iter().map(|one| one.code).collect()
    }

    #[test]
    fn the_first_step() {
        let problem: ProblemStatement = serde_json::from_value(json!({ "statement": "Too late" })).unwrap();
        let says = |problem, waiver, all: &[expert_consultation::Model]| codes(&business_problem(problem, waiver, all));
        assert_eq!(says(None, None, &[]), [G::StatementMissing, G::ConsultationMissing]);
        assert_eq!(says(Some(&problem), Some("I am one"), &[]), []);
        assert_eq!(says(Some(&problem), None, &[asked(&[Some("dear")])]), []);
        // A waiver does not excuse what was asked without an answer.
        assert_eq!(says(Some(&problem), Some("x"), &[asked(&[Some("dear"), None])]), [G::WhyNotYetMissing]);
    }

    #[test]
    fn the_second_step() {
        use CandidateStatus::{Discarded, Proposed};
        let says = |all: &[candidate_solution::Model], single| codes(&solution_brainstorm(all, single));
        assert_eq!(says(&[], None), [G::SecondIdeaMissing]);
        assert_eq!(says(&[], Some("x")), [G::SecondIdeaMissing], "no idea at all is not one");
        assert_eq!(says(&[candidate(1, Proposed)], None), [G::SecondIdeaMissing]);
        assert_eq!(says(&[candidate(1, Proposed)], Some("the law asks for it")), []);
        assert_eq!(says(&[candidate(1, Proposed), candidate(2, Discarded)], None), []);
    }

    #[test]
    fn the_third_step() {
        use CandidateStatus::{Discarded, Proposed, Selected};
        use FeasibilityVerdict::{Feasible, Infeasible, Uncertain};
        use ValueEvidenceKind::{DomainExpert, Other};
        let expert: &[ValueEvidenceKind] = &[DomainExpert];
        let says = |all: &[_], can: &[_], worth: &[_]| codes(&assessment(all, can, worth));
        let (can_be, worth_it) = (&[can(1, Feasible, 1)], &[worth(1, ValueVerdict::High, expert)]);
        let one = [candidate(1, Selected)];
        assert_eq!(says(&one, can_be, worth_it), []);
        assert_eq!(says(&one, &[], &[]), [G::FeasibilityMissing, G::ValueMissing, G::SelectionMissing]);
        assert_eq!(says(&one, &[can(1, Feasible, 0)], worth_it), [G::FeasibilityEvidenceMissing]);
        assert_eq!(says(&one, can_be, &[worth(1, ValueVerdict::High, &[Other])]), [G::ExpertEvidenceMissing]);
        assert_eq!(says(&one, can_be, &[worth(1, ValueVerdict::Low, expert)]), [G::SelectionMissing]);
        assert_eq!(says(&one, can_be, &[worth(1, ValueVerdict::None, &[])]), [G::SelectionMissing]);
        assert_eq!(says(&one, &[can(1, Uncertain, 0)], worth_it), [G::SelectionMissing]);
        assert_eq!(says(&[candidate(1, Proposed)], can_be, worth_it), [G::SelectionMissing]);
        // Others that are not discarded want both verdicts too.
        let two = [candidate(1, Selected), candidate(2, Proposed)];
        assert_eq!(says(&two, can_be, worth_it), [G::FeasibilityMissing, G::ValueMissing]);
        let two = [candidate(1, Selected), candidate(2, Discarded)];
        assert_eq!(says(&two, can_be, worth_it), []);
        // Nothing can be done: whatever else is missing does not matter.
        assert_eq!(says(&one, &[can(1, Infeasible, 0)], &[]), [G::NoViableSolution]);
        assert_eq!(says(&[candidate(1, Discarded)], &[can(1, Infeasible, 0)], &[]), [G::NoViableSolution]);
        let two = [candidate(1, Selected), candidate(2, Discarded)];
        assert_eq!(says(&two, &[can(1, Infeasible, 0)], &[]), [G::NoViableSolution]);
        assert_eq!(says(&[], &[], &[]), [G::SelectionMissing]);
    }
}

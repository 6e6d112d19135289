//! What a step still lacks: computed before the button is pressed, and asked again when it is (§9).

pub mod steps;

use entity::{
    kind::{Kind, line, word},
    object,
    projects::scope::{Step, UnmetGate},
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::domain::error::{Code, Error, Result};

object! {
    /// Something that a step still lacks before it can be completed.
    #[derive(Serialize, PartialEq, Eq)]
    Unmet {
        /// The step.
        required step: Step = word::<Step>(),
        /// What it lacks.
        required code: UnmetGate = word::<UnmetGate>(),
        /// The same for people.
        required message: String = line(1, 500),
        /// More, for programs: what is missing, and of what.
        required details: Value = Kind::Json,
    }
}

impl Unmet {
    /// Something that is lacking; which step it belongs to follows from the code.
    #[must_use]
    pub fn new(code: UnmetGate, message: impl Into<String>, details: Value) -> Self {
        Self { step: step_of(code), code, message: message.into(), details }
    }
}

/// Lets a step pass that lacks nothing. Where all that it lacks is of one kind that has a code of its own, the refusal says so.
///
/// # Errors
/// `SCOPE_GATE_FAILED {step, unmet}`, `METRIC_PAIR_REQUIRED {missing}`, `BUDGET_CATEGORY_UNADDRESSED {missing}`,
/// `NO_VIABLE_SOLUTION {allowed}`.
pub fn pass(step: Step, unmet: &[Unmet]) -> Result<()> {
    let Some(first) = unmet.first() else { return Ok(()) };
    let own = own_code(first.code).filter(|_| unmet.iter().all(|one| one.code == first.code));
    let mut details = own.map_or_else(|| json!({}), |_| first.details.clone());
    if let Some(details) = details.as_object_mut() {
        details.insert("step".to_owned(), json!(step));
        details.insert("unmet".to_owned(), json!(unmet));
    }
    let code = own.unwrap_or(Code::ScopeGateFailed);
    let detail = match unmet {
        [only] => only.message.clone(),
        several => format!("{step} lacks {} things.", several.len()),
    };
    Err(Error::new(code, detail).with(details))
}

/// What is lacking so often that it has a code of its own.
const fn own_code(code: UnmetGate) -> Option<Code> {
    match code {
        UnmetGate::MetricPairRequired => Some(Code::MetricPairRequired),
        UnmetGate::BudgetCategoryUnaddressed => Some(Code::BudgetCategoryUnaddressed),
        UnmetGate::NoViableSolution => Some(Code::NoViableSolution),
        _ => None,
    }
}

/// The step that a gate belongs to.
const fn step_of(code: UnmetGate) -> Step {
    use UnmetGate as G;
    match code {
        G::StatementMissing | G::ConsultationMissing | G::WhyNotYetMissing => Step::BusinessProblem,
        G::SecondIdeaMissing => Step::SolutionBrainstorm,
        G::FeasibilityMissing
        | G::ValueMissing
        | G::FeasibilityEvidenceMissing
        | G::ExpertEvidenceMissing
        | G::NoViableSolution
        | G::SelectionMissing => Step::Assessment,
        G::MilestoneMissing | G::MetricPairRequired => Step::Milestones,
        G::BudgetCategoryUnaddressed | G::SupportTeamMissing | G::BudgetNotApproved => Step::Budget,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::Vocabulary as _;

    #[test]
    fn every_step_has_a_gate() {
        for step in Step::ALL {
            assert!(UnmetGate::ALL.iter().any(|code| step_of(*code) == *step), "{step}");
        }
        let unmet = Unmet::new(
            UnmetGate::MetricPairRequired,
            "A business metric is missing.",
            json!({ "missing": ["BUSINESS"] }),
        );
        assert_eq!(unmet.step, Step::Milestones);
    }

    #[test]
    fn a_refusal_says_what_is_lacking() {
        assert!(pass(Step::Milestones, &[]).is_ok());
        let pair = Unmet::new(UnmetGate::MetricPairRequired, "A business metric.", json!({ "missing": ["BUSINESS"] }));
        let refused = pass(Step::Milestones, std::slice::from_ref(&pair)).unwrap_err();
        assert_eq!((refused.code(), refused.detail()), (Code::MetricPairRequired, "A business metric."));
        assert_eq!(refused.details().unwrap()["missing"], json!(["BUSINESS"]));
        let none = Unmet::new(UnmetGate::MilestoneMissing, "There is no milestone.", json!({}));
        let refused = pass(Step::Milestones, &[none, pair]).unwrap_err();
        assert_eq!((refused.code(), refused.detail()), (Code::ScopeGateFailed, "MILESTONES lacks 2 things."));
        let codes: Vec<_> =
            refused.details().unwrap()["unmet"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
        assert_eq!(codes, ["MILESTONE_MISSING", "METRIC_PAIR_REQUIRED"]);
    }
}

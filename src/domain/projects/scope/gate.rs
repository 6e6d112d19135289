//! What a step still lacks: computed before the button is pressed, and asked again when it is (§9).

use entity::{
    kind::{Kind, line, word},
    object,
    projects::scope::{Step, UnmetGate},
};
use serde::Serialize;
use serde_json::Value;

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
        G::BudgetCategoryUnaddressed | G::SupportTeamMissing => Step::Budget,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::Vocabulary as _;
    use serde_json::json;

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
}

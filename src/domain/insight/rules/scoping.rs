//! The rules about scopes that are being worked out (§9).

use entity::insight::insight_dismissal::{InsightCode, InsightSeverity};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{
        facts::{Facts, scoping::Unplanned},
        suggest::Suggest,
    },
    policy::Action,
};

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[Rule {
    code: InsightCode::LearnMoreAboutProblem,
    severity: InsightSeverity::Advice,
    playbook_ref: "§9",
    doc: "A scope has come to its milestones and names none: a trial may show what can be reached.",
    find: learn_more,
}];

fn learn_more(facts: &Facts) -> Vec<Found> {
    facts.unplanned.iter().map(told).collect()
}

fn told(of: &Unplanned) -> Found {
    let suggest = of.solution_id.map(|solution| Suggest {
        resource: "ProofOfConcept",
        verb: "request",
        id: None,
        needs: Action::WorkOnProject,
        input: json!({ "solutionId": solution, "question": "What can be reached, and by when?", "timeboxDays": 10 }),
    });
    Found {
        subject_kind: "project",
        subject_id: of.id.to_string(),
        within: vec![of.scope_id.to_string()],
        reason: format!(
            "{}: if no milestone comes to mind, the problem is not known well enough yet. A small trial of what was selected teaches more of it.",
            of.title
        ),
        suggest,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::{clock, insight::rules::learning::tests::nobody};

    /// A project without milestones, whose candidate is selected or not.
    pub(in crate::domain::insight::rules) fn unplanned(selected: bool) -> Unplanned {
        Unplanned {
            id: clock::new_id(),
            title: "Wind".to_owned(),
            scope_id: clock::new_id(),
            solution_id: selected.then(clock::new_id),
        }
    }

    #[test]
    fn a_trial_is_suggested_of_what_was_selected() {
        let mut facts = nobody();
        assert_eq!(learn_more(&facts).len(), 0);
        facts.unplanned = vec![unplanned(true), unplanned(false)];
        let found = learn_more(&facts);
        assert_eq!(found.iter().map(|one| one.suggest.is_some()).collect::<Vec<_>>(), [true, false]);
    }
}

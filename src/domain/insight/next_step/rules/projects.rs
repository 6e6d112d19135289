//! Next steps of projects, ideas and the portfolio (§9, §11, §13, §15).

use entity::{
    insight::step_dismissal::StepCode,
    projects::{
        project::ProjectStatus,
        project_idea::{IdeaSource, IdeaStatus},
        scope::Step as ScopeStep,
    },
};
use serde_json::json;

use super::{Step, StepRule, Urgency};
use crate::domain::{
    insight::{facts::Facts, rules, suggest::Suggest},
    policy::Action,
};

/// The rules of this chapter.
pub(super) const RULES: &[StepRule] = &[
    StepRule {
        code: StepCode::ObserveBusinessMetric,
        urgency: Urgency::Due,
        effort_minutes: 5,
        playbook_ref: "§11",
        find: observe_business_metric,
    },
    StepRule {
        code: StepCode::AddBusinessMetric,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§9",
        find: add_business_metric,
    },
    StepRule {
        code: StepCode::StateProblem,
        urgency: Urgency::Next,
        effort_minutes: 15,
        playbook_ref: "§9",
        find: state_problem,
    },
    StepRule {
        code: StepCode::ShowProject,
        urgency: Urgency::Next,
        effort_minutes: 15,
        playbook_ref: "§15",
        find: show_project,
    },
    StepRule {
        code: StepCode::AskStakeholder,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§15",
        find: ask_stakeholder,
    },
    StepRule {
        code: StepCode::LookAtIdea,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§14",
        find: look_at_idea,
    },
    StepRule {
        code: StepCode::CaptureIdea,
        urgency: Urgency::New,
        effort_minutes: 10,
        playbook_ref: "§13",
        find: capture_idea,
    },
];

/// What the advice of the same kind says, as something to do.
fn observe_business_metric(facts: &Facts) -> Vec<Step> {
    let found = rules::measures::business_unobserved(facts).into_iter().filter_map(|found| {
        Some(Step {
            action: "Write down what a business metric is today.".to_owned(),
            why: found.reason,
            subject: Some((found.subject_kind, found.subject_id)),
            command: found.suggest?,
        })
    });
    found.collect()
}

fn add_business_metric(facts: &Facts) -> Vec<Step> {
    use ProjectStatus::{InProgress, Paused, Scoped, Scoping};
    let open = |status| matches!(status, Scoping | Scoped | InProgress | Paused);
    let lacking = facts.work.iter().filter(|work| open(work.status) && work.ml > 0 && work.business == 0);
    let found = lacking.filter_map(|work| {
        Some(Step {
            action: format!("Add one business metric to {}.", work.title),
            why: "The model is measured already; one number of those whom it is for says what it is worth to them."
                .to_owned(),
            subject: Some(("project", work.id.to_string())),
            command: Suggest {
                resource: "Metric",
                verb: "create",
                id: None,
                needs: Action::EditMetric,
                input: json!({ "milestoneId": work.milestone?, "kind": "BUSINESS", "direction": "UP" }),
            },
        })
    });
    found.collect()
}

fn state_problem(facts: &Facts) -> Vec<Step> {
    let begun = facts.work.iter().filter(|work| {
        work.status == ProjectStatus::Scoping && work.current_step == Some(ScopeStep::BusinessProblem) && !work.stated
    });
    let found = begun.map(|work| Step {
        action: format!("Say in one sentence what {} is to change, and for whom.", work.title),
        why: "A problem that is said in the words of those who have it is the first of five steps.".to_owned(),
        subject: Some(("project", work.id.to_string())),
        command: Suggest {
            resource: "Scope",
            verb: "update",
            id: Some(work.scope_id.to_string()),
            needs: Action::EditScope,
            input: json!({}),
        },
    });
    found.collect()
}

fn show_project(facts: &Facts) -> Vec<Step> {
    // Whether it is shown, somebody else may not know.
    if !facts.beginning.own {
        return Vec::new();
    }
    let done = facts.work.iter().filter(|work| work.status == ProjectStatus::Completed && !work.shown);
    let found = done.map(|work| Step {
        action: format!("Draft a portfolio entry of {}.", work.title),
        why: "It is finished, and nobody sees it yet; what is known of it is filled in already.".to_owned(),
        subject: Some(("project", work.id.to_string())),
        command: Suggest {
            resource: "PortfolioEntry",
            verb: "draft",
            id: None,
            needs: Action::PortfolioFor,
            input: json!({ "projectId": work.id }),
        },
    });
    found.collect()
}

fn ask_stakeholder(facts: &Facts) -> Vec<Step> {
    let found = rules::portfolio::no_value_evidence(facts).into_iter().filter_map(|found| {
        Some(Step {
            action: "Ask one person who uses it what it is worth to them.".to_owned(),
            why: found.reason,
            subject: Some((found.subject_kind, found.subject_id)),
            command: found.suggest?,
        })
    });
    found.collect()
}

fn look_at_idea(facts: &Facts) -> Vec<Step> {
    let captured = facts.ideas.iter().filter(|idea| idea.status == IdeaStatus::Captured);
    let found = captured.map(|idea| Step {
        action: format!("Look at {} by its three questions: growth, people, next step.", idea.title),
        why: "An idea is judged best while it is fresh, and putting it away is a result too.".to_owned(),
        subject: Some(("project_idea", idea.id.to_string())),
        command: Suggest {
            resource: "ProjectIdea",
            verb: "evaluate",
            id: Some(idea.id.to_string()),
            needs: Action::EditProjectIdea,
            input: json!({}),
        },
    });
    found.collect()
}

/// Whoever learns and has neither a project nor an idea.
fn capture_idea(facts: &Facts) -> Vec<Step> {
    let learns = facts.beginning.counts.plans > 0 || facts.beginning.counts.sessions > 0;
    if !facts.beginning.own || !learns || facts.beginning.counts.projects > 0 || !facts.ideas.is_empty() {
        return Vec::new();
    }
    vec![Step {
        action: "Write down one thing at work or at home that could go better.".to_owned(),
        why: "Learning stays when it is used, and the best first project is near.".to_owned(),
        subject: None,
        command: Suggest {
            resource: "ProjectIdea",
            verb: "create",
            id: None,
            needs: Action::PlanProjectFor,
            input: json!({ "source": IdeaSource::ApplicationArea, "ownerId": facts.user }),
        },
    }]
}

//! Next steps of a switch (§16, §17).

use entity::{
    insight::step_dismissal::StepCode,
    jobs::{
        transition_leg::LegState,
        transition_plan::{TransitionKind, TransitionPath},
    },
};
use serde_json::json;

use super::{Step, StepRule, Urgency};
use crate::domain::{
    insight::{
        facts::{Facts, switch::Plan},
        suggest::Suggest,
    },
    policy::Action,
    spelling::plain,
};

/// The rules of this chapter.
pub(super) const RULES: &[StepRule] = &[
    StepRule {
        code: StepCode::ChoosePath,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§17",
        find: choose_path,
    },
    StepRule {
        code: StepCode::StartLeg,
        urgency: Urgency::Next,
        effort_minutes: 5,
        playbook_ref: "§17",
        find: start_leg,
    },
    StepRule {
        code: StepCode::PlanTransition,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§16",
        find: plan_transition,
    },
];

/// Where a plan leads, in words.
fn goal(plan: &Plan) -> String {
    match (&plan.to_role, &plan.to_industry) {
        (Some(role), Some(industry)) => format!("{role} in {industry}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => "your goal".to_owned(),
    }
}

fn choose_path(facts: &Facts) -> Vec<Step> {
    let found = facts.switch.plans.iter().filter(|plan| plan.path.is_none()).map(|plan| {
        let (action, why, path) = if plan.kind == TransitionKind::RoleAndIndustry {
            (
                format!("Choose which comes first on the way to {}: the role or the industry.", goal(plan)),
                "Changing one thing at a time keeps the other to stand on; applying straight to the end stays open.",
                TransitionPath::RoleFirst,
            )
        } else {
            (
                format!("Accept the way to {}.", goal(plan)),
                "What the new role asks for becomes what there is to learn.",
                TransitionPath::Direct,
            )
        };
        Step {
            action,
            why: why.to_owned(),
            subject: Some(("transition_plan", plan.id.to_string())),
            command: Suggest {
                resource: "TransitionPlan",
                verb: "acceptPath",
                id: Some(plan.id.to_string()),
                needs: Action::EditTransitionPlan,
                input: json!({ "pathId": path }),
            },
        }
    });
    found.collect()
}

/// The first leg that is still planned, of plans in which none is under way.
fn start_leg(facts: &Facts) -> Vec<Step> {
    let waiting = facts.switch.plans.iter().filter_map(|plan| {
        let mut legs = facts.switch.legs_of(plan.id);
        if facts.switch.legs_of(plan.id).any(|leg| leg.state == LegState::Active) {
            return None;
        }
        legs.find(|leg| leg.state == LegState::Planned)
    });
    let found = waiting.map(|leg| {
        let end = [leg.to_role.as_deref(), leg.to_industry.as_deref()].into_iter().flatten().collect::<Vec<_>>();
        Step {
            action: format!("Begin the next leg: {}.", end.join(" in ")),
            why: "The path is chosen; a leg that has begun is what everything else can be measured by.".to_owned(),
            subject: Some(("transition_leg", leg.id.to_string())),
            command: Suggest {
                resource: "TransitionLeg",
                verb: "start",
                id: Some(leg.id.to_string()),
                needs: Action::EditTransitionPlan,
                input: json!({}),
            },
        }
    });
    found.collect()
}

/// A goal leads to another role than the one that somebody has, and nobody looked yet at what changes.
fn plan_transition(facts: &Facts) -> Vec<Step> {
    let role = facts.beginning.profile.as_ref().and_then(|profile| profile.current_role.as_deref());
    let (Some(role), Some(goal)) = (role, &facts.beginning.role_goal) else { return Vec::new() };
    if !facts.switch.plans.is_empty() || !facts.beginning.own || plain(role) == plain(&goal.title) {
        return Vec::new();
    }
    vec![Step {
        action: format!("Look at what changes from {role} to {}.", goal.title),
        why: "Another role, another industry or both: each has its path, and some of it is there already.".to_owned(),
        subject: Some(("career_goal", goal.id.to_string())),
        command: Suggest {
            resource: "TransitionPlan",
            verb: "create",
            id: None,
            needs: Action::SearchFor,
            input: json!({ "toRoleProfileId": goal.role, "ownerId": facts.user }),
        },
    }]
}

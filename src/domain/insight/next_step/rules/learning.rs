//! Next steps of learning (§4, §7, §29). What is learnt out of curiosity is as good to go on with as anything else (§6).

use std::cmp::Reverse;

use chrono::{Days, TimeDelta};
use entity::{insight::step_dismissal::StepCode, learning::plan_item::PlanItemStatus};
use serde_json::json;

use super::{Step, StepRule, Urgency, short};
use crate::domain::{
    clock,
    insight::{
        facts::{Facts, learning::Item},
        suggest::Suggest,
    },
    policy::Action,
};

/// For how many minutes one sits down.
const SITTING: i64 = 25;
/// How many days without learning are a reason to begin again.
const QUIET: u64 = 3;
/// What a week begins with.
const TARGET: i64 = 120;

/// The rules of this chapter.
pub(super) const RULES: &[StepRule] = &[
    StepRule {
        code: StepCode::PlanNeed,
        urgency: Urgency::Next,
        effort_minutes: 5,
        playbook_ref: "§29",
        find: plan_need,
    },
    StepRule {
        code: StepCode::LearnALittle,
        urgency: Urgency::Next,
        effort_minutes: SITTING,
        playbook_ref: "§4",
        find: learn_a_little,
    },
    StepRule {
        code: StepCode::BeginItem,
        urgency: Urgency::Next,
        effort_minutes: SITTING,
        playbook_ref: "§7",
        find: begin_item,
    },
    StepRule {
        code: StepCode::SetWeeklyTarget,
        urgency: Urgency::New,
        effort_minutes: 5,
        playbook_ref: "§4",
        find: set_weekly_target,
    },
];

/// The strongest first.
fn plan_need(facts: &Facts) -> Vec<Step> {
    let mut needs: Vec<_> = facts.learning.needs.iter().collect();
    needs.sort_by_key(|need| (Reverse(need.strength), need.opened_at, need.id));
    let found = needs.into_iter().map(|need| {
        let (action, command) = match facts.learning.plan {
            Some(plan) => (
                format!("Put {} into your plan.", need.name),
                Suggest {
                    resource: "LearningNeed",
                    verb: "plan",
                    id: None,
                    needs: Action::EditLearningPlan,
                    input: json!({ "planId": plan, "needIds": [need.id] }),
                },
            ),
            None => (
                format!("Begin a plan for {}.", need.name),
                Suggest {
                    resource: "LearningPlan",
                    verb: "create",
                    id: None,
                    needs: Action::PlanFor,
                    input: json!({ "title": short(&format!("Learn {}", need.name), 200), "ownerId": facts.user }),
                },
            ),
        };
        Step {
            action,
            why: format!("{} turned out to be needed, and it has no place in a plan yet.", need.name),
            subject: Some(("learning_need", need.id.to_string())),
            command,
        }
    });
    found.collect()
}

fn open(facts: &Facts, status: PlanItemStatus) -> impl Iterator<Item = &Item> {
    facts.learning.items.iter().filter(move |item| item.status == status && !item.proficient)
}

fn learn_a_little(facts: &Facts) -> Vec<Step> {
    let since = facts.today.checked_sub_days(Days::new(QUIET)).unwrap_or(facts.today);
    let paused = facts.learning.pauses.iter().any(|(from, to)| (*from..=*to).contains(&facts.today));
    if paused || facts.learning.minutes.iter().any(|(day, minutes)| *day > since && *minutes > 0) {
        return Vec::new();
    }
    let begun = facts.now - TimeDelta::minutes(SITTING);
    let found = open(facts, PlanItemStatus::Doing).map(|item| Step {
        action: format!("Spend {SITTING} minutes with {}.", item.name),
        why: "A little, often, stays longer than a lot at once; this one is under way.".to_owned(),
        subject: Some(("plan_item", item.id.to_string())),
        command: Suggest {
            resource: "LearningSession",
            verb: "create",
            id: None,
            needs: Action::LearnFor,
            input: json!({
                "planItemId": item.id, "startedAt": clock::rfc3339(begun), "minutes": SITTING, "userId": facts.user,
            }),
        },
    });
    found.collect()
}

/// One thing at a time: while something is under way, nothing else is begun.
fn begin_item(facts: &Facts) -> Vec<Step> {
    if open(facts, PlanItemStatus::Doing).next().is_some() {
        return Vec::new();
    }
    let found = open(facts, PlanItemStatus::Todo).map(|item| Step {
        action: format!("Begin with {}: {SITTING} minutes are enough for today.", item.name),
        why: format!("{} is in your plan, and nothing else is under way.", item.name),
        subject: Some(("plan_item", item.id.to_string())),
        command: Suggest {
            resource: "PlanItem",
            verb: "update",
            id: Some(item.id.to_string()),
            needs: Action::EditPlanItem,
            input: json!({ "status": PlanItemStatus::Doing }),
        },
    });
    found.collect()
}

fn set_weekly_target(facts: &Facts) -> Vec<Step> {
    let Some(profile) = &facts.beginning.profile else { return Vec::new() };
    if facts.learning.target.is_some() || facts.learning.items.is_empty() {
        return Vec::new();
    }
    vec![Step {
        action: format!("Set a weekly target: {} hours are a good beginning.", TARGET / 60),
        why: "A steady pace that fits the week goes further than a sprint.".to_owned(),
        subject: Some(("career_profile", profile.id.to_string())),
        command: Suggest {
            resource: "CareerProfile",
            verb: "update",
            id: Some(profile.id.to_string()),
            needs: Action::EditCareerProfile,
            input: json!({ "weeklyLearningTargetMinutes": TARGET }),
        },
    }]
}

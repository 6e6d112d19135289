//! The rules about learning (§1 to §5, §29). What is learnt out of curiosity is never found wanting (§6).

mod pace;
mod standing;

use chrono::{Months, TimeDelta};
use entity::{
    insight::insight_dismissal::{InsightCode, InsightSeverity},
    learning::{
        learning_resource::ResourceKind,
        plan_item::{Motivation, PlanItemStatus},
    },
};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{
        facts::{Facts, learning::Item},
        suggest::Suggest,
    },
    policy::Action,
};

/// After how many days a need is asked about that nothing is planned for.
const WAITING: i64 = 14;

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: InsightCode::LearningStopped,
        severity: InsightSeverity::Warning,
        playbook_ref: "§1",
        doc: "Projects or a job search are under way, and nothing has been learnt for four weeks.",
        find: pace::learning_stopped,
    },
    Rule {
        code: InsightCode::AreaImbalance,
        severity: InsightSeverity::Advice,
        playbook_ref: "§2",
        doc: "An area of a framework is at 0 % while another is above 60 %.",
        find: standing::area_imbalance,
    },
    Rule {
        code: InsightCode::EdaMissing,
        severity: InsightSeverity::Advice,
        playbook_ref: "§2",
        doc: "A modelling area is above 60 %, and exploratory data analysis is not proficient yet.",
        find: standing::eda_missing,
    },
    Rule {
        code: InsightCode::ScatteredStart,
        severity: InsightSeverity::Advice,
        playbook_ref: "§3",
        doc: "An item about something new is learnt from articles and other pieces alone: a course gives it order.",
        find: scattered_start,
    },
    Rule {
        code: InsightCode::ReadyForPapers,
        severity: InsightSeverity::Info,
        playbook_ref: "§3",
        doc: "The course of an item is complete, and no paper is named yet.",
        find: ready_for_papers,
    },
    Rule {
        code: InsightCode::Cramming,
        severity: InsightSeverity::Advice,
        playbook_ref: "§4",
        doc: "More than 60 % of the minutes of four weeks, at least an hour, fall on two days.",
        find: pace::cramming,
    },
    Rule {
        code: InsightCode::PaceAtRisk,
        severity: InsightSeverity::Warning,
        playbook_ref: "§4",
        doc: "From the fifth day of the week on, less than half of its target is reached; paused weeks are left out.",
        find: pace::pace_at_risk,
    },
    Rule {
        code: InsightCode::RequirementStale,
        severity: InsightSeverity::Info,
        playbook_ref: "§5",
        doc: "The day is past until which what a goal asks for was believed.",
        find: requirement_stale,
    },
    Rule {
        code: InsightCode::NeedUnplanned,
        severity: InsightSeverity::Info,
        playbook_ref: "§29",
        doc: "A learning need has been open for more than 14 days without a plan.",
        find: need_unplanned,
    },
];

fn scattered_start(facts: &Facts) -> Vec<Found> {
    let scattered = |item: &&Item| {
        let begun = matches!(item.status, PlanItemStatus::Todo | PlanItemStatus::Doing);
        let pieces = |kind| matches!(kind, ResourceKind::Article | ResourceKind::Other);
        let only = !item.resources.is_empty() && item.resources.iter().all(|resource| pieces(resource.kind));
        begun && only && !item.proficient && item.motivation != Motivation::Curiosity
    };
    facts.learning.items.iter().filter(scattered).map(|item| about_item(item, format!(
        "{} is new, and so far it is learnt from articles alone. A course gives it an order; articles and papers come easier after it.",
        item.name,
    ), course_for(item))).collect()
}

/// The course that is there already, or one to name; nothing where a template says what the item is learnt from.
fn course_for(item: &Item) -> Option<Suggest> {
    if item.bound {
        return None;
    }
    let Some(course) = item.course else { return Some(resource_for(item, ResourceKind::Course, "A course on")) };
    let all: Vec<_> = item.resources.iter().map(|resource| resource.id).chain([course]).collect();
    Some(Suggest {
        resource: "PlanItem",
        verb: "update",
        id: Some(item.id.to_string()),
        needs: Action::EditPlanItem,
        input: json!({ "resourceIds": all }),
    })
}

fn ready_for_papers(facts: &Facts) -> Vec<Found> {
    let ready = |item: &&Item| {
        let has = |kind| item.resources.iter().any(|resource| resource.kind == kind);
        let course = item.resources.iter().any(|resource| resource.kind == ResourceKind::Course && resource.done)
            || (has(ResourceKind::Course) && item.status == PlanItemStatus::Done);
        course && !has(ResourceKind::Paper) && item.status != PlanItemStatus::Dropped
    };
    facts
        .learning
        .items
        .iter()
        .filter(ready)
        .map(|item| {
            about_item(
                item,
                format!("The course on {} is complete: a good paper is within reach now.", item.name),
                Some(resource_for(item, ResourceKind::Paper, "A paper on")),
            )
        })
        .collect()
}

fn resource_for(item: &Item, kind: ResourceKind, title: &str) -> Suggest {
    let title: String = format!("{title} {}", item.name).chars().take(200).collect();
    Suggest {
        resource: "LearningResource",
        verb: "create",
        id: None,
        needs: Action::CreateLearningResource,
        input: json!({ "kind": kind, "title": title, "competencyIds": [item.competency] }),
    }
}

fn about_item(item: &Item, reason: String, suggest: Option<Suggest>) -> Found {
    Found {
        subject_kind: "plan_item",
        subject_id: item.id.to_string(),
        within: vec![item.plan.to_string()],
        reason,
        suggest,
    }
}

fn requirement_stale(facts: &Facts) -> Vec<Found> {
    let stale = facts.learning.requirements.iter().filter(|row| row.review_by < facts.today);
    let found = stale.map(|row| Found {
        subject_kind: "goal_requirement",
        subject_id: row.id.to_string(),
        within: vec![row.goal.to_string()],
        reason: format!(
            "How well the goal needs {} was to be looked at again by {}: what is needed changes as a field matures.",
            row.name, row.review_by
        ),
        suggest: Some(Suggest {
            resource: "GoalRequirement",
            verb: "update",
            id: Some(row.id.to_string()),
            needs: Action::EditGoalRequirement,
            input: json!({ "reviewBy": facts.today.checked_add_months(Months::new(6)) }),
        }),
    });
    found.collect()
}

fn need_unplanned(facts: &Facts) -> Vec<Found> {
    let waiting = facts.learning.needs.iter().filter(|need| facts.now - need.opened_at > TimeDelta::days(WAITING));
    let found = waiting.map(|need| Found {
        subject_kind: "learning_need",
        subject_id: need.id.to_string(),
        within: Vec::new(),
        reason: format!(
            "{} has been waiting for a plan for {} days.",
            need.name,
            (facts.now - need.opened_at).num_days()
        ),
        suggest: Some(match facts.learning.plan {
            Some(plan) => Suggest {
                resource: "LearningNeed",
                verb: "plan",
                id: None,
                needs: Action::EditLearningPlan,
                input: json!({ "planId": plan, "needIds": [need.id] }),
            },
            None => Suggest {
                resource: "LearningPlan",
                verb: "create",
                id: None,
                needs: Action::PlanFor,
                input: json!({
                    "title": format!("Learn {}", need.name).chars().take(200).collect::<String>(),
                    "ownerId": facts.user,
                }),
            },
        }),
    });
    found.collect()
}

#[cfg(test)]
pub(in crate::domain::insight) mod tests;

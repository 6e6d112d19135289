//! Next steps of a search for a job (§21).

use chrono::TimeDelta;
use entity::{insight::step_dismissal::StepCode, jobs::transition_leg::LegState};
use serde_json::json;

use super::{Step, StepRule, Urgency, hiring::in_a_week, short};
use crate::domain::{
    clock,
    insight::{
        facts::Facts,
        rules::{Found, jobs},
        suggest::Suggest,
    },
    learning::week::day_in,
    policy::Action,
};

/// The rules of this chapter.
pub(super) const RULES: &[StepRule] = &[
    StepRule {
        code: StepCode::DoNextAction,
        urgency: Urgency::Due,
        effort_minutes: 15,
        playbook_ref: "§21",
        find: do_next_action,
    },
    StepRule {
        code: StepCode::ApplyInTime,
        urgency: Urgency::Due,
        effort_minutes: 30,
        playbook_ref: "§21",
        find: apply_in_time,
    },
    StepRule {
        code: StepCode::FollowUpApplication,
        urgency: Urgency::Due,
        effort_minutes: 5,
        playbook_ref: "§21",
        find: follow_up,
    },
    StepRule {
        code: StepCode::SavePosting,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§21",
        find: save_posting,
    },
    StepRule {
        code: StepCode::BeginSearch,
        urgency: Urgency::New,
        effort_minutes: 10,
        playbook_ref: "§21",
        find: begin_search,
    },
];

/// What was meant for today or before, the longest ago first.
fn do_next_action(facts: &Facts) -> Vec<Step> {
    let soon = facts.now + TimeDelta::days(1);
    let mut due: Vec<_> = facts
        .switch
        .applied
        .iter()
        .filter_map(|one| Some((one.next_action_at.filter(|at| *at <= soon)?, one)))
        .collect();
    due.sort_by_key(|(at, one)| (*at, one.id));
    let found = due.into_iter().map(|(at, one)| Step {
        action: format!(
            "{} ({}).",
            short(one.next_action.as_deref().unwrap_or("Take the next step").trim_end_matches('.'), 300),
            short(&one.title, 100)
        ),
        why: format!("You meant to do it by {}.", day_in(&facts.time_zone, at)),
        subject: Some(("application", one.id.to_string())),
        command: Suggest {
            resource: "Application",
            verb: "update",
            id: Some(one.id.to_string()),
            needs: Action::SearchFor,
            input: json!({ "nextAction": null, "nextActionAt": null }),
        },
    });
    found.collect()
}

/// What closes first, first.
fn apply_in_time(facts: &Facts) -> Vec<Step> {
    let mut closing: Vec<_> = jobs::closing(facts).collect();
    closing.sort_by(|(at, one), (by, other)| (at, &one.subject_id).cmp(&(by, &other.subject_id)));
    let found = closing.into_iter().filter_map(|(_, found)| {
        Some(Step {
            action: "Send what you have, or let this one go.".to_owned(),
            command: applying(facts, &found)?,
            why: found.reason,
            subject: Some((found.subject_kind, found.subject_id)),
        })
    });
    found.collect()
}

/// How one applies: by a move to the stage of those who have, or with a new application in the newest search.
fn applying(facts: &Facts, closing: &Found) -> Option<Suggest> {
    let searches = &facts.switch.searches;
    let noted = facts.jobs.open.iter().find(|open| open.id.to_string() == closing.subject_id);
    let Some(open) = noted else {
        let search = searches.first()?;
        return Some(Suggest {
            resource: "Application",
            verb: "create",
            id: None,
            needs: Action::SearchFor,
            input: json!({ "postingId": closing.subject_id, "jobSearchId": search.id, "stageId": search.applied_stage_id }),
        });
    };
    let stage = searches.iter().find(|search| search.id == open.job_search_id)?.applied_stage_id?;
    Some(Suggest {
        resource: "Application",
        verb: "move",
        id: Some(closing.subject_id.clone()),
        needs: Action::EditApplication,
        input: json!({ "fromStageId": open.stage_id, "toStageId": stage }),
    })
}

/// The quietest first. What was planned for it is told as that.
fn follow_up(facts: &Facts) -> Vec<Step> {
    let mut quiet: Vec<_> = jobs::quiet(facts).filter(|open| open.next_action_at.is_none()).collect();
    quiet.sort_by_key(|open| (open.last_activity_at, open.id));
    let found = quiet.into_iter().map(|open| Step {
        action: format!("Ask how it stands: {}.", short(&open.title, 200)),
        why: jobs::has_been_quiet(facts, open),
        subject: Some(("application", open.id.to_string())),
        command: Suggest {
            resource: "Application",
            verb: "update",
            id: Some(open.id.to_string()),
            needs: Action::EditApplication,
            input: json!({ "nextAction": "Ask again how it stands", "nextActionAt": clock::rfc3339(in_a_week(facts)) }),
        },
    });
    found.collect()
}

fn save_posting(facts: &Facts) -> Vec<Step> {
    let empty = facts.switch.searches.iter().filter(|search| search.applications == 0);
    let found = empty.map(|search| Step {
        action: "Keep one posting that looks good.".to_owned(),
        why: format!("{} has none yet, and one real posting says what is asked for.", search.title),
        subject: Some(("job_search", search.id.to_string())),
        command: Suggest {
            resource: "JobPosting",
            verb: "create",
            id: None,
            needs: Action::SearchFor,
            input: json!({ "ownerId": facts.user }),
        },
    });
    found.collect()
}

/// A leg is under way that leads to another employer, and nothing is searched for.
fn begin_search(facts: &Facts) -> Vec<Step> {
    if !facts.switch.searches.is_empty() || !facts.beginning.own {
        return Vec::new();
    }
    let under_way = facts.switch.legs.iter().filter(|leg| leg.state == LegState::Active && !leg.internal_move);
    let found = under_way.map(|leg| {
        let title = leg.to_role.as_deref().or(leg.to_industry.as_deref()).unwrap_or("The next job");
        Step {
            action: format!("Begin a search: {title}."),
            why: "The leg is under way; a search keeps what you find, and whom you ask, in one place.".to_owned(),
            subject: Some(("transition_leg", leg.id.to_string())),
            command: Suggest {
                resource: "JobSearch",
                verb: "create",
                id: None,
                needs: Action::SearchFor,
                input: json!({
                    "title": title, "targetRoles": leg.to_role.iter().collect::<Vec<_>>(),
                    "transitionPlanId": leg.transition_plan_id, "ownerId": facts.user,
                }),
            },
        }
    });
    found.collect()
}

//! The first steps: of who has begun with nothing, and of who has yet to say where they stand (§1, §27, §31).

use entity::insight::step_dismissal::StepCode;
use serde_json::json;

use super::{Step, StepRule, Urgency, is_newcomer};
use crate::domain::{
    insight::{facts::Facts, rules, suggest::Suggest},
    policy::Action,
};

/// The rules of this chapter.
pub(super) const RULES: &[StepRule] = &[
    StepRule {
        code: StepCode::SayWhereYouStand,
        urgency: Urgency::Next,
        effort_minutes: 5,
        playbook_ref: "§1",
        find: say_where_you_stand,
    },
    StepRule {
        code: StepCode::NameThreeRoles,
        urgency: Urgency::New,
        effort_minutes: 10,
        playbook_ref: "§27",
        find: name_three_roles,
    },
    StepRule {
        code: StepCode::NameNextGoal,
        urgency: Urgency::New,
        effort_minutes: 10,
        playbook_ref: "§1",
        find: name_next_goal,
    },
    StepRule {
        code: StepCode::AddContact,
        urgency: Urgency::New,
        effort_minutes: 5,
        playbook_ref: "§31",
        find: add_contact,
    },
];

/// Whoever begins gets this one; whoever has goals has named roles already.
fn name_three_roles(facts: &Facts) -> Vec<Step> {
    if facts.beginning.counts.goals > 0 || !facts.switch.plans.is_empty() {
        return Vec::new();
    }
    vec![Step {
        action: "Name three roles that you could imagine.".to_owned(),
        why:
            "A direction is enough to begin with: it can change at any time, and everything else here follows from it."
                .to_owned(),
        subject: None,
        command: Suggest {
            resource: "CareerGoal",
            verb: "create",
            id: None,
            needs: Action::PlanFor,
            input: json!({ "title": "Three roles that I could imagine", "kind": "ROLE", "userId": facts.user }),
        },
    }]
}

/// What the advice of the same kind says, as something to do.
fn name_next_goal(facts: &Facts) -> Vec<Step> {
    let found = rules::hiring::journey_continues(facts).into_iter().filter_map(|found| {
        Some(Step {
            action: "Name one thing that you want to be able to do next.".to_owned(),
            why: found.reason,
            subject: Some((found.subject_kind, found.subject_id)),
            command: found.suggest?,
        })
    });
    found.collect()
}

fn say_where_you_stand(facts: &Facts) -> Vec<Step> {
    let Some(profile) = facts.beginning.profile.as_ref().filter(|profile| profile.current_role.is_none()) else {
        return Vec::new();
    };
    if is_newcomer(facts) {
        return Vec::new();
    }
    vec![Step {
        action: "Say what you do now, and in which industry.".to_owned(),
        why: "From there it can be told what changes on the way to a role, and which paths lead to it.".to_owned(),
        subject: Some(("career_profile", profile.id.to_string())),
        command: Suggest {
            resource: "CareerProfile",
            verb: "update",
            id: Some(profile.id.to_string()),
            needs: Action::EditCareerProfile,
            input: json!({}),
        },
    }]
}

fn add_contact(facts: &Facts) -> Vec<Step> {
    // Whoever may not see the contacts does not know that there are none.
    if !facts.beginning.own || facts.beginning.counts.contacts > 0 {
        return Vec::new();
    }
    vec![Step {
        action: "Write down one person whose work interests you.".to_owned(),
        why: "A network begins with one person, and somebody who does the work knows what no posting says.".to_owned(),
        subject: None,
        command: Suggest {
            resource: "Contact",
            verb: "create",
            id: None,
            needs: Action::NetworkFor,
            input: json!({ "ownerId": facts.user }),
        },
    }]
}

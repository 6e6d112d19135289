//! Next steps with people: to thank, to ask, and to have a word (§20, §31).

use entity::insight::step_dismissal::StepCode;
use serde_json::json;

use super::{Step, StepRule, Urgency};
use crate::domain::{
    insight::{
        facts::{Facts, beginning::Contact},
        rules,
        suggest::Suggest,
    },
    policy::Action,
    spelling::plain,
};

/// The rules of this chapter.
pub(super) const RULES: &[StepRule] = &[
    StepRule {
        code: StepCode::SayThanks,
        urgency: Urgency::Due,
        effort_minutes: 5,
        playbook_ref: "§20",
        find: say_thanks,
    },
    StepRule {
        code: StepCode::AskContact,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§20",
        find: ask_contact,
    },
    StepRule {
        code: StepCode::KeepInTouch,
        urgency: Urgency::Next,
        effort_minutes: 5,
        playbook_ref: "§31",
        find: keep_in_touch,
    },
];

/// What the advice of the same kind says, as something to do.
fn say_thanks(facts: &Facts) -> Vec<Step> {
    let found = rules::talks::follow_up_overdue(facts).into_iter().filter_map(|found| {
        Some(Step {
            action: "Write two lines of thanks after a talk.".to_owned(),
            why: found.reason,
            subject: Some((found.subject_kind, found.subject_id)),
            command: found.suggest?,
        })
    });
    found.collect()
}

fn keep_in_touch(facts: &Facts) -> Vec<Step> {
    let found = rules::talks::keep_in_touch(facts).into_iter().filter_map(|found| {
        Some(Step {
            action: "Have a word with somebody of whom you have not heard for a while.".to_owned(),
            why: found.reason,
            subject: Some((found.subject_kind, found.subject_id)),
            command: found.suggest?,
        })
    });
    found.collect()
}

/// How many talks about a role are a handful, nearly.
const ENOUGH: i64 = 3;

/// Whoever wants to go somewhere asks who is there: in the role first, then in the industry, then anybody.
fn ask_contact(facts: &Facts) -> Vec<Step> {
    let goals = facts.talks.aims.iter().filter(|aim| aim.held < ENOUGH);
    let mut roles: Vec<String> = goals.map(|aim| plain(aim.role.as_deref().unwrap_or(&aim.title))).collect();
    let held: i64 = facts.talks.aims.iter().map(|aim| aim.held).sum();
    let plans = || facts.switch.plans.iter().filter(|_| held < ENOUGH);
    roles.extend(plans().filter_map(|plan| plan.to_role.as_deref()).map(plain));
    let industries: Vec<String> = plans().filter_map(|plan| plan.to_industry.as_deref()).map(plain).collect();
    if roles.is_empty() && industries.is_empty() {
        return Vec::new();
    }
    let distance = |contact: &Contact| {
        let among =
            |name: &Option<String>, of: &[String]| name.as_deref().is_some_and(|name| of.contains(&plain(name)));
        if among(&contact.role, &roles) { 0 } else { 1 + u8::from(!among(&contact.industry, &industries)) }
    };
    let mut contacts: Vec<&Contact> = facts.beginning.contacts.iter().collect();
    contacts.sort_by_key(|contact| distance(contact));
    let found = contacts.into_iter().map(|contact| Step {
        action: format!("Ask {} for twenty minutes.", contact.name),
        why: match distance(contact) {
            0 => format!("{} does the work that you aim at: nobody tells more of it.", contact.name),
            1 => format!("{} works where you want to go.", contact.name),
            _ => format!("{} may know somebody who does the work that you aim at.", contact.name),
        },
        subject: Some(("contact", contact.id.to_string())),
        command: Suggest {
            resource: "InformationalInterview",
            verb: "create",
            id: None,
            needs: Action::SearchFor,
            input: json!({ "contactId": contact.id, "durationMin": 20, "ownerId": facts.user }),
        },
    });
    found.collect()
}

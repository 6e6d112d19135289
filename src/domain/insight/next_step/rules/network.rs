//! Next steps with people: to thank, to ask, and to have a word (§20, §31).

use chrono::TimeDelta;
use entity::{insight::step_dismissal::StepCode, jobs::informational_interview::InformationalInterviewState};
use serde_json::json;

use super::{Step, StepRule, Urgency};
use crate::domain::{
    insight::{
        facts::{Facts, ahead::Talk, beginning::Contact},
        rules::{self, talks::ENOUGH},
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
        code: StepCode::PrepareTalk,
        urgency: Urgency::Due,
        effort_minutes: 20,
        playbook_ref: "§20",
        find: prepare_talk,
    },
    StepRule {
        code: StepCode::NoteTalk,
        urgency: Urgency::Due,
        effort_minutes: 10,
        playbook_ref: "§20",
        find: note_talk,
    },
    StepRule {
        code: StepCode::RequestTalk,
        urgency: Urgency::Next,
        effort_minutes: 5,
        playbook_ref: "§20",
        find: request_talk,
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

/// What the advice of the same kind says, as something to do, from the day before on.
fn say_thanks(facts: &Facts) -> Vec<Step> {
    let found = rules::talks::unthanked(facts, facts.now + TimeDelta::days(1)).into_iter().filter_map(|found| {
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

/// Who a talk is with.
fn whom(talk: &Talk) -> &str {
    talk.name.as_deref().unwrap_or("whom you talk to")
}

fn about(talk: &Talk, action: String, why: String, (verb, input): (&'static str, serde_json::Value)) -> Step {
    let id = talk.id.to_string();
    Step {
        action,
        why,
        subject: Some(("informational_interview", id.clone())),
        command: Suggest {
            resource: "InformationalInterview",
            verb,
            id: Some(id),
            needs: Action::EditInformationalInterview,
            input,
        },
    }
}

fn prepare_talk(facts: &Facts) -> Vec<Step> {
    let coming = facts.ahead.talks.iter().filter(|talk| {
        talk.state == InformationalInterviewState::Scheduled && talk.ends_at.is_some_and(|at| at > facts.now)
    });
    let found = coming.filter(|talk| !talk.prepared).filter_map(|talk| {
        let why = format!("You talk on {}: whoever knows a little asks better questions.", talk.on?);
        Some(about(talk, format!("Look up {}, and where they work.", whom(talk)), why, ("update", json!({}))))
    });
    found.collect()
}

/// That a talk took place, what it showed, and what came of it, while it is fresh.
fn note_talk(facts: &Facts) -> Vec<Step> {
    use InformationalInterviewState::{Held, Scheduled};
    let found = facts.ahead.talks.iter().filter_map(|talk| {
        let over = talk.ends_at.is_some_and(|at| at <= facts.now);
        let why = "What somebody said who does the work is soon forgotten, and worth more than a posting.".to_owned();
        let whom = whom(talk);
        match (talk.state, talk.found) {
            (Scheduled, _) if over => {
                Some(about(talk, format!("Say that you talked to {whom}."), why, ("hold", json!({}))))
            }
            (Held, false) => {
                let action = format!("Write down one thing that you heard from {whom}.");
                let mut step = about(talk, action, why, ("create", json!({ "interviewId": talk.id })));
                step.command = Suggest { resource: "Finding", id: None, ..step.command };
                Some(step)
            }
            (Held, true) => {
                let action =
                    format!("Say what came of the talk with {whom}: to apply, to learn first, or something else.");
                let why = "To learn something first is a good end, too: what is missing becomes something to plan.";
                Some(about(talk, action, why.to_owned(), ("conclude", json!({}))))
            }
            _ => None,
        }
    });
    found.collect()
}

fn request_talk(facts: &Facts) -> Vec<Step> {
    let planned = facts.ahead.talks.iter().filter(|talk| talk.state == InformationalInterviewState::Planned);
    let found = planned.map(|talk| {
        let why = "The talk is planned, and two lines with one question are enough to ask for it.".to_owned();
        about(talk, format!("Write to {}, and ask for twenty minutes.", whom(talk)), why, ("request", json!({})))
    });
    found.collect()
}

/// Whoever wants to go somewhere asks who is there: in the role first, then in the industry, then anybody.
fn ask_contact(facts: &Facts) -> Vec<Step> {
    let aims = || facts.talks.aims.iter().filter(|aim| aim.held < ENOUGH);
    let roles: Vec<String> = aims()
        .filter(|aim| aim.industry.is_none() || aim.role.is_some())
        .map(|aim| plain(aim.role.as_deref().unwrap_or(&aim.title)))
        .collect();
    let industries: Vec<String> = aims().filter_map(|aim| aim.industry.as_deref()).map(plain).collect();
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

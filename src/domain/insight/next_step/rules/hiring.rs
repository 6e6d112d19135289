//! Next steps with those who hire, and with those who speak for one: offers, interviews, referrals, and what a no can teach
//! (§22 to §25).

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use entity::{
    insight::step_dismissal::StepCode,
    jobs::{interview::InterviewState, offer::TeamDisclosure},
};
use serde_json::json;

use super::{Step, StepRule, Urgency};
use crate::domain::{
    clock,
    insight::{
        facts::{Facts, ahead::Invited},
        rules::{Found, hiring},
        suggest::Suggest,
    },
    policy::Action,
};

/// Within how many days an offer is to be answered that is worth a word today.
const ANSWER: i64 = 7;
/// How many days before a referral's time has passed one asks how it stands.
const REMIND: i64 = 2;
/// After how many days one asks again to meet the people of a team.
const AGAIN: i64 = 3;

/// The rules of this chapter.
pub(super) const RULES: &[StepRule] = &[
    StepRule {
        code: StepCode::PrepareInterview,
        urgency: Urgency::Due,
        effort_minutes: 20,
        playbook_ref: "§23",
        find: prepare_interview,
    },
    StepRule {
        code: StepCode::AnswerOffer,
        urgency: Urgency::Due,
        effort_minutes: 15,
        playbook_ref: "§24",
        find: answer_offer,
    },
    StepRule {
        code: StepCode::DeclineOtherOffer,
        urgency: Urgency::Due,
        effort_minutes: 10,
        playbook_ref: "§24",
        find: decline_other_offer,
    },
    StepRule {
        code: StepCode::RenewReferral,
        urgency: Urgency::Due,
        effort_minutes: 5,
        playbook_ref: "§22",
        find: renew_referral,
    },
    StepRule {
        code: StepCode::NoteInterview,
        urgency: Urgency::Due,
        effort_minutes: 10,
        playbook_ref: "§23",
        find: note_interview,
    },
    StepRule {
        code: StepCode::MeetTeam,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§24",
        find: meet_team,
    },
    StepRule {
        code: StepCode::AskForFeedback,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§25",
        find: ask_for_feedback,
    },
    StepRule {
        code: StepCode::LearnFromFeedback,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§25",
        find: learn_from_feedback,
    },
    StepRule {
        code: StepCode::AskForReferral,
        urgency: Urgency::Next,
        effort_minutes: 10,
        playbook_ref: "§22",
        find: ask_for_referral,
    },
];

/// A week from today, in the morning: the same for the whole day.
pub(super) fn in_a_week(facts: &Facts) -> DateTime<Utc> {
    let day = facts.today.checked_add_days(Days::new(7)).unwrap_or(facts.today);
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(9)
}

/// An advice as something to do, when there is a command for it.
fn to_do(found: Found, action: &str) -> Option<Step> {
    Some(Step {
        action: action.to_owned(),
        why: found.reason,
        subject: Some((found.subject_kind, found.subject_id)),
        command: found.suggest?,
    })
}

fn is_scheduled(interview: &Invited) -> bool {
    matches!(interview.state, InterviewState::Scheduled | InterviewState::Rescheduled)
}

/// The next one first.
fn prepare_interview(facts: &Facts) -> Vec<Step> {
    let coming = facts.ahead.interviews.iter().filter(|one| is_scheduled(one) && one.ends_at > facts.now);
    let found = coming.filter(|one| !one.prepared).map(|one| Step {
        action: format!("Write down what to look at again for {}, and one thing to ask them.", one.title),
        why: format!("They invite you on {}: a little that is prepared leaves room to listen.", one.on),
        subject: Some(("interview", one.id.to_string())),
        command: Suggest {
            resource: "Interview",
            verb: "update",
            id: Some(one.id.to_string()),
            needs: Action::EditInterview,
            input: json!({}),
        },
    });
    found.collect()
}

/// What is still fresh: that it took place, and then how it went.
fn note_interview(facts: &Facts) -> Vec<Step> {
    let over = facts.ahead.interviews.iter().filter(|one| !is_scheduled(one) || one.ends_at <= facts.now);
    let found = over.map(|one| {
        let (action, command) = if is_scheduled(one) {
            (
                format!("Say that the interview for {} took place.", one.title),
                Suggest {
                    resource: "Interview",
                    verb: "hold",
                    id: Some(one.id.to_string()),
                    needs: Action::EditInterview,
                    input: json!({}),
                },
            )
        } else {
            (
                format!("Write down how the interview for {} went.", one.title),
                Suggest {
                    resource: "SelfScorecard",
                    verb: "create",
                    id: None,
                    needs: Action::EditInterview,
                    input: json!({ "interviewId": one.id }),
                },
            )
        };
        Step {
            action,
            why: format!("It was on {}: what was asked, and what went well, is soon forgotten.", one.on),
            subject: Some(("interview", one.id.to_string())),
            command,
        }
    });
    found.collect()
}

/// The one with the nearest day first. Which one to take, nobody but its owner says.
fn answer_offer(facts: &Facts) -> Vec<Step> {
    let soon = facts.now + TimeDelta::days(ANSWER);
    let found = facts.ahead.offers.iter().filter_map(|one| {
        let by = one.respond_by.filter(|by| *by <= soon)?;
        Some(Step {
            action: format!("Answer the offer for {}, or ask for more time.", one.title),
            why: format!("They hope to hear from you by {}, and keep the place for you until then.", by.date_naive()),
            subject: Some(("offer", one.id.to_string())),
            command: Suggest {
                resource: "Offer",
                verb: "update",
                id: Some(one.id.to_string()),
                needs: Action::EditOffer,
                input: json!({}),
            },
        })
    });
    found.collect()
}

fn decline_other_offer(facts: &Facts) -> Vec<Step> {
    let found = hiring::offers_still_open(facts).into_iter();
    found.filter_map(|found| to_do(found, "Tell them kindly that you go elsewhere.")).collect()
}

/// As long as nobody of the team is known, one keeps asking.
fn meet_team(facts: &Facts) -> Vec<Step> {
    let before = facts.now - TimeDelta::days(AGAIN);
    let unknown = facts.ahead.offers.iter().filter(|one| {
        matches!(one.team_disclosure, TeamDisclosure::Unknown | TeamDisclosure::Refused)
            && one.conversation_asked_at.is_none_or(|at| at <= before)
    });
    let found = unknown.map(|one| Step {
        action: format!("Ask to talk to somebody whom you would work with: {}.", one.title),
        why: "Whom one works with decides how much one learns, and a talk with one of them tells a lot.".to_owned(),
        subject: Some(("offer", one.id.to_string())),
        command: Suggest {
            resource: "Offer",
            verb: "requestTeammateConversation",
            id: Some(one.id.to_string()),
            needs: Action::EditOffer,
            input: json!({}),
        },
    });
    found.collect()
}

fn renew_referral(facts: &Facts) -> Vec<Step> {
    let soon = facts.now + TimeDelta::days(REMIND);
    let found = facts.ahead.referrals.iter().filter(|one| one.expires_at <= soon).map(|one| Step {
        action: format!("Ask {} how the referral stands, and give it more time.", one.referrer),
        why: format!(
            "{}: it is hoped for until {}, and a friendly word is enough.",
            one.subject,
            one.expires_at.date_naive()
        ),
        subject: Some(("referral", one.id.to_string())),
        command: Suggest {
            resource: "Referral",
            verb: "update",
            id: Some(one.id.to_string()),
            needs: Action::EditReferral,
            input: json!({ "expiresAt": clock::rfc3339(in_a_week(facts)) }),
        },
    });
    found.collect()
}

/// Whom one may ask after a referral of which nothing came, and then whom nobody asked yet.
fn ask_for_referral(facts: &Facts) -> Vec<Step> {
    let asks = |found: &Found| found.suggest.as_ref().is_some_and(|command| command.resource == "Referral");
    let found = hiring::referral_lapsed(facts).into_iter().filter(asks).chain(hiring::warm_path_available(facts));
    found.filter_map(|found| to_do(found, "Ask somebody who works there to speak for you.")).collect()
}

fn ask_for_feedback(facts: &Facts) -> Vec<Step> {
    let found = hiring::ask_for_feedback(facts).into_iter();
    found.filter_map(|found| to_do(found, "Ask one person there what would have helped.")).collect()
}

/// What somebody said is missing, and nothing of it is something to learn yet.
fn learn_from_feedback(facts: &Facts) -> Vec<Step> {
    let found = facts.ahead.taught.iter().map(|search| Step {
        action: format!("Let what they said become something to learn: {}.", search.title),
        why: "Whoever took the time to say what is missing gave the next thing to learn.".to_owned(),
        subject: Some(("job_search", search.id.to_string())),
        command: Suggest {
            resource: "LearningNeed",
            verb: "raiseFromRejections",
            id: None,
            needs: Action::EditJobSearch,
            input: json!({ "jobSearchId": search.id }),
        },
    });
    found.collect()
}

//! The rules about talks with people who do the work, and about keeping in touch (§20, §31).

use chrono::{DateTime, Utc};
use entity::insight::insight_dismissal::{InsightCode, InsightSeverity};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{
        facts::{Facts, talks::Aim},
        suggest::Suggest,
    },
    policy::Action,
};

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: InsightCode::TalkToInsiders,
        severity: InsightSeverity::Advice,
        playbook_ref: "§20",
        doc: "A transition plan or a goal leads to another role or industry, and fewer than three informational interviews about it were held.",
        find: talk_to_insiders,
    },
    Rule {
        code: InsightCode::FollowUpOverdue,
        severity: InsightSeverity::Advice,
        playbook_ref: "§20",
        doc: "An informational interview was held, and the day until which a word of thanks was meant has passed.",
        find: follow_up_overdue,
    },
    Rule {
        code: InsightCode::KeepInTouch,
        severity: InsightSeverity::Info,
        playbook_ref: "§31",
        doc: "The last interaction with a contact is longer ago than their cadence.",
        find: keep_in_touch,
    },
];

/// How many talks are a handful, nearly.
pub(in crate::domain::insight) const ENOUGH: usize = 3;
/// Of how many silent contacts it is told at once.
const SILENT: usize = 10;

fn talk_to_insiders(facts: &Facts) -> Vec<Found> {
    let aims = facts.talks.aims.iter().filter(|aim| aim.held < ENOUGH);
    let found = aims.map(|aim| Found {
        subject_kind: aim.subject.0,
        subject_id: aim.subject.1.clone(),
        within: Vec::new(),
        reason: format!("{} {}; a handful of talks shows what it is like.", what_it_is(aim), so_far(aim)),
        suggest: Some(Suggest {
            resource: "InformationalInterview",
            verb: "create",
            id: None,
            needs: Action::SearchFor,
            input: aim.role_profile_id.map_or_else(|| json!({}), |id| json!({ "roleProfileId": id })),
        }),
    });
    found.collect()
}

fn what_it_is(aim: &Aim) -> String {
    if aim.role.is_none() && aim.industry.is_some() {
        return format!("{} is best known by those who work there.", aim.title);
    }
    format!("{} means something else at each company.", aim.title)
}

fn so_far(aim: &Aim) -> String {
    let who = if aim.role.is_none() && aim.industry.is_some() { "works there" } else { "does that work" };
    match aim.held {
        0 => format!("Nobody who {who} was asked yet"),
        1 => format!("One person who {who} was asked"),
        many => {
            format!("{many} people who {} were asked", if who == "works there" { "work there" } else { "do that work" })
        }
    }
}

fn follow_up_overdue(facts: &Facts) -> Vec<Found> {
    unthanked(facts, facts.now)
}

/// Talks after which a word of thanks was meant until then.
pub(in crate::domain::insight) fn unthanked(facts: &Facts, until: DateTime<Utc>) -> Vec<Found> {
    let due = facts.talks.unthanked.iter().filter(|talk| talk.follow_up_due_at <= until);
    let found = due.map(|talk| {
        let name = talk.name.as_deref().unwrap_or("Whoever was asked");
        Found {
            subject_kind: "informational_interview",
            subject_id: talk.id.to_string(),
            within: vec![talk.contact_id.to_string()],
            reason: format!(
                "{name} gave their time, and a word of thanks was meant for {}: what came of it is good to hear.",
                talk.follow_up_due_at.date_naive()
            ),
            suggest: Some(Suggest {
                resource: "InformationalInterview",
                verb: "followUp",
                id: Some(talk.id.to_string()),
                needs: Action::EditInformationalInterview,
                input: json!({}),
            }),
        }
    });
    found.collect()
}

pub(in crate::domain::insight) fn keep_in_touch(facts: &Facts) -> Vec<Found> {
    let found = facts.talks.silent.iter().take(SILENT).map(|contact| Found {
        subject_kind: "contact",
        subject_id: contact.id.to_string(),
        within: Vec::new(),
        reason: format!("It may be time for a word with {}. {}", contact.name, contact.reason),
        suggest: Some(Suggest {
            resource: "Interaction",
            verb: "create",
            id: None,
            needs: Action::EditContact,
            input: json!({ "contactId": contact.id }),
        }),
    });
    found.collect()
}

#[cfg(test)]
pub(in crate::domain::insight) mod tests {
    use chrono::TimeDelta;
    use entity::id::TransitionPlanId;

    use super::*;
    use crate::domain::{
        clock,
        insight::{
            facts::talks::{Silent, Talks, Unthanked},
            rules::learning::tests::nobody,
        },
    };

    /// Where a plan leads, and how many talks were held about it.
    pub(in crate::domain::insight) fn aim(role: Option<&str>, industry: Option<&str>, held: usize) -> Aim {
        Aim {
            subject: ("transition_plan", clock::new_id::<TransitionPlanId>().to_string()),
            title: [role, industry].into_iter().flatten().collect::<Vec<_>>().join(" in "),
            role_profile_id: None,
            role: role.map(str::to_owned),
            industry: industry.map(str::to_owned),
            held,
        }
    }

    /// Somebody of whom each of these rules finds something.
    pub(in crate::domain::insight) fn talks() -> Talks {
        let unthanked = Unthanked {
            id: clock::new_id(),
            contact_id: clock::new_id(),
            name: Some("Noor".to_owned()),
            follow_up_due_at: "2026-03-01T10:00:00Z".parse().unwrap(),
        };
        let reason = "You were last in touch on 2026-01-01, and meant to be every 30 days.".to_owned();
        let silent = Silent { id: clock::new_id(), name: "Olu".to_owned(), reason };
        Talks { aims: vec![aim(Some("ML engineer"), None, 0)], unthanked: vec![unthanked], silent: vec![silent] }
    }

    #[test]
    fn a_handful_of_talks_is_advised_for_another_role_or_industry() {
        let (role, industry) = (Some("ML engineer"), Some("Technology"));
        let told = |aim| {
            let mut facts = nobody();
            facts.talks.aims = vec![aim];
            talk_to_insiders(&facts).pop().map(|found| found.reason).unwrap_or_default()
        };
        for (aim, said) in [
            (
                aim(role, None, 0),
                "ML engineer means something else at each company. Nobody who does that work was asked yet",
            ),
            (
                aim(role, None, 1),
                "ML engineer means something else at each company. One person who does that work was asked",
            ),
            (
                aim(role, industry, 2),
                "ML engineer in Technology means something else at each company. 2 people who do that work were asked",
            ),
            (
                aim(None, industry, 0),
                "Technology is best known by those who work there. Nobody who works there was asked yet",
            ),
            (
                aim(None, industry, 2),
                "Technology is best known by those who work there. 2 people who work there were asked",
            ),
        ] {
            assert_eq!(told(aim), format!("{said}; a handful of talks shows what it is like."));
        }
        assert_eq!(told(aim(role, None, 3)), "");
        assert_eq!(told(aim(None, industry, 3)), "");
    }

    #[test]
    fn a_word_of_thanks_is_overdue_from_its_moment_on() {
        let mut facts = Facts { talks: talks(), ..nobody() };
        for (hours, overdue, due) in [(-1, 1, 1), (0, 1, 1), (1, 0, 1), (24, 0, 1), (25, 0, 0)] {
            facts.talks.unthanked[0].follow_up_due_at = facts.now + TimeDelta::hours(hours);
            let tomorrow = facts.now + TimeDelta::days(1);
            assert_eq!((follow_up_overdue(&facts).len(), unthanked(&facts, tomorrow).len()), (overdue, due), "{hours}");
        }
    }

    #[test]
    fn whoever_was_not_thanked_is_named_with_the_command() {
        let facts = Facts { talks: talks(), ..nobody() };
        let found = follow_up_overdue(&facts);
        assert_eq!(found[0].suggest.as_ref().map(|one| one.verb), Some("followUp"));
        assert!(found[0].is_about(&facts.talks.unthanked[0].contact_id.to_string()));
        assert!(follow_up_overdue(&nobody()).is_empty());
    }

    #[test]
    fn ten_silent_contacts_are_told_and_no_more() {
        let mut facts = Facts { talks: talks(), ..nobody() };
        let one = facts.talks.silent[0].clone();
        facts.talks.silent = vec![one; SILENT + 5];
        assert_eq!(keep_in_touch(&facts).len(), SILENT);
    }
}

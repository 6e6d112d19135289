//! The rules about talks with people who do the work, and about keeping in touch (§20, §31).

use entity::insight::insight_dismissal::{InsightCode, InsightSeverity};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{facts::Facts, suggest::Suggest},
    policy::Action,
};

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: InsightCode::TalkToInsiders,
        severity: InsightSeverity::Advice,
        playbook_ref: "§20",
        doc: "A goal leads to another role than the present one, and fewer than three informational interviews about it were held.",
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
const ENOUGH: i64 = 3;
/// Of how many silent contacts it is told at once.
const SILENT: usize = 10;

fn talk_to_insiders(facts: &Facts) -> Vec<Found> {
    let same = |one: &Option<String>, other: &Option<String>| {
        one.as_ref()
            .zip(other.as_ref())
            .is_some_and(|(one, other)| one.trim().to_lowercase() == other.trim().to_lowercase())
    };
    let aims = facts.talks.aims.iter().filter(|aim| aim.held < ENOUGH && !same(&aim.role, &aim.current));
    let found = aims.map(|aim| {
        let role = aim.role.as_ref().unwrap_or(&aim.title);
        let so_far = match aim.held {
            0 => "Nobody who does that work was asked yet".to_owned(),
            1 => "One person who does that work was asked".to_owned(),
            many => format!("{many} people who do that work were asked"),
        };
        Found {
            subject_kind: "career_goal",
            subject_id: aim.id.to_string(),
            within: Vec::new(),
            reason: format!(
                "{role} means something else at each company. {so_far}; a handful of talks shows what it is like."
            ),
            suggest: Some(Suggest {
                resource: "InformationalInterview",
                verb: "create",
                id: None,
                needs: Action::SearchFor,
                input: aim.role_profile_id.map_or_else(|| json!({}), |id| json!({ "roleProfileId": id })),
            }),
        }
    });
    found.collect()
}

pub(in crate::domain::insight) fn follow_up_overdue(facts: &Facts) -> Vec<Found> {
    let found = facts.talks.unthanked.iter().map(|talk| {
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
    use super::*;
    use crate::domain::{
        clock,
        insight::{
            facts::talks::{Aim, Silent, Talks, Unthanked},
            rules::learning::tests::nobody,
        },
    };

    fn aim(held: i64, role: Option<&str>, current: Option<&str>) -> Aim {
        Aim {
            id: clock::new_id(),
            title: "Become one".to_owned(),
            role_profile_id: None,
            role: role.map(str::to_owned),
            current: current.map(str::to_owned),
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
        Talks {
            aims: vec![aim(0, Some("ML engineer"), Some("Analyst"))],
            unthanked: vec![unthanked],
            silent: vec![silent],
        }
    }

    #[test]
    fn a_handful_of_talks_is_advised_for_another_role() {
        for (held, role, current, count) in [
            (0, Some("ML engineer"), Some("Analyst"), 1),
            (2, None, None, 1),
            (3, Some("ML engineer"), None, 0),
            (0, Some("ML engineer"), Some(" ml Engineer"), 0),
        ] {
            let mut facts = nobody();
            facts.talks.aims = vec![aim(held, role, current)];
            assert_eq!(talk_to_insiders(&facts).len(), count, "{held} {role:?} {current:?}");
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

//! The rules about who speaks for applications, about offers and what comes after one, and about asking why (§1, §22, §24, §25).

use entity::insight::insight_dismissal::{InsightCode, InsightSeverity};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{
        facts::{Facts, hiring::Lapsed},
        suggest::Suggest,
    },
    policy::Action,
};

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: InsightCode::WarmPathAvailable,
        severity: InsightSeverity::Advice,
        playbook_ref: "§22",
        doc: "Somebody who is known works where somebody applies directly, and nobody was asked to speak for it.",
        find: warm_path_available,
    },
    Rule {
        code: InsightCode::ReferralLapsed,
        severity: InsightSeverity::Advice,
        playbook_ref: "§22",
        doc: "A referral was declined, or nothing came of it in time: another contact can be asked, or one applies directly.",
        find: referral_lapsed,
    },
    Rule {
        code: InsightCode::OffersStillOpen,
        severity: InsightSeverity::Warning,
        playbook_ref: "§24",
        doc: "An offer was accepted, and another one of the same job search still waits for an answer.",
        find: offers_still_open,
    },
    Rule {
        code: InsightCode::AskForFeedback,
        severity: InsightSeverity::Advice,
        playbook_ref: "§25",
        doc: "An application came to nothing after somebody had looked at it, and nobody was asked why.",
        find: ask_for_feedback,
    },
    Rule {
        code: InsightCode::JourneyContinues,
        severity: InsightSeverity::Info,
        playbook_ref: "§1",
        doc: "An offer was accepted, and no goal was set since.",
        find: journey_continues,
    },
];

pub(in crate::domain::insight) fn warm_path_available(facts: &Facts) -> Vec<Found> {
    let found = facts.hiring.warm.iter().map(|one| {
        let (kind, id, within, asked) = match one.application_id {
            Some(id) => {
                ("application", id.to_string(), vec![one.posting_id.to_string()], json!({ "applicationId": id }))
            }
            None => ("job_posting", one.posting_id.to_string(), Vec::new(), json!({ "postingId": one.posting_id })),
        };
        let mut input = asked;
        input["referrerContactId"] = json!(one.contact_id);
        Found {
            subject_kind: kind,
            subject_id: id,
            within,
            reason: format!("{} works where {} is open. Who is spoken for is heard sooner.", one.name, one.title),
            suggest: Some(ask(input)),
        }
    });
    found.collect()
}

/// Asking somebody to speak for an application.
fn ask(input: serde_json::Value) -> Suggest {
    Suggest { resource: "Referral", verb: "request", id: None, needs: Action::SearchFor, input }
}

pub(in crate::domain::insight) fn referral_lapsed(facts: &Facts) -> Vec<Found> {
    let found = facts.hiring.lapsed.iter().map(|one| {
        let what = if one.declined { "would rather not speak for it" } else { "did not come to it in time" };
        let (next, suggest) = next(one);
        let referrer = one.referrer.as_deref().unwrap_or("whoever was asked");
        Found {
            subject_kind: "referral",
            subject_id: one.id.to_string(),
            within: std::iter::once(one.posting_id.to_string())
                .chain(one.application_id.map(|id| id.to_string()))
                .collect(),
            reason: format!("{}: {referrer} {what}. {next}", one.subject),
            suggest,
        }
    });
    found.collect()
}

/// What to do when nothing came of a referral: the next contact there, or applying directly.
fn next(one: &Lapsed) -> (String, Option<Suggest>) {
    if let (Some(id), Some(name)) = (one.next_id, &one.next_name) {
        let mut input = match one.application_id {
            Some(application) => json!({ "applicationId": application }),
            None => json!({ "postingId": one.posting_id }),
        };
        input["referrerContactId"] = json!(id);
        return (format!("{name} works there, too, and can be asked."), Some(ask(input)));
    }
    let direct = "Applying directly is a good way on.".to_owned();
    let suggest = one.application_id.is_none().then(|| Suggest {
        resource: "Application",
        verb: "create",
        id: None,
        needs: Action::EditJobSearch,
        input: json!({ "postingId": one.posting_id, "channel": "DIRECT" }),
    });
    (direct, suggest)
}

pub(in crate::domain::insight) fn offers_still_open(facts: &Facts) -> Vec<Found> {
    let found = facts.hiring.waiting.iter().map(|one| Found {
        subject_kind: "offer",
        subject_id: one.id.to_string(),
        within: vec![one.application_id.to_string(), one.job_search_id.to_string()],
        reason: format!(
            "Another offer was accepted, and {} still waits for an answer. They will be glad to know soon.",
            one.title
        ),
        suggest: Some(Suggest {
            resource: "Offer",
            verb: "decline",
            id: Some(one.id.to_string()),
            needs: Action::AnswerOffer,
            input: json!({}),
        }),
    });
    found.collect()
}

pub(in crate::domain::insight) fn ask_for_feedback(facts: &Facts) -> Vec<Found> {
    let found = facts.hiring.unasked.iter().map(|one| Found {
        subject_kind: "application",
        subject_id: one.id.to_string(),
        within: vec![one.job_search_id.to_string()],
        reason: format!(
            "{} went to somebody else after a talk. Those who led it, or the people who hire, often say what would have helped.",
            one.title
        ),
        suggest: Some(Suggest {
            resource: "FeedbackRequest",
            verb: "create",
            id: None,
            needs: Action::EditApplication,
            input: json!({ "applicationId": one.id, "source": "HR" }),
        }),
    });
    found.collect()
}

/// The way goes on: what comes next is theirs to say.
pub(in crate::domain::insight) fn journey_continues(facts: &Facts) -> Vec<Found> {
    let found = facts.hiring.arrived.iter().map(|one| Found {
        subject_kind: "offer",
        subject_id: one.id.to_string(),
        within: vec![one.application_id.to_string(), one.job_search_id.to_string()],
        reason: format!(
            "You accepted {}: a good place to look around from. Learning and projects go on beside it, and a next goal gives them a direction.",
            one.title
        ),
        suggest: Some(Suggest {
            resource: "CareerGoal",
            verb: "create",
            id: None,
            needs: Action::PlanFor,
            input: json!({ "userId": facts.user }),
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
            facts::hiring::{Arrived, Hiring, Unasked, Waiting, Warm},
            rules::learning::tests::nobody,
        },
    };

    /// Something of which each rule finds something.
    pub(in crate::domain::insight) fn everything() -> Hiring {
        let (title, name) = ("ML engineer".to_owned(), "Noor".to_owned());
        Hiring {
            warm: vec![Warm {
                posting_id: clock::new_id(),
                title: title.clone(),
                application_id: None,
                contact_id: clock::new_id(),
                name,
            }],
            lapsed: vec![lapsed(false)],
            waiting: vec![Waiting {
                id: clock::new_id(),
                application_id: clock::new_id(),
                job_search_id: clock::new_id(),
                title: title.clone(),
            }],
            unasked: vec![Unasked { id: clock::new_id(), job_search_id: clock::new_id(), title: title.clone() }],
            arrived: Some(Arrived {
                id: clock::new_id(),
                application_id: clock::new_id(),
                job_search_id: clock::new_id(),
                title,
            }),
        }
    }

    fn lapsed(another: bool) -> Lapsed {
        Lapsed {
            id: clock::new_id(),
            posting_id: clock::new_id(),
            application_id: None,
            subject: "ML engineer, Windy Grid".to_owned(),
            referrer: Some("Noor".to_owned()),
            declined: another,
            next_id: another.then(clock::new_id),
            next_name: another.then(|| "Olu".to_owned()),
        }
    }

    fn of(hiring: Hiring) -> Facts {
        Facts { hiring, ..nobody() }
    }

    #[test]
    fn who_has_applied_is_told_of_the_application() {
        let mut facts = of(everything());
        let found = warm_path_available(&facts).remove(0);
        let posting = facts.hiring.warm[0].posting_id;
        assert_eq!((found.subject_kind, found.subject_id), ("job_posting", posting.to_string()));
        let application = clock::new_id();
        facts.hiring.warm[0].application_id = Some(application);
        let found = warm_path_available(&facts).remove(0);
        assert_eq!((found.subject_kind, &found.subject_id), ("application", &application.to_string()));
        assert!(found.is_about(&posting.to_string()));
        assert_eq!(found.suggest.unwrap().input["applicationId"], json!(application));
    }

    #[test]
    fn the_journey_goes_on_after_an_offer() {
        let mut facts = of(everything());
        let found = journey_continues(&facts);
        assert_eq!(found[0].suggest.as_ref().map(|one| (one.resource, one.verb)), Some(("CareerGoal", "create")));
        assert!(found[0].is_about(&facts.hiring.arrived.as_ref().unwrap().job_search_id.to_string()));
        facts.hiring.arrived = None;
        assert!(journey_continues(&facts).is_empty(), "a goal was set since");
    }

    #[test]
    fn after_a_referral_comes_the_next_contact_or_oneself() {
        let mut facts = of(Hiring { lapsed: vec![lapsed(true), lapsed(false), lapsed(false)], ..Hiring::default() });
        facts.hiring.lapsed[2].application_id = Some(clock::new_id());
        let found = referral_lapsed(&facts);
        let verbs: Vec<_> =
            found.iter().map(|one| one.suggest.as_ref().map(|suggest| (suggest.resource, suggest.verb))).collect();
        assert_eq!(verbs, [Some(("Referral", "request")), Some(("Application", "create")), None]);
        assert!(
            found[0].reason.ends_with("Noor would rather not speak for it. Olu works there, too, and can be asked.")
        );
        assert!(found[2].reason.ends_with("Noor did not come to it in time. Applying directly is a good way on."));
    }
}

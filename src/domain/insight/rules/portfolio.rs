//! The rules about portfolios (§15).

use entity::{
    insight::insight_dismissal::{InsightCode, InsightSeverity},
    projects::portfolio_entry::PortfolioStage,
};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{
        facts::{Facts, portfolio::Entry},
        suggest::Suggest,
    },
    policy::Action,
    projects::portfolio::{progression::plateau, stage_name},
};

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: InsightCode::StagePlateau,
        severity: InsightSeverity::Advice,
        playbook_ref: "§15",
        doc: "The three latest finished entries of a portfolio, or more, are of one stage, and none is more complex than the one before it.",
        find: stage_plateau,
    },
    Rule {
        code: InsightCode::NoValueEvidence,
        severity: InsightSeverity::Advice,
        playbook_ref: "§15",
        doc: "Something of one's own is finished, and nobody else shows of anything in the portfolio that it was worth something.",
        find: no_value_evidence,
    },
    Rule {
        code: InsightCode::ReadyForNextStage,
        severity: InsightSeverity::Info,
        playbook_ref: "§15",
        doc: "What is known of an entry speaks for a higher stage than the one that it is shown as.",
        find: ready_for_next_stage,
    },
    Rule {
        code: InsightCode::StageUnsupported,
        severity: InsightSeverity::Advice,
        playbook_ref: "§15",
        doc: "An entry is shown as a stage that what is known no longer carries: something before it changed, or came to be.",
        find: stage_unsupported,
    },
    Rule {
        code: InsightCode::StageSkipped,
        severity: InsightSeverity::Info,
        playbook_ref: "§15",
        doc: "An entry creates value, and none before it was begun by oneself.",
        find: stage_skipped,
    },
];

fn about(entry: &Entry, reason: String, suggest: Option<Suggest>) -> Found {
    Found { subject_kind: "portfolio_entry", subject_id: entry.id.to_string(), within: Vec::new(), reason, suggest }
}

/// It is about the latest of them: when another one follows, it is another advice.
fn stage_plateau(facts: &Facts) -> Vec<Found> {
    let finished: Vec<_> = facts.portfolio.iter().filter(|entry| entry.finished).collect();
    let steps: Vec<_> = finished.iter().map(|entry| (entry.stage, entry.complexity)).collect();
    let Some((first, latest)) = plateau(&steps).zip(finished.last()) else { return Vec::new() };
    let reason = format!(
        "The last {} entries up to {} are of the same stage, and no more complex than the ones before. Something a little larger, or for somebody else, would show more.",
        finished.len() - first,
        latest.title
    );
    vec![about(latest, reason, None)]
}

pub(in crate::domain::insight) fn no_value_evidence(facts: &Facts) -> Vec<Found> {
    if facts.portfolio.iter().any(|entry| entry.evidence > 0) {
        return Vec::new();
    }
    let latest = facts.portfolio.iter().rev().find(|entry| entry.finished && !entry.assigned);
    let found = latest.map(|entry| {
        let suggest = Suggest {
            resource: "StakeholderConfirmation",
            verb: "request",
            id: None,
            needs: Action::EditPortfolioEntry,
            input: json!({ "entryId": entry.id }),
        };
        let reason = format!(
            "Nobody else shows yet that {} was worth something to them. Whoever uses it can say so by a link, without an account.",
            entry.title
        );
        about(entry, reason, Some(suggest))
    });
    found.into_iter().collect()
}

/// Suggests to show an entry as what is known of it.
fn as_suggested(entry: &Entry) -> Suggest {
    Suggest {
        resource: "PortfolioEntry",
        verb: "update",
        id: Some(entry.id.to_string()),
        needs: Action::EditPortfolioEntry,
        input: json!({ "stage": entry.suggested }),
    }
}

fn ready_for_next_stage(facts: &Facts) -> Vec<Found> {
    let ready = facts.portfolio.iter().filter(|entry| entry.suggested > entry.stage);
    let found = ready.map(|entry| {
        let reason = format!(
            "{} is shown as \"{}\"; what is known of it speaks for \"{}\".",
            entry.title,
            stage_name(entry.stage),
            stage_name(entry.suggested)
        );
        about(entry, reason, Some(as_suggested(entry)))
    });
    found.collect()
}

/// How something was begun is its owner's to say; what stands on evidence, and on what came before, may be overtaken.
fn stage_unsupported(facts: &Facts) -> Vec<Found> {
    let stands_on_more = |entry: &&Entry| entry.stage >= PortfolioStage::ValueCreation;
    let overtaken = facts.portfolio.iter().filter(stands_on_more).filter(|entry| entry.suggested < entry.stage);
    let found = overtaken.map(|entry| {
        let reason = format!(
            "{} is shown as \"{}\"; with what is known now, \"{}\" fits it better.",
            entry.title,
            stage_name(entry.stage),
            stage_name(entry.suggested)
        );
        about(entry, reason, Some(as_suggested(entry)))
    });
    found.collect()
}

/// Skipping is fine: it is worth knowing once, of the first that did.
fn stage_skipped(facts: &Facts) -> Vec<Found> {
    let own = facts.portfolio.iter().find(|entry| entry.stage >= PortfolioStage::PersonalProject);
    let skipped = own.filter(|entry| entry.stage >= PortfolioStage::ValueCreation);
    let found = skipped.map(|entry| {
        let reason = format!(
            "{} creates value without a project of one's own before it. That is a good way to begin; something small for the joy of it has room for what paid work has not.",
            entry.title
        );
        about(entry, reason, None)
    });
    found.into_iter().collect()
}

#[cfg(test)]
pub(in crate::domain::insight) mod tests {
    use super::*;
    use crate::domain::{clock, insight::rules::learning::tests::nobody};
    use PortfolioStage::{ClassProject, PersonalProject, RisingScope, ValueCreation};

    /// A finished entry of a stage, of which nothing else is known.
    pub(in crate::domain::insight) fn entry(stage: PortfolioStage, suggested: PortfolioStage) -> Entry {
        Entry {
            id: clock::new_id(),
            title: "Wind".to_owned(),
            stage,
            suggested,
            finished: true,
            assigned: stage == ClassProject,
            complexity: None,
            evidence: 0,
        }
    }

    fn of(entries: Vec<Entry>) -> Facts {
        Facts { portfolio: entries, ..nobody() }
    }

    #[test]
    fn who_stays_where_they_are_is_told() {
        let personal = |complexity| Entry { complexity: Some(complexity), ..entry(PersonalProject, PersonalProject) };
        assert!(stage_plateau(&of(vec![])).is_empty());
        assert!(stage_plateau(&of(vec![personal(2), personal(2)])).is_empty());
        assert!(stage_plateau(&of(vec![personal(2), personal(2), personal(3)])).is_empty());
        let open = Entry { finished: false, ..personal(2) };
        assert!(stage_plateau(&of(vec![personal(2), personal(2), open.clone()])).is_empty());
        let facts = of(vec![personal(3), personal(2), personal(2), open]);
        let found = stage_plateau(&facts);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subject_id, facts.portfolio[2].id.to_string());
    }

    #[test]
    fn nobody_else_has_said_so() {
        let class = entry(ClassProject, ClassProject);
        assert!(no_value_evidence(&of(vec![class.clone()])).is_empty(), "an assignment is worth nothing to others");
        let mut own = entry(PersonalProject, PersonalProject);
        let facts = of(vec![class.clone(), own.clone()]);
        let found = no_value_evidence(&facts);
        assert_eq!(found.len(), 1);
        let suggest = found[0].suggest.as_ref().unwrap();
        assert_eq!((suggest.verb, &suggest.input["entryId"]), ("request", &json!(own.id)));
        own.evidence = 1;
        assert!(no_value_evidence(&of(vec![class, own.clone()])).is_empty());
        assert!(no_value_evidence(&of(vec![Entry { evidence: 0, finished: false, ..own }])).is_empty());
    }

    #[test]
    fn what_is_known_speaks_for_more() {
        for (is, could, count) in [
            (PersonalProject, ValueCreation, 1),
            (PersonalProject, PersonalProject, 0),
            (ValueCreation, PersonalProject, 0),
            (ClassProject, PersonalProject, 1),
        ] {
            let found = ready_for_next_stage(&of(vec![entry(is, could)]));
            assert_eq!(found.len(), count, "{is} {could}");
            assert!(found.iter().all(|one| one.suggest.as_ref().unwrap().input["stage"] == json!(could)));
        }
    }

    #[test]
    fn what_is_known_no_longer_carries_a_stage() {
        for (is, could, count) in [
            (RisingScope, ValueCreation, 1),
            (RisingScope, RisingScope, 0),
            (ValueCreation, PersonalProject, 1),
            (ValueCreation, RisingScope, 0),
            // How it was begun is said, and not known.
            (PersonalProject, ClassProject, 0),
        ] {
            let found = stage_unsupported(&of(vec![entry(is, could)]));
            assert_eq!(found.len(), count, "{is} {could}");
            assert!(found.iter().all(|one| one.suggest.as_ref().unwrap().input["stage"] == json!(could)));
        }
    }

    #[test]
    fn a_stage_may_be_skipped() {
        let value = entry(ValueCreation, ValueCreation);
        let class = entry(ClassProject, ClassProject);
        let own = entry(PersonalProject, PersonalProject);
        for (entries, count) in [
            (vec![], 0),
            (vec![class.clone()], 0),
            (vec![value.clone()], 1),
            (vec![class, value.clone(), value.clone()], 1),
            (vec![own, value], 0),
        ] {
            assert_eq!(stage_skipped(&of(entries.clone())).len(), count, "{entries:?}");
        }
    }
}

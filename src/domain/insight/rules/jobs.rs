//! The rules about searches for a job (§1, §21).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::CompanyId,
    insight::insight_dismissal::{InsightCode, InsightSeverity},
    jobs::stage::StageKind,
};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{
        facts::{
            Facts,
            jobs::{Open, SILENCE, SOON},
        },
        suggest::Suggest,
    },
    policy::Action,
    spelling::folded,
};

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: InsightCode::ClosingSoon,
        severity: InsightSeverity::Warning,
        playbook_ref: "§21",
        doc: "An opening closes within three days, and there is no application for it yet.",
        find: closing_soon,
    },
    Rule {
        code: InsightCode::FollowUpDue,
        severity: InsightSeverity::Advice,
        playbook_ref: "§21",
        doc: "Nothing was heard of an open application for seven days, and nothing is planned for later.",
        find: follow_up_due,
    },
    Rule {
        code: InsightCode::DuplicateApplication,
        severity: InsightSeverity::Advice,
        playbook_ref: "§21",
        doc: "Two open applications are for the same role at the same company.",
        find: duplicate,
    },
    Rule {
        code: InsightCode::PreviouslyUnresponsiveCompany,
        severity: InsightSeverity::Info,
        playbook_ref: "§21",
        doc: "An open application is with a company from which nothing was heard the last time.",
        find: quiet_before,
    },
    Rule {
        code: InsightCode::JobSearchWithoutPortfolio,
        severity: InsightSeverity::Info,
        playbook_ref: "§1",
        doc: "A search for a job goes on, and nothing is in the portfolio yet.",
        find: without_portfolio,
    },
];

fn about(open: &Open, reason: String, suggest: Option<Suggest>) -> Found {
    Found {
        subject_kind: "application",
        subject_id: open.id.to_string(),
        within: vec![open.job_search_id.to_string(), open.posting_id.to_string()],
        reason,
        suggest,
    }
}

fn command(open: &Open, verb: &'static str, input: serde_json::Value) -> Suggest {
    let id = Some(open.id.to_string());
    Suggest { resource: "Application", verb, id, needs: Action::EditApplication, input }
}

fn follow_up_due(facts: &Facts) -> Vec<Found> {
    let due = quiet(facts).map(|open| {
        let ask = json!({ "nextAction": "Ask how it stands." });
        about(open, has_been_quiet(facts, open), Some(command(open, "update", ask)))
    });
    due.collect()
}

/// The applications of which nothing was heard for long, and for which nothing is planned for later.
pub(in crate::domain::insight) fn quiet(facts: &Facts) -> impl Iterator<Item = &Open> {
    facts.jobs.open.iter().filter(|open| {
        let days = (facts.now - open.last_activity_at).num_days();
        // Before anybody there knows of it, there is nobody to ask.
        let waits = open.stage_kind > StageKind::Research && open.next_action_at.is_none_or(|at| at <= facts.now);
        waits && days >= SILENCE
    })
}

/// For how long nothing was heard of an application, in a sentence.
pub(in crate::domain::insight) fn has_been_quiet(facts: &Facts, open: &Open) -> String {
    let days = (facts.now - open.last_activity_at).num_days();
    format!("{} has been quiet for {days} days: a short, friendly question keeps it going.", open.title)
}

fn closing_soon(facts: &Facts) -> Vec<Found> {
    closing(facts).map(|(_, found)| found).collect()
}

/// What closes soon without an application, and when.
pub(in crate::domain::insight) fn closing(facts: &Facts) -> impl Iterator<Item = (DateTime<Utc>, Found)> {
    let soon = facts.now + TimeDelta::days(SOON);
    let noted = facts.jobs.open.iter().filter_map(move |open| {
        let closes = open.closes_at.filter(|at| *at > facts.now && *at <= soon)?;
        (open.stage_kind < StageKind::Applied)
            .then(|| (closes, about(open, closes_in(&open.title, (closes - facts.now).num_hours()), None)))
    });
    let without = facts.jobs.closing.iter().map(|one| {
        let found = Found {
            subject_kind: "job_posting",
            subject_id: one.id.to_string(),
            within: Vec::new(),
            reason: closes_in(&one.title, (one.closes_at - facts.now).num_hours()),
            suggest: None,
        };
        (one.closes_at, found)
    });
    noted.chain(without)
}

fn closes_in(title: &str, hours: i64) -> String {
    let when = match hours {
        ..=1 => "within the hour".to_owned(),
        2..=47 => format!("in {hours} hours"),
        _ => format!("in {} days", hours / 24),
    };
    format!("{title} closes {when}, and there is no application yet.")
}

/// A company, and a title however it is written.
fn same(open: &Open) -> (CompanyId, String) {
    (open.company_id, folded(&open.title))
}

fn duplicate(facts: &Facts) -> Vec<Found> {
    let mut first = BTreeMap::new();
    let mut found = Vec::new();
    for open in &facts.jobs.open {
        let known: &mut Option<&Open> = first.entry(same(open)).or_default();
        if known.is_some() {
            let reason = format!(
                "There is an older open application for {} at the same company: one of the two is enough.",
                open.title
            );
            found.push(about(open, reason, Some(command(open, "close", json!({ "outcome": "WITHDRAWN" })))));
        }
        known.get_or_insert(open);
    }
    found
}

fn quiet_before(facts: &Facts) -> Vec<Found> {
    let again = facts.jobs.open.iter().filter(|open| facts.jobs.quiet.contains(&open.company_id));
    let found = again.map(|open| {
        let reason = format!(
            "Nothing was heard from this company the last time: for {}, somebody who knows it may help more than another form.",
            open.title
        );
        about(open, reason, None)
    });
    found.collect()
}

fn without_portfolio(facts: &Facts) -> Vec<Found> {
    let found = facts.jobs.unshown.iter().map(|search| Found {
        subject_kind: "job_search",
        subject_id: search.id.to_string(),
        within: Vec::new(),
        reason: format!(
            "{}: whoever reads an application likes to see something of one's own. One small project is a good beginning, and the search goes on beside it.",
            search.title
        ),
        suggest: Some(Suggest {
            resource: "PortfolioEntry",
            verb: "create",
            id: None,
            needs: Action::PortfolioFor,
            input: json!({}),
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
            facts::jobs::{Closing, Jobs, Unshown},
            rules::learning::tests::nobody,
        },
    };

    /// An open application: of so many days of silence, in a stage, for an opening that closes in so many hours.
    pub(in crate::domain::insight) fn open(
        company: CompanyId,
        stage: StageKind,
        quiet: i64,
        closes: Option<i64>,
    ) -> Open {
        let now = nobody().now;
        Open {
            id: clock::new_id(),
            job_search_id: clock::new_id(),
            posting_id: clock::new_id(),
            company_id: company,
            title: "ML engineer".to_owned(),
            stage_id: clock::new_id(),
            stage_kind: stage,
            last_activity_at: now - TimeDelta::days(quiet),
            next_action_at: None,
            closes_at: closes.map(|hours| now + TimeDelta::hours(hours)),
        }
    }

    /// A search of which every rule finds something.
    pub(in crate::domain::insight) fn everything() -> Facts {
        let mut facts = nobody();
        let company = clock::new_id();
        let open = vec![open(company, StageKind::Outreach, 9, Some(30)), open(company, StageKind::Applied, 0, None)];
        let closing = vec![Closing {
            id: clock::new_id(),
            title: "Analyst".to_owned(),
            closes_at: facts.now + TimeDelta::days(3),
        }];
        let unshown = Some(Unshown { id: clock::new_id(), title: "Into ML".to_owned() });
        facts.jobs = Jobs { open, closing, quiet: [company].into(), unshown };
        facts
    }

    #[test]
    fn silence_is_told_of_after_seven_days() {
        let mut facts = nobody();
        let company = clock::new_id();
        let cases = [
            (StageKind::Applied, 7, None, 1),
            (StageKind::Applied, 6, None, 0),
            (StageKind::Research, 70, None, 0),
            (StageKind::Interviewing, 8, Some(TimeDelta::days(1)), 0),
            (StageKind::Interviewing, 8, Some(TimeDelta::days(-1)), 1),
        ];
        for (stage, quiet, next, wanted) in cases {
            let one = Open { next_action_at: next.map(|next| facts.now + next), ..open(company, stage, quiet, None) };
            facts.jobs.open = vec![one];
            assert_eq!(follow_up_due(&facts).len(), wanted, "{stage} {quiet} {next:?}");
        }
    }

    #[test]
    fn what_closes_soon_is_told_of_before_one_has_applied() {
        let mut facts = nobody();
        for (stage, closes, wanted) in [
            (StageKind::Research, Some(71), 1),
            (StageKind::Outreach, Some(0), 0),
            (StageKind::Research, Some(73), 0),
            (StageKind::Applied, Some(5), 0),
            (StageKind::Research, Some(-1), 0),
            (StageKind::Research, None, 0),
        ] {
            facts.jobs.open = vec![open(clock::new_id(), stage, 0, closes)];
            assert_eq!(closing_soon(&facts).len(), wanted, "{stage} {closes:?}");
        }
        for (hours, wanted) in [(0, "within the hour"), (30, "in 30 hours"), (71, "in 2 days")] {
            assert!(closes_in("x", hours).contains(wanted), "{hours}");
        }
    }

    #[test]
    fn an_empty_portfolio_is_told_of_once() {
        let mut facts = everything();
        let found = without_portfolio(&facts);
        assert_eq!((found.len(), found[0].subject_kind), (1, "job_search"));
        assert!(found[0].reason.starts_with("Into ML: "), "{}", found[0].reason);
        facts.jobs.unshown = None;
        assert!(without_portfolio(&facts).is_empty());
    }

    #[test]
    fn the_second_of_two_alike_is_pointed_out() {
        let mut facts = nobody();
        let company = clock::new_id();
        let (first, second) = (open(company, StageKind::Applied, 0, None), open(company, StageKind::Research, 0, None));
        let second = Open { title: " ml  Engineer".to_owned(), ..second };
        facts.jobs.open = vec![first, second.clone(), open(clock::new_id(), StageKind::Applied, 0, None)];
        let found = duplicate(&facts);
        assert_eq!(found.iter().map(|one| one.subject_id.clone()).collect::<Vec<_>>(), [second.id.to_string()]);
        assert!(quiet_before(&facts).is_empty());
        facts.jobs.quiet = [company].into();
        assert_eq!(quiet_before(&facts).len(), 2);
    }
}

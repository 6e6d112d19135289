//! The rules about what projects measure: test accuracy is not the business (§11).

use chrono::TimeDelta;
use entity::{
    insight::insight_dismissal::{InsightCode, InsightSeverity},
    projects::{metric::MetricKind, milestone::MilestoneHealth, project::ProjectStatus},
};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{
        facts::{Facts, measures::MeasuredProject},
        suggest::Suggest,
    },
    policy::Action,
    projects::measured::{Measured, model_good_business_flat, only_ml_observed},
};

/// After how many days of work a business metric is asked about that nobody observed.
const UNOBSERVED: i64 = 30;

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: InsightCode::ModelGoodBusinessFlat,
        severity: InsightSeverity::Warning,
        playbook_ref: "§11",
        doc: "Every ML metric of a project has reached its target, and none of its business metrics has.",
        find: business_flat,
    },
    Rule {
        code: InsightCode::BusinessMetricUnobserved,
        severity: InsightSeverity::Advice,
        playbook_ref: "§11",
        doc: "A project has been in progress for 30 days, and a business metric of it has not been observed in the last 30.",
        find: business_unobserved,
    },
    Rule {
        code: InsightCode::OnlyMlObserved,
        severity: InsightSeverity::Advice,
        playbook_ref: "§11",
        doc: "ML metrics of a project are observed, and no business metric of it has been yet.",
        find: only_ml,
    },
];

fn business_flat(facts: &Facts) -> Vec<Found> {
    let flat = facts.measures.projects.iter().filter(|project| model_good_business_flat(&all(project)));
    flat.map(|project| {
        let business = business(project).next();
        Found {
            subject_kind: "project",
            subject_id: project.id.to_string(),
            within: Vec::new(),
            reason: format!(
                "The model of {} has reached its targets, and {} has not moved as far yet. A good model changes a business \
                 only where its results are used: that is worth a look together with those who use them.",
                project.title,
                business.map_or("the business", |metric| metric.name.as_str()),
            ),
            suggest: business.map(|metric| Suggest {
                resource: "Milestone",
                verb: "updateHealth",
                id: Some(metric.milestone.to_string()),
                needs: Action::EditMilestone,
                input: json!({ "health": MilestoneHealth::AtRisk, "note": "The model is good; the business has yet to move." }),
            }),
        }
    })
    .collect()
}

pub(in crate::domain::insight) fn business_unobserved(facts: &Facts) -> Vec<Found> {
    let long_ago = facts.now - TimeDelta::days(UNOBSERVED);
    let at_work = facts.measures.projects.iter().filter(|project| {
        project.status == ProjectStatus::InProgress && project.started_at.is_some_and(|at| at <= long_ago)
    });
    let unseen = |metric: &&Measured| metric.latest.is_none_or(|point| point.at <= long_ago);
    let found = at_work.flat_map(|project| business(project).filter(unseen).map(move |metric| Found {
        subject_kind: "metric",
        subject_id: metric.id.to_string(),
        within: vec![metric.milestone.to_string(), project.id.to_string()],
        reason: format!(
            "{} has not been observed for {UNOBSERVED} days of work on {}: what it is today says whether the work helps.",
            metric.name, project.title,
        ),
        suggest: Some(observe(metric)),
    }));
    found.collect()
}

fn only_ml(facts: &Facts) -> Vec<Found> {
    let only = facts.measures.projects.iter().filter(|project| only_ml_observed(&all(project)));
    let found = only.map(|project| Found {
        subject_kind: "project",
        subject_id: project.id.to_string(),
        within: Vec::new(),
        reason: format!(
            "The model of {} is observed, and the business is not yet. One value of a business metric shows where it stands.",
            project.title,
        ),
        suggest: business(project).next().map(observe),
    });
    found.collect()
}

fn all(project: &MeasuredProject) -> Vec<&Measured> {
    project.metrics.iter().collect()
}

fn business(project: &MeasuredProject) -> impl Iterator<Item = &Measured> {
    project.metrics.iter().filter(|metric| metric.kind == MetricKind::Business)
}

/// To note what a metric is: the value is for whoever knows it.
fn observe(metric: &Measured) -> Suggest {
    Suggest {
        resource: "MetricObservation",
        verb: "record",
        id: None,
        needs: Action::EditMetric,
        input: json!({ "metricId": metric.id }),
    }
}

#[cfg(test)]
pub(in crate::domain::insight) mod tests {
    use super::*;
    use crate::domain::{
        clock,
        insight::{facts::measures::Measures, rules::learning::tests::nobody},
        projects::measured::tests::metric,
    };

    /// Somebody with a project that has been in progress for so many days.
    fn working(days: i64, metrics: Vec<Measured>) -> Facts {
        let mut facts = nobody();
        let project = MeasuredProject {
            id: clock::new_id(),
            title: "Wind forecast".to_owned(),
            status: ProjectStatus::InProgress,
            started_at: Some(facts.now - TimeDelta::days(days)),
            metrics,
        };
        facts.measures = Measures { projects: vec![project] };
        facts
    }

    /// Somebody whose model is good, whose business is flat, and who has not looked for long.
    pub(in crate::domain::insight) fn everything() -> Facts {
        let mut facts = working(40, vec![metric("ML", "10", Some("10")), metric("BUSINESS", "10", Some("9"))]);
        for metric in &mut facts.measures.projects[0].metrics {
            metric.latest = metric.latest.map(|mut point| {
                point.at = facts.now - TimeDelta::days(31);
                point
            });
        }
        facts
    }

    /// Somebody who looks at the model alone.
    pub(in crate::domain::insight) fn only_ml() -> Facts {
        working(1, vec![metric("ML", "10", Some("9")), metric("BUSINESS", "10", None)])
    }

    #[test]
    fn the_business_is_asked_about() {
        let mut facts = only_ml();
        assert_eq!((business_flat(&facts).len(), super::only_ml(&facts).len()), (0, 1));
        facts.measures.projects[0].metrics[0] = metric("ML", "10", Some("11"));
        let found = business_flat(&facts);
        assert_eq!(found.len(), 1);
        let suggest = found[0].suggest.clone().unwrap();
        let business = facts.measures.projects[0].metrics[1].milestone;
        assert_eq!((suggest.verb, suggest.id), ("updateHealth", Some(business.to_string())));
    }

    #[test]
    fn thirty_days_of_work_without_a_look() {
        let found = |days, seen: Option<i64>| {
            let mut facts = working(days, vec![metric("BUSINESS", "10", seen.map(|_| "9"))]);
            let now = facts.now;
            if let (Some(point), Some(seen)) = (&mut facts.measures.projects[0].metrics[0].latest, seen) {
                point.at = now - TimeDelta::days(seen);
            }
            business_unobserved(&facts).len()
        };
        assert_eq!([found(29, None), found(30, None), found(40, Some(29)), found(40, Some(30))], [0, 1, 0, 1]);
        let mut paused = working(40, vec![metric("BUSINESS", "10", None)]);
        paused.measures.projects[0].status = ProjectStatus::Paused;
        assert!(business_unobserved(&paused).is_empty(), "nobody works on it now");
        paused.measures.projects[0].status = ProjectStatus::InProgress;
        paused.measures.projects[0].started_at = None;
        assert!(business_unobserved(&paused).is_empty(), "nobody knows since when");
    }
}

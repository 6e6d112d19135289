//! The report of projects as a table and as a chart.

use entity::{money::Money, projects::scope::Step, vocabulary::Vocabulary as _};

use super::{
    ReportPopulation, ScopingReport,
    told::{ScopingReportGroup, ScopingStep},
};
use crate::domain::{
    chart::shares::{Area, Bar, Shares},
    error::Result,
    table::{Cell, csv},
};

/// A row for each number: what it measures, of what, and in which currency when it is money.
pub(super) fn table(told: &ScopingReport) -> Result<String> {
    let columns = ["kind", "key", "name", "measure", "of", "currency", "value"];
    let rows = told.groups.iter().flat_map(|group| {
        measured(group).into_iter().map(|(measure, of, currency, value)| {
            let names = [group.key.as_deref(), group.name.as_deref()].map(Cell::from);
            let [key, name] = names;
            vec![group.kind.word().into(), key, name, measure.into(), of.into(), currency.into(), value]
        })
    });
    csv(&columns, rows)
}

type Row = (&'static str, &'static str, Option<&'static str>, Cell);

fn measured(group: &ScopingReportGroup) -> Vec<Row> {
    let number = |measure, of, value: Option<i64>| -> Row { (measure, of, None, value.into()) };
    let mut rows = vec![number("people", "", Some(group.people)), number("projects", "", Some(group.projects))];
    rows.extend(group.statuses.iter().map(|one| number("projectsInStatus", one.status.word(), one.projects)));
    for one in &group.steps {
        rows.push(number("projectsAtStep", one.step.word(), one.projects));
        rows.push(number("stepCompleted", one.step.word(), one.completed));
        rows.push(number("stepMedianDays", one.step.word(), one.median_days));
    }
    rows.push(number("projectsReturned", "", group.projects_returned));
    rows.push(number("timesReturned", "", group.times_returned));
    rows.extend(group.return_reasons.iter().map(|one| number("timesReturnedFor", one.reason.word(), one.times)));
    rows.push(number("milestonesDone", "", group.milestones.done));
    rows.push(number("milestonesInTime", "", group.milestones.in_time));
    rows.push(number("milestonesOverdue", "", group.milestones.overdue));
    rows.push(number("milestonesMedianDaysLate", "", group.milestones.median_days_late));
    for one in &group.spending {
        rows.push(number("projectsWithPlan", one.category.word(), one.planned));
        rows.push(number("projectsOverPlan", one.category.word(), one.over));
        rows.push(number("medianPercentSpent", one.category.word(), one.median_percent));
    }
    for one in &group.amounts {
        // A sum that is too large to be told is an empty cell.
        let digits = |sum: Option<&Money>| sum.map_or(Cell::from(None::<i64>), |sum| Cell::Digits(sum.amount.clone()));
        let (category, currency) = (one.category.word(), Some(one.currency.word()));
        rows.push(("planned", category, currency, digits(one.planned.as_ref())));
        rows.push(("actual", category, currency, digits(one.actual.as_ref())));
    }
    rows
}

/// The steps of everybody's projects.
#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
pub(super) fn chart(told: &ScopingReport) -> Result<String> {
    let of = match told.population {
        ReportPopulation::Seen => "Projects that you see",
        ReportPopulation::Organization => "All projects, in steps of five",
    };
    let total = told.groups.first();
    let returned = total.and_then(|group| group.times_returned);
    let subtitle = match returned {
        Some(times) => format!("{of}: {}, {times} returns", total.map_or(0, |group| group.projects)),
        None => of.to_owned(),
    };
    let areas = total.into_iter().flat_map(|group| group.steps.iter().map(|step| area(step, group.projects)));
    let chart = Shares {
        title: "Where projects stand in scoping".to_owned(),
        subtitle,
        legend: ["Complete", "Worked on", "Not there"],
        areas: areas.collect(),
    };
    Ok(chart.svg())
}

fn area(step: &ScopingStep, projects: i64) -> Area {
    let told = step.completed.zip(step.projects);
    let share = match told {
        Some((done, at)) => format!("{done} complete, {at} at it"),
        None => "too few people to tell".to_owned(),
    };
    let note = match step.median_days {
        Some(1) => "Half of them took a day at most.".to_owned(),
        Some(days) => format!("Half of them took {days} days at most."),
        None => "How long it takes is not known.".to_owned(),
    };
    Area {
        name: name(step.step).to_owned(),
        share,
        percent: told.filter(|_| projects > 0).map(|(done, _)| done * 100 / projects),
        note,
        bar: Bar::Stretches(told.map_or([0; 3], |(done, at)| [done, at, projects - done - at]), projects),
    }
}

const fn name(step: Step) -> &'static str {
    match step {
        Step::BusinessProblem => "Business problem",
        Step::SolutionBrainstorm => "Brainstorm",
        Step::Assessment => "Assessment",
        Step::Milestones => "Milestones",
        Step::Budget => "Budget",
    }
}

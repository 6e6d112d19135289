//! What a report of projects tells of a group of people.

use entity::{
    currency::Currency,
    kind::{Declared as _, Kind, int, line, list, word},
    money::Money,
    object,
    projects::{budget::BudgetCategory, project::ProjectStatus, scope::Step, scope_transition::ReturnReason},
    vocabulary::Vocabulary,
};
use serde::Serialize;

use super::{
    COUNT,
    fold::{Group, Measure},
};
use crate::domain::report::learning::{ReportGroupKind, ReportGrouping, load as people};

const ANY: Kind = int(-100_000, 100_000);
const STATUS: Kind = Kind::Object(ScopingStatus::object);
const STEP: Kind = Kind::Object(ScopingStep::object);
const REASON: Kind = Kind::Object(ScopingReason::object);
const SPENDING: Kind = Kind::Object(ScopingSpending::object);
const AMOUNTS: Kind = Kind::Object(ScopingAmounts::object);
const MILESTONES: Kind = Kind::Object(ScopingMilestones::object);
const MONEY: Kind = Kind::Object(Money::object);

object! {
    /// The projects of a group of people. Of too few people, a number is null.
    #[derive(Serialize)]
    ScopingReportGroup {
        /// What the group is.
        required kind: ReportGroupKind = word::<ReportGroupKind>(),
        /// What its people have in common: a word, the id of a role or a framework, or a month (`2026-03`).
        optional key: String = line(1, 100),
        /// The same for people.
        optional name: String = line(1, 300),
        /// Of how many people the projects are.
        required people: i64 = COUNT,
        /// How many projects there are.
        required projects: i64 = COUNT,
        /// How many stand where.
        required statuses: Vec<ScopingStatus> = list(&STATUS, 7),
        /// The five steps.
        required steps: Vec<ScopingStep> = list(&STEP, 5),
        /// How many projects went back at least once.
        optional projects_returned: i64 = COUNT,
        /// How often they did, in all.
        optional times_returned: i64 = COUNT,
        /// Why they did.
        required return_reasons: Vec<ScopingReason> = list(&REASON, 6),
        /// What was promised, and when it was done.
        required milestones: ScopingMilestones = MILESTONES,
        /// How much of the plan was spent, by category.
        required spending: Vec<ScopingSpending> = list(&SPENDING, 4),
        /// The same in money, each currency by itself: of projects that the caller sees, and of no others.
        required amounts: Vec<ScopingAmounts> = list(&AMOUNTS, 1000),
    }
}

object! {
    /// How many projects stand somewhere.
    #[derive(Serialize)]
    ScopingStatus {
        /// Where.
        required status: ProjectStatus = word::<ProjectStatus>(),
        /// How many.
        optional projects: i64 = COUNT,
    }
}

object! {
    /// A step over all projects.
    #[derive(Serialize)]
    ScopingStep {
        /// Which.
        required step: Step = word::<Step>(),
        /// How many projects are at it.
        optional projects: i64 = COUNT,
        /// In how many it is complete.
        optional completed: i64 = COUNT,
        /// How many whole days it took at most in half of them, from its last opening to its last completion. Of all projects:
        /// with half of the people, each by the mean of their projects.
        optional median_days: i64 = COUNT,
    }
}

object! {
    /// How often projects went back for a reason.
    #[derive(Serialize)]
    ScopingReason {
        /// Why.
        required reason: ReturnReason = word::<ReturnReason>(),
        /// How often.
        optional times: i64 = COUNT,
    }
}

object! {
    /// Milestones: for when they were promised, and when they were done, by the days of UTC.
    #[derive(Serialize)]
    ScopingMilestones {
        /// How many are done.
        optional done: i64 = COUNT,
        /// How many of these were done by their day.
        optional in_time: i64 = COUNT,
        /// How many are not done though their day has passed, in projects that go on.
        optional overdue: i64 = COUNT,
        /// How many days after theirs half of those that are done were done at most; less than nothing before it. Of all
        /// projects: with half of the people, each by the mean of their milestones.
        optional median_days_late: i64 = ANY,
    }
}

object! {
    /// What was spent of what was planned, in a category of budgets.
    #[derive(Serialize)]
    ScopingSpending {
        /// The category.
        required category: BudgetCategory = word::<BudgetCategory>(),
        /// How many projects have a plan in it.
        optional planned: i64 = COUNT,
        /// How many of these spent more than that, in any currency or unit.
        optional over: i64 = COUNT,
        /// How many percent of the plan half of them spent at most, each by the mean of its currencies and units. Of all projects:
        /// half of the people, each by the mean of their projects.
        optional median_percent: i64 = ANY,
    }
}

object! {
    /// The money of a category in one currency.
    #[derive(Serialize)]
    ScopingAmounts {
        /// The category.
        required category: BudgetCategory = word::<BudgetCategory>(),
        /// The currency.
        required currency: Currency = word::<Currency>(),
        /// What is planned; null when the sum is too large to be told.
        optional planned: Money = MONEY,
        /// What was spent; null when the sum is too large to be told.
        optional actual: Money = MONEY,
    }
}

/// A group as it is told.
pub(super) fn told(group: &Group, grouping: ReportGrouping, names: &people::Names) -> ScopingReportGroup {
    use Measure::{
        At, Back, Complete, Done, InTime, Late, Over, Overdue, Percent, Planned, Reason, Status, Times, Took,
    };
    let (key, name) = group.key.as_ref().map_or((None, None), |key| people::shown(grouping, key, names));
    let number = |measure: Measure, word: &str| group.number(measure, word);
    ScopingReportGroup {
        kind: group.kind,
        key,
        name,
        people: group.people,
        projects: group.projects,
        statuses: each(|status: ProjectStatus| ScopingStatus { status, projects: number(Status, status.word()) }),
        steps: each(|step: Step| ScopingStep {
            step,
            projects: number(At, step.word()),
            completed: number(Complete, step.word()),
            median_days: group.median(Took, step.word()),
        }),
        projects_returned: number(Back, ""),
        times_returned: number(Times, ""),
        return_reasons: each(|reason: ReturnReason| ScopingReason { reason, times: number(Reason, reason.word()) }),
        milestones: ScopingMilestones {
            done: number(Done, ""),
            in_time: number(InTime, ""),
            overdue: number(Overdue, ""),
            median_days_late: group.median(Late, ""),
        },
        spending: each(|category: BudgetCategory| ScopingSpending {
            category,
            planned: number(Planned, category.word()),
            over: number(Over, category.word()),
            median_percent: group.median(Percent, category.word()),
        }),
        amounts: Vec::new(),
    }
}

/// Something for every word.
fn each<E: Vocabulary, T>(told: impl FnMut(E) -> T) -> Vec<T> {
    E::ALL.iter().copied().map(told).collect()
}

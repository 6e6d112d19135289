//! Where projects stand in scoping, how often and why they go back, how long the steps take, and what was planned beside what came of
//! it (§9, §11, §12, §37).
//!
//! It tells of two things, never mixed. Of the projects that the caller sees, it tells everything as it is: they could look it up one by
//! one. Of all projects, it tells analysts what may be told of the people whose projects they are, as [`super::disclosure`] has
//! it: each person is in one group, counts once, and money is told in percent of the plan alone.

mod fold;
mod forms;
mod load;

use entity::{
    currency::Currency,
    id::UserId,
    kind::{Declared as _, Kind, id, int, line, list, word},
    money::Money,
    object,
    projects::{budget::BudgetCategory, project::ProjectStatus, scope::Step, scope_transition::ReturnReason},
    vocabulary,
    vocabulary::Vocabulary as _,
};
use serde::Serialize;
use serde_json::json;

use self::{
    fold::{Group, Measure},
    load::Projects,
};
use super::learning::{ReportGroupKind, ReportGrouping, load as people};
use crate::domain::{
    answer::{Answer, Form},
    error::{Code, Error, Result},
    look::Look,
    policy::Action,
};

const COUNT: Kind = int(0, i64::MAX);
const ANY: Kind = int(-100_000, 100_000);
const GROUP: Kind = Kind::Object(ScopingReportGroup::object);
const STATUS: Kind = Kind::Object(ScopingStatus::object);
const STEP: Kind = Kind::Object(ScopingStep::object);
const REASON: Kind = Kind::Object(ScopingReason::object);
const SPENDING: Kind = Kind::Object(ScopingSpending::object);
const AMOUNTS: Kind = Kind::Object(ScopingAmounts::object);
const MILESTONES: Kind = Kind::Object(ScopingMilestones::object);
const MONEY: Kind = Kind::Object(Money::object);

vocabulary! {
    /// Of which projects a report tells.
    ReportPopulation {
        /// Of those that the caller sees, as they are.
        Seen = "SEEN",
        /// Of all those of people who learn here, only counted.
        Organization = "ORGANIZATION",
    }
}

object! {
    /// Of which projects, and by what the people are told apart whose they are.
    ScopingReportQuestion {
        /// Of which projects; without it, of all for those who may be told of all, else of those that the caller sees.
        optional population: ReportPopulation = word::<ReportPopulation>(),
        /// By what people are told apart, when it is of all; without it, not at all.
        optional group_by: ReportGrouping = word::<ReportGrouping>(),
        /// One person, who opened their projects to the caller: of the projects that the caller sees, theirs.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// Where projects stand in scoping, and what came of it. Of all projects nothing is told of too few people, nor is left over
    /// when what is told is subtracted from each other; numbers are in steps of five then, rounded down.
    #[derive(Serialize)]
    ScopingReport {
        /// Of which projects.
        required population: ReportPopulation = word::<ReportPopulation>(),
        /// By what people are told apart.
        required group_by: ReportGrouping = word::<ReportGrouping>(),
        /// The one person whose projects they are, when it is about one.
        optional user_id: UserId = id::<UserId>(),
        /// Of how many people at least anything is told, when it is of all projects.
        required minimum_cohort: i64 = COUNT,
        /// Everybody, then the groups by name, then those in none, then the small ones together.
        required groups: Vec<ScopingReportGroup> = list(&GROUP, 100_000),
    }
}

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
        /// What is planned.
        required planned: Money = MONEY,
        /// What was spent.
        required actual: Money = MONEY,
    }
}

/// `scopingReport`.
#[must_use]
pub fn report() -> Answer {
    Answer::new(
        "scopingReport",
        Action::ViewScopingReport,
        "Where projects stand in scoping, how often and why they go back, how long the steps take, and what was planned beside what came of it.",
        Kind::Object(ScopingReport::object),
        scoping_report,
    )
    .at("reports/scoping")
    .points(200)
    .form(Form::csv("A row for each number of each group, as CSV.", forms::table))
    .form(Form::svg("A row for each step with what is complete in it, as SVG, in light and dark.", forms::chart))
}

async fn scoping_report(look: Look, asked: ScopingReportQuestion) -> Result<ScopingReport> {
    let grouping = asked.group_by.unwrap_or(ReportGrouping::None);
    let may_be_told_of_all = || look.who.may(Action::ViewScopingOfAll).is_ok();
    let of_all = asked.user_id.is_none() && may_be_told_of_all();
    let population =
        asked.population.unwrap_or(if of_all { ReportPopulation::Organization } else { ReportPopulation::Seen });
    let projects = projects(&look, population, asked.user_id, grouping).await?;
    let counted = load::counted(&look, projects).await?;
    let least = look.who.settings.minimum_cohort;
    let groups = match population {
        ReportPopulation::Seen => fold::exactly(counted),
        ReportPopulation::Organization => {
            let people: i64 = counted.iter().map(|(_, one)| one.people).sum();
            if people < least {
                let why = format!("A report tells of the projects of at least {least} people, and there are fewer.");
                return Err(Error::new(Code::InsufficientCohort, why).with(json!({ "minimumCohort": least })));
            }
            fold::together(counted, grouping, least)
        }
    };
    let names = people::names(&look, grouping, groups.iter().filter_map(|group| group.key.as_deref())).await?;
    let amounts = match population {
        ReportPopulation::Seen => load::amounts(&look, projects).await?,
        ReportPopulation::Organization => Vec::new(),
    };
    let mut groups: Vec<_> = groups.into_iter().map(|group| told(&group, grouping, &names)).collect();
    let by_name = |group: &ScopingReportGroup| group.name.clone().filter(|_| grouping != ReportGrouping::JoinedMonth);
    groups.sort_by_cached_key(|group| (group.kind, by_name(group), group.key.clone()));
    if let Some(total) = groups.first_mut() {
        total.amounts = amounts;
    }
    Ok(ScopingReport { population, group_by: grouping, user_id: asked.user_id, minimum_cohort: least, groups })
}

/// The projects that it is about: who may not be told of them is refused.
async fn projects(
    look: &Look,
    population: ReportPopulation,
    user: Option<UserId>,
    grouping: ReportGrouping,
) -> Result<Projects> {
    match (population, user) {
        (ReportPopulation::Organization, Some(_)) => {
            Err(Error::field(Code::BadInput, "/userId", "Of all projects, nobody is told by themself."))
        }
        (ReportPopulation::Organization, None) => {
            look.who.may(Action::ViewScopingOfAll)?;
            Ok(Projects::Organization(grouping))
        }
        (ReportPopulation::Seen, _) if grouping != ReportGrouping::None => {
            Err(Error::field(Code::BadInput, "/groupBy", "Only all projects are told by groups of people."))
        }
        (ReportPopulation::Seen, user) => {
            // What is told as it is may be looked at one by one: it takes the same right.
            look.who.has_scope_for(Action::ViewProject)?;
            if user.is_some() {
                look.person(user, Action::ViewScopingOfPerson).await?;
            }
            Ok(Projects::Seen(user))
        }
    }
}

fn told(group: &Group, grouping: ReportGrouping, names: &people::Names) -> ScopingReportGroup {
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
fn each<E: entity::vocabulary::Vocabulary, T>(told: impl FnMut(E) -> T) -> Vec<T> {
    E::ALL.iter().copied().map(told).collect()
}

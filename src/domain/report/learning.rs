//! The learning of an organization's people together: plans by status, progress and pace (§4, §7, §37).
//!
//! It is about people with the role LEARNER, each in exactly one group of a grouping. What may be told of them is
//! decided in [`super::disclosure`], which weeks in [`super::period`]; the numbers come from a few statements over
//! rows that are counted by group in the database, whatever the number of people.

mod fold;
pub(in crate::domain) mod load;

use chrono::NaiveDate;
use entity::{
    id::UserId,
    kind::{Declared as _, Kind, id, int, line, list, word},
    learning::learning_plan::LearningPlanStatus,
    object, vocabulary,
    vocabulary::Vocabulary as _,
};
use serde::Serialize;
use serde_json::json;

use self::{fold::Group, load::Population};
use super::{PlansInStatus, period::Weeks};
use crate::domain::{
    answer::{Answer, Form},
    error::{Code, Error, Result},
    look::Look,
    policy::Action,
    table::{Cell, csv},
};

const GROUP: Kind = Kind::Object(LearningReportGroup::object);
const WEEK: Kind = Kind::Object(LearningReportWeek::object);
const PLANS: Kind = Kind::Object(PlansInStatus::object);
const COUNT: Kind = int(0, i64::MAX);
const PERCENT: Kind = int(0, 100);

vocabulary! {
    /// By what people are told apart; each is in exactly one group.
    ReportGrouping {
        /// Not at all.
        None = "NONE",
        /// By the kind of their newest goal that is not reached.
        GoalKind = "GOAL_KIND",
        /// By the role of their newest goal that is not reached and leads to one.
        RoleProfile = "ROLE_PROFILE",
        /// By the framework that most items of their plans are of, among those that every member sees.
        Framework = "FRAMEWORK",
        /// By the month in which they joined the organization, in UTC.
        JoinedMonth = "JOINED_MONTH",
    }
}

vocabulary! {
    /// What a group of a report is.
    ReportGroupKind {
        /// Everybody.
        Total = "TOTAL",
        /// Those who have something in common.
        Group = "GROUP",
        /// Those who have nothing to group them by.
        Unassigned = "UNASSIGNED",
        /// The groups that are too small to be told by themselves, together.
        Other = "OTHER",
    }
}

object! {
    /// About which weeks, and by what people are grouped.
    LearningReportQuestion {
        /// A day of the first week; without it, that of twelve weeks. Weeks are told whole, from Monday to Sunday in
        /// UTC, so that no two questions differ by a day.
        optional from: NaiveDate = Kind::Date,
        /// A day of the last week; without it, and at most, the last week that has ended.
        optional to: NaiveDate = Kind::Date,
        /// By what people are told apart; without it, not at all.
        optional group_by: ReportGrouping = word::<ReportGrouping>(),
        /// One person alone, who opened it to the caller by a grant: then nothing is hidden or rounded.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// The learning of an organization's people together. Nothing is told of too few people, nor is left over when
    /// what is told is subtracted from each other; numbers are in steps of five, rounded down.
    #[derive(Serialize)]
    LearningReport {
        /// The first day of the first week: a Monday.
        required from: NaiveDate = Kind::Date,
        /// The last day of the last week: a Sunday.
        required to: NaiveDate = Kind::Date,
        /// By what people are told apart.
        required group_by: ReportGrouping = word::<ReportGrouping>(),
        /// The one person that it is about, when it is about one.
        optional user_id: UserId = id::<UserId>(),
        /// Of how many people at least anything is told.
        required minimum_cohort: i64 = COUNT,
        /// Everybody, then the groups by name, then those in none, then the small ones together.
        required groups: Vec<LearningReportGroup> = list(&GROUP, 100_000),
    }
}

object! {
    /// The learning of a group of people. Plans and progress are as they stand now.
    #[derive(Serialize)]
    LearningReportGroup {
        /// What the group is.
        required kind: ReportGroupKind = word::<ReportGroupKind>(),
        /// What its people have in common: a word, the id of a role or a framework, or a month (`2026-03`).
        optional key: String = line(1, 100),
        /// The same for people.
        optional name: String = line(1, 300),
        /// How many people are in it.
        required people: i64 = COUNT,
        /// How many plans they have, by where these stand.
        required plans: Vec<PlansInStatus> = list(&PLANS, 5),
        /// The mean of people's progress, in percent: of each, the weighted share that is done of everything in plans
        /// that are active or complete. Null for too few people, as each of the following.
        optional mean_progress: i64 = PERCENT,
        /// The progress that half of the people have at least.
        optional median_progress: i64 = PERCENT,
        /// The weeks, the oldest first.
        required weeks: Vec<LearningReportWeek> = list(&WEEK, 106),
    }
}

object! {
    /// The learning of a group of people in a week.
    #[derive(Serialize)]
    LearningReportWeek {
        /// Its first day: a Monday.
        required starts_on: NaiveDate = Kind::Date,
        /// Its number, such as `2026-W53`.
        required iso_week: String = line(8, 10),
        /// How many people learnt in it.
        optional active_people: i64 = COUNT,
        /// The minutes that half of these learnt at least.
        optional median_minutes: i64 = COUNT,
    }
}

/// `learningReport`.
#[must_use]
pub fn report() -> Answer {
    Answer::new(
        "learningReport",
        Action::ViewLearningReport,
        "The learning of the organization's people together: plans by status, progress and pace.",
        Kind::Object(LearningReport::object),
        learning_report,
    )
    .at("reports/learning")
    .points(200)
    .form(Form::csv("A row for each week of each group, as CSV.", table))
}

async fn learning_report(look: Look, asked: LearningReportQuestion) -> Result<LearningReport> {
    let population = if let Some(id) = asked.user_id {
        Population::One(look.person(Some(id), Action::ViewReportOfPerson).await?.id)
    } else {
        look.who.may(Action::ViewLearningReport)?;
        Population::Everybody
    };
    let weeks = Weeks::of(asked.from, asked.to, look.now.date_naive())?;
    let grouping = asked.group_by.unwrap_or(ReportGrouping::None);
    let counted = load::counted(&look, population, grouping, weeks).await?;
    let least = look.who.settings.minimum_cohort;
    let groups = match population {
        Population::One(_) => fold::exactly(counted),
        Population::Everybody => {
            let people: i64 = counted.iter().map(|(_, one)| one.people).sum();
            if people < least {
                let why = format!("A report tells of at least {least} people, and there are fewer.");
                return Err(Error::new(Code::InsufficientCohort, why).with(json!({ "minimumCohort": least })));
            }
            fold::together(counted, grouping, least)
        }
    };
    let names = load::names(&look, grouping, groups.iter().filter_map(|group| group.key.as_deref())).await?;
    let mut groups: Vec<LearningReportGroup> =
        groups.into_iter().map(|group| told(group, grouping, &names, weeks)).collect();
    // Months come in their own order, everything else by name.
    let by_name = |group: &LearningReportGroup| group.name.clone().filter(|_| grouping != ReportGrouping::JoinedMonth);
    groups.sort_by_cached_key(|group| (group.kind, by_name(group), group.key.clone()));
    Ok(LearningReport {
        from: weeks.from,
        to: weeks.to,
        group_by: grouping,
        user_id: asked.user_id,
        minimum_cohort: least,
        groups,
    })
}

fn told(group: Group, grouping: ReportGrouping, names: &load::Names, weeks: Weeks) -> LearningReportGroup {
    let (key, name) = match group.key {
        Some(key) => load::shown(grouping, &key, names),
        None => (None, None),
    };
    let week = |(monday, week): (NaiveDate, &fold::Week)| LearningReportWeek {
        starts_on: monday,
        iso_week: monday.format("%G-W%V").to_string(),
        active_people: week.active,
        median_minutes: week.median,
    };
    let plans = LearningPlanStatus::ALL.iter().zip(&group.plans);
    LearningReportGroup {
        kind: group.kind,
        key,
        name,
        people: group.people,
        plans: plans.map(|(&status, &plans)| PlansInStatus { status, plans }).collect(),
        mean_progress: group.mean_progress,
        median_progress: group.median_progress,
        weeks: weeks.mondays().zip(&group.weeks).map(week).collect(),
    }
}

fn table(told: &LearningReport) -> Result<String> {
    let mut columns = vec!["kind", "key", "name", "people"];
    columns.extend(["plansDraft", "plansWaitingForReview", "plansInReview", "plansActive", "plansComplete"]);
    columns.extend(["meanProgress", "medianProgress", "weekStartsOn", "isoWeek", "activePeople", "medianMinutes"]);
    let rows = told.groups.iter().flat_map(|group| {
        group.weeks.iter().map(|week| {
            let mut row: Vec<Cell> = vec![
                group.kind.word().into(),
                group.key.as_deref().into(),
                group.name.as_deref().into(),
                group.people.into(),
            ];
            row.extend(group.plans.iter().map(|one| Cell::from(one.plans)));
            row.extend([group.mean_progress, group.median_progress].map(Cell::from));
            row.extend([Cell::from(week.starts_on.to_string()), week.iso_week.as_str().into()]);
            row.extend([week.active_people, week.median_minutes].map(Cell::from));
            row
        })
    });
    csv(&columns, rows)
}

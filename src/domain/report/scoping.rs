//! Where projects stand in scoping, how often and why they go back, how long the steps take, and what was planned beside what came of
//! it (§9, §11, §12, §37).
//!
//! It tells of two things, never mixed. Of the projects that the caller sees, it tells everything as it is: they could look it up one by
//! one. Of all projects, it tells analysts what may be told of the people whose projects they are, as [`super::disclosure`] has
//! it: each person is in one group, counts once, and money is told in percent of the plan alone.

mod fold;
mod forms;
mod load;
pub mod told;

use entity::{
    id::UserId,
    kind::{Declared as _, Kind, id, int, list, word},
    object, vocabulary,
};
use serde::Serialize;
use serde_json::json;

use self::{
    load::Projects,
    told::{ScopingReportGroup, told},
};
use super::learning::{ReportGrouping, load as people};
use crate::domain::{
    answer::{Answer, Form},
    error::{Code, Error, Result},
    look::Look,
    policy::Action,
};

const COUNT: Kind = int(0, i64::MAX);
const GROUP: Kind = Kind::Object(ScopingReportGroup::object);

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
            Err(Error::field(Code::PopulationMismatch, "/userId", "Of all projects, nobody is told by themself."))
        }
        (ReportPopulation::Organization, None) => {
            look.who.may(Action::ViewScopingOfAll)?;
            Ok(Projects::Organization(grouping))
        }
        (ReportPopulation::Seen, _) if grouping != ReportGrouping::None => {
            Err(Error::field(Code::PopulationMismatch, "/groupBy", "Only all projects are told by groups of people."))
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

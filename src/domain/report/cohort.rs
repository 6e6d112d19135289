//! A coach's people: a row for each who opened their learning to the caller, and for nobody else (§37).
//!
//! Nothing is hidden or rounded here: each row is shown by the grant of the person whom it is about, and is gone with it.

mod plan;

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use entity::{
    id::UserId,
    kind::{Declared as _, Kind, id, int, line, list, word},
    object,
    platform::user,
    vocabulary::Vocabulary as _,
};
use serde::Serialize;
use serde_json::json;

use self::plan::{PlanRow, behind_most, by_status, plans, progress};
use super::{PlansInStatus, period};
use crate::{
    domain::{
        answer::{Answer, Form},
        error::Result,
        learning::{
            learning_plan::progress::OnTrack,
            pace::{
                history::{History, LOOK_BACK},
                streak,
            },
        },
        look::Look,
        policy::{Action, permission},
        table::{Cell, csv},
    },
    read::shape::shape,
};

/// How many days are told when nobody says.
const DAYS: u64 = 28;
/// How many people are told at most.
const MOST: usize = 1000;
const PERSON: Kind = Kind::Object(CohortPerson::object);
const PLANS: Kind = Kind::Object(PlansInStatus::object);
const COUNT: Kind = int(0, i64::MAX);
const PERCENT: Kind = int(0, 100);

object! {
    /// About which days.
    CohortReportQuestion {
        /// The first day; without it, that of four weeks. At most three years ago.
        optional from: NaiveDate = Kind::Date,
        /// The last day, as each person lives it; without it, today.
        optional to: NaiveDate = Kind::Date,
    }
}

object! {
    /// The learning of those who opened it to the caller, each by themself.
    #[derive(Serialize)]
    CohortReport {
        /// The first day.
        required from: NaiveDate = Kind::Date,
        /// The last day.
        required to: NaiveDate = Kind::Date,
        /// Those who are told of, together.
        required summary: CohortSummary = Kind::Object(CohortSummary::object),
        /// Each of them, by name: the first thousand.
        required people: Vec<CohortPerson> = list(&PERSON, MOST),
    }
}

object! {
    /// The learning of several people together.
    #[derive(Serialize)]
    CohortSummary {
        /// How many people they are.
        required people: i64 = COUNT,
        /// How many of them learnt in these days.
        required active_people: i64 = COUNT,
        /// How many of them have a plan that is behind.
        required people_behind: i64 = COUNT,
        /// How many minutes they learnt in these days.
        required minutes: i64 = COUNT,
        /// The mean of the progress of those who have any plan that was approved, in whole percent.
        optional mean_progress: i64 = PERCENT,
        /// How many plans they have, by where these stand.
        required plans: Vec<PlansInStatus> = list(&PLANS, 5),
    }
}

object! {
    /// The learning of a person.
    #[derive(Serialize)]
    CohortPerson {
        /// Who.
        required user_id: UserId = id::<UserId>(),
        /// What they are called.
        required name: String = line(1, 200),
        /// How many plans they have, by where these stand.
        required plans: Vec<PlansInStatus> = list(&PLANS, 5),
        /// The weighted share that is done of everything in their plans that are active or complete; null without any.
        optional progress: i64 = PERCENT,
        /// Where they stand with the active plan that is the furthest behind; null without an active plan.
        optional on_track: OnTrack = word::<OnTrack>(),
        /// How many minutes they learnt in these days.
        required minutes: i64 = COUNT,
        /// On how many of these days.
        required active_days: i64 = COUNT,
        /// How many weeks in a row reached their target, as `weeklyPace` counts them.
        required streak_weeks: i64 = COUNT,
        /// The last day on which they learnt, of three years.
        optional last_active_on: NaiveDate = Kind::Date,
    }
}

/// `cohortReport`.
#[must_use]
pub fn report() -> Answer {
    Answer::new(
        "cohortReport",
        Action::ViewCohort,
        "The learning of those who opened it to the caller, a row for each.",
        Kind::Object(CohortReport::object),
        cohort_report,
    )
    .at("reports/learning-cohort")
    .points(100)
    .form(Form::csv("A row for each person, as CSV.", table))
}

async fn cohort_report(look: Look, asked: CohortReportQuestion) -> Result<CohortReport> {
    // A machine has no grants, and names the people whom it asks about elsewhere.
    look.who.person()?;
    let (from, to) = days(&asked, look.now.date_naive())?;
    let people = people(&look).await?;
    let plans = if people.is_empty() { HashMap::new() } else { plans(&look, &people).await? };
    let histories = if people.is_empty() { Vec::new() } else { History::of_all(&look, &people).await? };
    let tolerance = look.who.settings.on_track_tolerance;
    let rows = people.into_iter().zip(&histories).map(|(person, history)| {
        let own = plans.get(&person.id).map(Vec::as_slice).unwrap_or_default();
        row(person, own, history, (from, to), tolerance)
    });
    let people: Vec<CohortPerson> = rows.collect();
    Ok(CohortReport { from, to, summary: summary(&people), people })
}

/// The days that are asked about.
fn days(asked: &CohortReportQuestion, today: NaiveDate) -> Result<(NaiveDate, NaiveDate)> {
    period::in_order(asked.from, asked.to)?;
    let to = asked.to.unwrap_or(today);
    let from = asked.from.unwrap_or_else(|| to.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(to));
    // The weeks that are looked back on, but for the one that may have begun a day later elsewhere.
    let weeks = LOOK_BACK as u64 - 2;
    let earliest = today.checked_sub_days(Days::new(7 * weeks)).unwrap_or(today);
    period::in_order(Some(from), Some(to))?;
    if from < earliest {
        let error = period::wrong("/from", format!("It looks back {weeks} weeks."));
        return Err(error.with(json!({ "weeks": weeks })));
    }
    Ok((from, to))
}

/// Those who opened their learning to the caller.
async fn people(look: &Look) -> Result<Vec<user::Model>> {
    let (shape, rule) = (shape("User"), permission(Action::ViewCohort).1.settled(&look.who));
    let mut sql = look.sql();
    sql.push("SELECT t0.* FROM \"user\" t0 WHERE t0.deleted_at IS NULL AND ").tenant(shape, "t0", &look.who);
    sql.push(" AND ").rule(&rule, "t0", &look.who).push(" ORDER BY t0.name, t0.id LIMIT ");
    sql.push(&MOST.to_string());
    look.rows(&sql).await
}

fn row(
    person: user::Model,
    plans: &[PlanRow],
    history: &History,
    (from, to): (NaiveDate, NaiveDate),
    tolerance: i64,
) -> CohortPerson {
    let lived = history.days.range(from..=to);
    let (minutes, active_days) = lived.fold((0, 0), |(sum, days), (_, (minutes, _))| (sum + minutes, days + 1));
    CohortPerson {
        user_id: person.id,
        name: person.name,
        plans: by_status(plans.iter().map(|plan| (plan.status, 1))),
        progress: progress(plans),
        on_track: behind_most(plans, &person.time_zone, history.today, tolerance),
        minutes,
        active_days,
        streak_weeks: streak::current(&history.weeks, history.target),
        last_active_on: history.days.last_key_value().map(|(day, _)| *day),
    }
}

fn summary(people: &[CohortPerson]) -> CohortSummary {
    let count = |which: fn(&&CohortPerson) -> bool| number(people.iter().filter(which).count());
    let progress: Vec<i64> = people.iter().filter_map(|person| person.progress).collect();
    let plans = people.iter().flat_map(|person| &person.plans).map(|one| (one.status, one.plans.unwrap_or(0)));
    CohortSummary {
        people: number(people.len()),
        active_people: count(|person| person.active_days > 0),
        people_behind: count(|person| person.on_track == Some(OnTrack::Behind)),
        minutes: people.iter().map(|person| person.minutes).sum(),
        mean_progress: (!progress.is_empty()).then(|| progress.iter().sum::<i64>() / number(progress.len())),
        plans: by_status(plans),
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn table(told: &CohortReport) -> Result<String> {
    let mut columns = vec!["userId", "name"];
    columns.extend(["plansDraft", "plansWaitingForReview", "plansInReview", "plansActive", "plansComplete"]);
    columns.extend(["progress", "onTrack", "minutes", "activeDays", "streakWeeks", "lastActiveOn"]);
    let rows = told.people.iter().map(|person| {
        let mut row: Vec<Cell> = vec![person.user_id.to_string().into(), person.name.as_str().into()];
        row.extend(person.plans.iter().map(|one| Cell::from(one.plans)));
        row.extend([Cell::from(person.progress), person.on_track.map(OnTrack::word).into()]);
        row.extend([person.minutes, person.active_days, person.streak_weeks].map(Cell::from));
        row.push(person.last_active_on.map(|day| day.to_string()).into());
        row
    });
    csv(&columns, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_those_asked_for_or_four_weeks() {
        let asked = |from: Option<&str>, to: Option<&str>| {
            let question = CohortReportQuestion { from: from.map(day), to: to.map(day) };
            days(&question, day("2026-11-25")).map_err(|error| error.field_errors()[0].pointer.clone())
        };
        assert_eq!(asked(None, None), Ok((day("2026-10-29"), day("2026-11-25"))));
        assert_eq!(asked(None, Some("2026-03-28")), Ok((day("2026-03-01"), day("2026-03-28"))));
        assert_eq!(asked(Some("2026-12-01"), None), Err("/to".to_owned()));
        assert_eq!(asked(Some("2023-12-07"), None), Err("/from".to_owned()));
        assert!(asked(Some("2023-12-12"), None).is_err() && asked(Some("2023-12-13"), None).is_ok());
    }
}

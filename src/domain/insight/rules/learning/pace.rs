//! The rules about how steadily somebody learns (§1, §4).

use chrono::{Days, NaiveDate};

use super::super::Found;
use crate::domain::insight::facts::Facts;

/// How few minutes in four weeks say nothing yet of how they are spread.
const FEW: i64 = 60;
/// The share of four weeks that two days may hold, in percent.
const TWO_DAYS: i64 = 60;
/// From which day of the week on its target is looked at, counted from 0.
const FIFTH: u64 = 4;

pub(super) fn learning_stopped(facts: &Facts) -> Vec<Found> {
    let learnt: i64 = facts.learning.minutes.iter().map(|(_, minutes)| minutes).sum();
    if !facts.learning.later_phase_active || learnt > 0 {
        return Vec::new();
    }
    vec![about_person(
        facts,
        "Nothing has been learnt in the last four weeks. Building and searching go better while learning goes on: half an hour is a start.".to_owned(),
    )]
}

pub(super) fn cramming(facts: &Facts) -> Vec<Found> {
    let mut minutes: Vec<i64> = facts.learning.minutes.iter().map(|(_, minutes)| *minutes).collect();
    minutes.sort_unstable_by(|a, b| b.cmp(a));
    let (all, two): (i64, i64) = (minutes.iter().sum(), minutes.iter().take(2).sum());
    if all < FEW || two * 100 <= all * TWO_DAYS {
        return Vec::new();
    }
    vec![about_person(
        facts,
        format!(
            "{} % of the minutes of the last four weeks fall on two days. A little on many days stays in mind longer.",
            two * 100 / all
        ),
    )]
}

pub(super) fn pace_at_risk(facts: &Facts) -> Vec<Found> {
    let learning = &facts.learning;
    let Some(target) = learning.target.filter(|target| *target > 0) else { return Vec::new() };
    let last = learning.week.checked_add_days(Days::new(6)).unwrap_or(learning.week);
    let fifth = learning.week.checked_add_days(Days::new(FIFTH)).unwrap_or(learning.week);
    let paused = learning.pauses.iter().any(|(from, to)| overlap((*from, *to), (learning.week, last)));
    let here = |day: &NaiveDate| (learning.week..=last).contains(day);
    let minutes: i64 = learning.minutes.iter().filter(|(day, _)| here(day)).map(|(_, minutes)| minutes).sum();
    if paused || facts.today < fifth || minutes * 2 >= target {
        return Vec::new();
    }
    vec![about_person(
        facts,
        format!(
            "{minutes} of the {target} minutes of this week are learnt. A short session on each day that is left brings it closer."
        ),
    )]
}

/// Whether two spans of days have a day in common.
fn overlap(a: (NaiveDate, NaiveDate), b: (NaiveDate, NaiveDate)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

fn about_person(facts: &Facts, reason: String) -> Found {
    Found { subject_kind: "user", subject_id: facts.user.to_string(), within: Vec::new(), reason, suggest: None }
}

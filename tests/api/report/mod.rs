//! Stories of reports: what an organization learns of its people together, and a coach of theirs (§37).

mod cohort;
mod job_search;
mod learning;
mod scoping;

use cairn::domain::{clock, learning::week::week_of};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::platform::organization::WeekStart;
use serde_json::{Value, json};

use crate::harness::Actor;

/// The first day of the last week that has ended, less so many weeks.
pub fn monday(weeks: u64) -> NaiveDate {
    week_of(clock::now().date_naive(), WeekStart::Monday) - Days::new(7 * (weeks + 1))
}

/// A morning of a week that has ended so many weeks before the last one.
pub fn morning(weeks: u64, day: u64) -> DateTime<Utc> {
    (monday(weeks) + Days::new(day)).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(9)
}

pub async fn learns(who: &Actor, at: DateTime<Utc>, minutes: i64) {
    who.create("LearningSession", json!({ "startedAt": clock::rfc3339(at), "minutes": minutes })).await.done();
}

/// Gives somebody a plan that is under way, of so many items, of which so many are done.
pub async fn carries_out(who: &Actor, competency: &str, items: usize, done: usize) -> String {
    let plan = who.plan("Learn").await;
    for place in 0..items {
        let item = who.create("PlanItem", json!({ "planId": plan, "competencyId": competency })).await.id();
        if place < done {
            who.update("PlanItem", &item, json!({ "status": "DONE" })).await.done();
        }
    }
    who.tell("LearningPlan", "approve", &plan).await.done();
    plan
}

/// A table as objects: texts by the names of their columns.
pub fn rows(table: &str) -> Vec<Value> {
    let mut read = csv::Reader::from_reader(table.as_bytes());
    let columns = read.headers().unwrap().clone();
    let row =
        |row: csv::StringRecord| columns.iter().zip(&row).map(|(name, cell)| (name.to_owned(), json!(cell))).collect();
    read.records().map(|record| Value::Object(row(record.unwrap()))).collect()
}

/// A value as a cell shows it.
pub fn cell(value: &Value) -> Value {
    match value {
        Value::Null => json!(""),
        Value::String(text) => json!(text),
        other => json!(other.to_string()),
    }
}

/// The plans of a status.
pub fn plans(of: &Value, status: &str) -> Value {
    let all = of["plans"].as_array().unwrap();
    all.iter().find(|one| one["status"] == status).unwrap()["plans"].clone()
}

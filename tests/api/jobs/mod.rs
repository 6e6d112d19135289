//! The search for a job (§21).

mod application;
mod finding;
mod history;
mod informational_interview;
mod job_posting;
mod job_search;
mod race;
mod role_observation;
mod role_reality;
mod stage;
mod story_nine;

use serde_json::{Value, json};

use crate::harness::Actor;

/// A search with the stages that it begins with, and an opening: everything to apply.
pub struct Search {
    pub id: String,
    /// Research, outreach, applied, screening, interviewing, offer.
    pub stages: Vec<String>,
    pub company: String,
    pub posting: String,
}

impl Search {
    pub async fn of(who: &Actor) -> Self {
        let id = who.create("JobSearch", json!({ "title": "Into ML" })).await.id();
        let stages = who.list("Stage", &[("jobSearchId", &id)]).await.ids();
        let company = who.create("Company", json!({ "name": "Windy Grid" })).await.id();
        let posting = who.create("JobPosting", json!({ "companyId": company, "title": "ML engineer" })).await.id();
        Self { id, stages, company, posting }
    }

    /// An application that began at a moment.
    pub async fn apply(&self, who: &Actor, began: &str) -> String {
        who.create("Application", self.new(json!({ "occurredAt": began }))).await.id()
    }

    /// An application for the opening.
    pub fn new(&self, more: Value) -> Value {
        let mut new = json!({ "jobSearchId": self.id, "postingId": self.posting });
        for (name, value) in more.as_object().unwrap() {
            new[name] = value.clone();
        }
        new
    }

    /// A move between two of its stages.
    pub fn step(&self, from: usize, to: usize) -> Value {
        json!({ "fromStageId": self.stages[from], "toStageId": self.stages[to] })
    }
}

/// The history of an application, in lines.
pub async fn history(who: &Actor, application: &str) -> Vec<String> {
    let events = who.list("ApplicationEvent", &[("applicationId", application)]).await.items;
    let mut events: Vec<_> = events.iter().map(|one| (one["number"].as_i64().unwrap(), line(one))).collect();
    events.sort();
    events.into_iter().map(|(_, line)| line).collect()
}

fn line(event: &Value) -> String {
    let word = |name: &str| event[name].as_str().unwrap_or("-").to_owned();
    let at = event["occurredAt"].as_str().unwrap().get(..10).unwrap();
    let corrects = if event["correctsId"].is_null() { "" } else { " corrects" };
    let (number, kind) = (event["number"].as_i64().unwrap(), word("kind"));
    format!("{number} {kind} {} > {} {} {at}{corrects}", word("fromKind"), word("toKind"), word("outcome"))
}

//! The search for a job: where somebody comes from and wants to go, where they apply, and what came of it (§16 to §21).

mod application;
mod calendar;
mod clip;
mod comes_back;
mod feedback;
mod finding;
mod follow;
pub mod funnel;
mod help_request;
mod history;
mod import;
mod import_again;
mod import_answers;
mod industry;
mod informational_interview;
mod interview;
mod job_posting;
mod job_search;
mod offer;
mod offered;
mod pipeline;
mod race;
mod referral;
mod role_observation;
mod role_reality;
mod search_leverage;
mod spoken_for;
mod stage;
mod story_eight;
mod story_nine;
mod tracker;
mod transition;
mod transition_leg;
mod transition_plan;

use serde_json::{Value, json};

use crate::harness::{Actor, Organization};

/// A role that asks for two things, and who is proficient in none of them: the role, and what it asks for.
pub async fn engineer(root: &Actor, name: &str) -> (String, [String; 2]) {
    let (_, [_, one, other]) = root.framework(name).await;
    let new = json!({ "title": "ML engineer", "aliases": ["Machine learning engineer"], "family": "Machine learning" });
    let role = root.create("RoleProfile", new).await.id();
    for (competency, level) in [(&one, 3), (&other, 2)] {
        let asks = json!({ "roleProfileId": role, "competencyId": competency, "requiredLevel": level });
        root.create("RoleRequirement", asks).await.done();
    }
    (role, [one, other])
}

/// Says in somebody's profile what they do.
pub async fn does(who: &Actor, changes: Value) {
    let profile = who.list("CareerProfile", &[("userId", &who.id)]).await.ids().remove(0);
    who.update("CareerProfile", &profile, changes).await.done();
}

/// A finance analyst, whoever keeps roles, and the role that she wants.
pub async fn analyst(acme: &Organization) -> (Actor, Actor, String, [String; 2]) {
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (role, asks) = engineer(&root, "own").await;
    does(&ada, json!({ "currentRole": "Financial analyst", "currentIndustry": "Banking" })).await;
    (ada, root, role, asks)
}

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
        who.create("Application", self.applying(json!({ "occurredAt": began }))).await.id()
    }

    /// An application for the opening.
    pub fn applying(&self, more: Value) -> Value {
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

//! Reading the document of a tracker: everything that is wrong in it by itself is told at once, each thing with its place.

mod answers;
mod parts;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    jobs::{application::ApplicationOutcome, stage::StageKind},
    kind::Declared as _,
};
use serde_json::Value;

use super::{
    document::{FORMAT, TrackerApplication, TrackerDocument, TrackerJob, VERSION},
    draft::{Application, Job, Members, Places, StageName, Step, To, Tracker, When},
    words,
};
use crate::domain::{
    check,
    error::Code,
    learning::exchange::notes::{Notes, Place},
};

/// Reads a document; what is wrong with it is noted, and it is not to be taken in then.
#[must_use]
pub fn read(document: Value, notes: &mut Notes) -> Option<Tracker> {
    for (name, known) in [("format", Value::from(FORMAT)), ("version", Value::from(VERSION))] {
        if document.get(name) != Some(&known) {
            notes.error(Place::default().member(name), Code::BadInput, &format!("{known} is expected."));
        }
    }
    if let Err(error) = check::object(TrackerDocument::object(), &document) {
        notes.refused(&Place::default(), &error);
    }
    if !notes.fine() {
        return None;
    }
    let document = check::settled(TrackerDocument::object(), document);
    let read: TrackerDocument = serde_json::from_value(document)
        .map_err(|error| notes.error(Place::default(), Code::BadInput, &error.to_string()))
        .ok()?;
    let tracker = drafted(read, notes);
    notes.fine().then_some(tracker)
}

/// Things by their ids, each of which is there once.
fn by_id<'d>(ids: impl Iterator<Item = &'d str>, list: &str, notes: &mut Notes) -> HashMap<String, usize> {
    let mut known = HashMap::new();
    for (place, id) in ids.enumerate() {
        if known.insert(id.to_owned(), place).is_some() {
            let at = Place::pointer(format!("/{list}/{place}/id"));
            notes.error(at, Code::AlreadyExists, "Another one has this id.");
        }
    }
    known
}

fn drafted(read: TrackerDocument, notes: &mut Notes) -> Tracker {
    let jobs = by_id(read.jobs.iter().map(|one| one.id.as_str()), "jobs", notes);
    let named = read.job_interview_stages.unwrap_or_default();
    let ids = by_id(named.iter().map(|one| one.id.as_str()), "jobInterviewStages", notes);
    let mut stages = Vec::new();
    for (place, one) in named.into_iter().enumerate() {
        let kind = one.kind.or_else(|| words::stage(&one.name));
        if kind.is_none() {
            let at = Place::pointer(format!("/jobInterviewStages/{place}/kind"));
            notes.error(at, Code::BadInput, "Its name does not say what it is: kind is missing.");
        }
        stages.push(StageName { kind: kind.unwrap_or(StageKind::Interviewing), name: Some(one.name) });
    }
    let named = by_id(read.applications.iter().map(|one| one.id.as_str()), "applications", notes);
    let known = Known { jobs: &jobs, applications: &named, ids: &ids, stages: &stages };
    let applications = read.applications.into_iter().enumerate();
    let applications: Vec<_> = applications.filter_map(|(place, one)| known.application(place, one, notes)).collect();
    let interviews = known.interviews(read.scheduled_interviews.unwrap_or_default(), notes);
    let offers = known.offers(read.offers.unwrap_or_default(), notes);
    let jobs = read.jobs.into_iter().enumerate().map(job).collect();
    let members = [("externalId", "id"), ("title", "name"), ("channel", "source")];
    let members = Members(members.map(|(member, called)| (member, called.to_owned())).into());
    let mut tracker = Tracker { source: read.source, jobs, applications, stages, interviews, offers, members };
    answers::answered(&mut tracker, notes);
    tracker
}

fn job((place, one): (usize, TrackerJob)) -> Job {
    Job {
        at: Place::pointer(format!("/jobs/{place}")),
        id: one.id,
        company: one.company,
        title: one.name,
        url: one.url,
        location: one.location,
        description: one.description,
        requisition: one.code,
        source: one.source,
        closes_at: one.closes_at.map(When::At),
    }
}

/// What the document holds, for what refers to it.
struct Known<'d> {
    jobs: &'d HashMap<String, usize>,
    applications: &'d HashMap<String, usize>,
    ids: &'d HashMap<String, usize>,
    stages: &'d [StageName],
}

impl Known<'_> {
    fn application(&self, place: usize, one: TrackerApplication, notes: &mut Notes) -> Option<Application> {
        let at = Place::pointer(format!("/applications/{place}"));
        let job = self.jobs.get(&one.job_id).copied();
        if job.is_none() {
            notes.error(at.member("jobId"), Code::ReferenceUnknown, "There is no such job in the document.");
        }
        let steps = self.steps(&at, &one, notes);
        Some(Application {
            at,
            id: one.id,
            alike: None,
            job: job?,
            channel: one.source,
            resume_version: one.resume_version,
            next_action: one.next_action,
            next_action_at: one.next_action_at.map(When::At),
            steps,
        })
    }

    fn stage(&self, at: &Place, id: &str, notes: &mut Notes) -> Option<&StageName> {
        let stage = self.ids.get(id).and_then(|place| self.stages.get(*place));
        if stage.is_none() {
            notes.error(at.clone(), Code::ReferenceUnknown, "There is no such stage in the document.");
        }
        stage
    }

    fn steps(&self, at: &Place, one: &TrackerApplication, notes: &mut Notes) -> Vec<Step> {
        let usual = |kind| To::Stage(StageName { kind, name: None });
        let dated = |to, when: DateTime<Utc>, member| {
            let said = Places::at(at.member(member));
            Step { to, at: Some(When::At(when)), reason: None, stands: false, said }
        };
        let mut steps = Vec::new();
        steps.extend(one.created_at.map(|when| dated(usual(StageKind::Research), when, "createdAt")));
        steps.extend(one.applied_at.map(|when| dated(usual(StageKind::Applied), when, "appliedAt")));
        for (place, activity) in one.activities.iter().flatten().enumerate() {
            let here = Place::pointer(format!("{}/activities/{place}", at.pointer));
            let what = here.member(if activity.stage_id.is_some() { "stageId" } else { "outcome" });
            let said = Places { what, when: here.member("occurredAt") };
            let to = match (&activity.stage_id, activity.outcome) {
                (Some(id), None) => self.stage(&here.member("stageId"), id, notes).cloned().map(To::Stage),
                (None, Some(outcome)) => Some(To::End(outcome)),
                _ => {
                    notes.error(here, Code::BadInput, "Exactly one of stageId and outcome is expected.");
                    None
                }
            };
            steps.extend(to.map(|to| Step {
                to,
                at: Some(When::At(activity.occurred_at)),
                reason: activity.reason.clone(),
                stands: false,
                said,
            }));
        }
        if let Some(id) = &one.current_stage_id
            && let Some(to) = self.stage(&at.member("currentStageId"), id, notes).cloned().map(To::Stage)
        {
            // Of what came to an end, it is where it stood last.
            let stands = one.outcome.is_none() && one.rejected_at.is_none();
            if stands || !steps.iter().any(|step| step.to == to) {
                let said = Places::at(at.member("currentStageId"));
                steps.push(Step { to, at: None, reason: None, stands, said });
            }
        }
        steps.extend(end(at, one));
        steps
    }
}

/// How an application ended.
fn end(place: &Place, one: &TrackerApplication) -> Option<Step> {
    let rejected = one.rejected_at.map(|at| (ApplicationOutcome::Rejected, Some(at)));
    let (outcome, at) = one.outcome.map(|outcome| (outcome, one.closed_at.or(one.rejected_at))).or(rejected)?;
    // A day on which it was rejected says nothing of later; how it ended does.
    let stands = one.outcome.is_some();
    let what = if stands { "outcome" } else { "rejectedAt" };
    let when = match (stands, one.closed_at, one.rejected_at) {
        (true, Some(_), _) => "closedAt",
        (true, None, Some(_)) => "rejectedAt",
        _ => what,
    };
    let said = Places { what: place.member(what), when: place.member(when) };
    Some(Step { to: To::End(outcome), at: at.map(When::At), reason: one.reject_reason.clone(), stands, said })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(mut more: Value) -> String {
        let mut document = json!({
            "format": FORMAT, "version": 1, "source": "huntr",
            "jobs": [{ "id": "j", "company": "Windy Grid", "name": "ML engineer" }],
            "jobInterviewStages": [{ "id": "s", "name": "Phone screen" }, { "id": "t", "name": "Lunch", "kind": "INTERVIEWING" }],
            "applications": [{ "id": "a", "jobId": "j", "appliedAt": "2026-03-01T10:00:00Z", "currentStageId": "t" }],
        });
        for (name, value) in more.as_object_mut().unwrap() {
            document[name] = value.take();
        }
        let mut notes = Notes::default();
        match read(document, &mut notes) {
            Some(tracker) => {
                let steps = tracker.applications[0].steps.iter().map(|step| match &step.to {
                    To::Stage(stage) => stage.name.clone().unwrap_or_else(|| stage.kind.to_string()),
                    To::End(outcome) => outcome.to_string(),
                });
                steps.collect::<Vec<_>>().join(" ")
            }
            None => {
                notes.errors.iter().map(|one| format!("{} {}", one.pointer, one.code)).collect::<Vec<_>>().join(", ")
            }
        }
    }

    #[test]
    fn a_document_is_read_or_says_what_is_wrong() {
        let apply = |more: Value| {
            let mut one = json!({ "id": "a", "jobId": "j" });
            for (name, value) in more.as_object().unwrap() {
                one[name] = value.clone();
            }
            json!({ "applications": [one] })
        };
        let (early, at, later) = ("2026-02-02T10:00:00Z", "2026-03-02T10:00:00Z", "2026-03-09T10:00:00Z");
        let offered = |status: &str, closed: &str, more: Value| {
            let mut one = json!({ "id": "a", "jobId": "j", "appliedAt": "2026-03-01T10:00:00Z" });
            for (name, value) in more.as_object().unwrap() {
                one[name] = value.clone();
            }
            one.as_object_mut().unwrap().retain(|_, value| !value.is_null());
            let offer = json!({ "id": "o", "applicationId": "a", "status": status, "closedAt": closed });
            json!({ "applications": [one], "offers": [offer] })
        };
        for (more, wanted) in [
            (json!({}), "APPLIED Lunch"),
            (
                apply(json!({ "activities": [{ "stageId": "s", "occurredAt": at }], "rejectedAt": at })),
                "Phone screen REJECTED",
            ),
            (apply(json!({ "outcome": "WITHDRAWN" })), "WITHDRAWN"),
            // What was answered to an offer, beside what is said of its application.
            (offered("ACCEPTED", at, json!({})), "APPLIED OFFER_ACCEPTED"),
            (offered("DECLINED", at, json!({})), "APPLIED OFFER_DECLINED"),
            (offered("ACCEPTED", at, json!({ "outcome": "OFFER_ACCEPTED" })), "APPLIED OFFER_ACCEPTED"),
            (offered("ACCEPTED", at, json!({ "outcome": "REJECTED" })), "/offers/0/status APPLICATION_CLOSED"),
            (offered("ACCEPTED", at, json!({ "rejectedAt": later })), "/offers/0/status APPLICATION_CLOSED"),
            (offered("DECLINED", at, json!({ "rejectedAt": later })), "APPLIED REJECTED"),
            (
                offered(
                    "ACCEPTED",
                    later,
                    json!({ "activities": [
                    { "outcome": "REJECTED", "occurredAt": at }, { "stageId": "s", "occurredAt": later },
                ] }),
                ),
                "APPLIED REJECTED Phone screen OFFER_ACCEPTED",
            ),
            (offered("ACCEPTED", early, json!({})), "/offers/0/closedAt OCCURRED_AT_INVALID"),
            (offered("ACCEPTED", early, json!({ "appliedAt": null })), "OFFER_ACCEPTED"),
            (json!({ "version": 2 }), "/version BAD_INPUT"),
            (json!({ "pages": 1 }), "/pages BAD_INPUT"),
            (apply(json!({ "jobId": "x" })), "/applications/0/jobId REFERENCE_UNKNOWN"),
            (apply(json!({ "currentStageId": "x" })), "/applications/0/currentStageId REFERENCE_UNKNOWN"),
            (apply(json!({ "activities": [{ "occurredAt": at }] })), "/applications/0/activities/0 BAD_INPUT"),
            (
                json!({ "jobInterviewStages": [{ "id": "s", "name": "Hm" }], "applications": [] }),
                "/jobInterviewStages/0/kind BAD_INPUT",
            ),
            (
                json!({ "jobs": [{ "id": "j", "company": "A", "name": "B" }, { "id": "j", "company": "A", "name": "B" }] }),
                "/jobs/1/id ALREADY_EXISTS",
            ),
        ] {
            assert_eq!(told(more.clone()), wanted, "{more}");
        }
    }
}

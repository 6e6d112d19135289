//! The document of a tracker, named after the common applicant-tracking model: candidate, job, interview stage, application, scheduled
//! interview, offer.

use chrono::{DateTime, Utc};
use entity::{
    jobs::{
        application::{ApplicationChannel, ApplicationOutcome},
        stage::StageKind,
    },
    kind::{Declared as _, Kind, line, list, word},
    object,
};
use serde_json::Value;

use crate::domain::{
    external::SOURCE,
    jobs::{application, application_event::REASON, job_posting, stage},
};

/// What the document calls itself.
pub const FORMAT: &str = "cairn/job-tracker";
/// The version of its form that is read.
pub const VERSION: i64 = 1;
/// How many applications, and jobs, it holds.
pub const MOST: usize = 20_000;
/// How many steps an application has.
pub const STEPS_MOST: usize = 200;

/// The name of a thing in the other system.
const NAME: Kind = line(1, 200);
const CANDIDATE: Kind = Kind::Object(TrackerCandidate::object);
const JOB: Kind = Kind::Object(TrackerJob::object);
const STAGE: Kind = Kind::Object(TrackerInterviewStage::object);
const APPLICATION: Kind = Kind::Object(TrackerApplication::object);
const ACTIVITY: Kind = Kind::Object(TrackerActivity::object);

object! {
    /// A search for a job, as another system keeps it.
    TrackerDocument {
        /// `cairn/job-tracker`.
        required format: String = line(1, 100),
        /// 1.
        required version: i64 = Kind::Int { min: 1, max: i64::MAX },
        /// The system that it comes from: the ids of things are names there.
        required source: String = SOURCE,
        /// Who searches.
        optional candidate: TrackerCandidate = CANDIDATE,
        /// The openings.
        required jobs: Vec<TrackerJob> = list(&JOB, MOST),
        /// The stages, in their order.
        optional job_interview_stages: Vec<TrackerInterviewStage> = list(&STAGE, stage::MOST),
        /// The applications.
        required applications: Vec<TrackerApplication> = list(&APPLICATION, MOST),
        /// Interviews that were arranged.
        optional scheduled_interviews: Vec<Value> = list(&Kind::Json, MOST),
        /// Offers.
        optional offers: Vec<Value> = list(&Kind::Json, MOST),
    }
}

object! {
    /// Who searches: it is read, and not taken in.
    TrackerCandidate {
        /// The id.
        optional id: String = NAME,
        /// What they are called.
        optional name: String = line(1, 200),
    }
}

object! {
    /// An opening.
    TrackerJob {
        /// The id.
        required id: String = NAME,
        /// The company.
        required company: String = line(1, 200),
        /// What the role is called.
        required name: String = job_posting::TITLE,
        /// The company's own name for it.
        optional code: String = job_posting::REQUISITION,
        /// Where it stands.
        optional url: String = job_posting::URL,
        /// What it says.
        optional description: String = job_posting::DESCRIPTION,
        /// Where one works.
        optional location: String = job_posting::LOCATION,
        /// Where it was found.
        optional source: String = job_posting::SOURCE,
        /// When it closes.
        optional closes_at: DateTime<Utc> = Kind::Time,
    }
}

object! {
    /// A stage.
    TrackerInterviewStage {
        /// The id.
        required id: String = NAME,
        /// What it is called.
        required name: String = stage::NAME,
        /// What it is; without it, what its name says.
        optional kind: StageKind = word::<StageKind>(),
    }
}

object! {
    /// An application.
    TrackerApplication {
        /// The id.
        required id: String = NAME,
        /// The opening.
        required job_id: String = NAME,
        /// By which way it came about.
        optional source: ApplicationChannel = word::<ApplicationChannel>(),
        /// When one took note of it.
        optional created_at: DateTime<Utc> = Kind::Time,
        /// When one applied.
        optional applied_at: DateTime<Utc> = Kind::Time,
        /// The stage in which it stands.
        optional current_stage_id: String = NAME,
        /// When it was rejected.
        optional rejected_at: DateTime<Utc> = Kind::Time,
        /// Why.
        optional reject_reason: String = REASON,
        /// What came of it, when it was something else.
        optional outcome: ApplicationOutcome = word::<ApplicationOutcome>(),
        /// When that was.
        optional closed_at: DateTime<Utc> = Kind::Time,
        /// Which résumé was sent.
        optional resume_version: String = application::RESUME,
        /// What to do next.
        optional next_action: String = application::NEXT,
        /// When to do it.
        optional next_action_at: DateTime<Utc> = Kind::Time,
        /// What happened, when.
        optional activities: Vec<TrackerActivity> = list(&ACTIVITY, STEPS_MOST),
    }
}

object! {
    /// Something that happened to an application: it came to a stage, or to an end.
    TrackerActivity {
        /// The stage.
        optional stage_id: String = NAME,
        /// The end.
        optional outcome: ApplicationOutcome = word::<ApplicationOutcome>(),
        /// When.
        required occurred_at: DateTime<Utc> = Kind::Time,
        /// Why.
        optional reason: String = REASON,
    }
}

//! The document of a tracker, named after the common applicant-tracking model: candidate, job, interview stage, application, scheduled
//! interview, offer.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    jobs::{
        application::{ApplicationChannel, ApplicationOutcome},
        interview::{InterviewResult, InterviewState, InterviewType},
        offer::OfferState,
        stage::StageKind,
    },
    kind::{Declared as _, Kind, line, list, word},
    money::Money,
    object,
};

use crate::domain::{
    external::SOURCE,
    jobs::{application, application_event::REASON, interview, job_posting, offer, stage},
};

/// What the document calls itself.
pub const FORMAT: &str = "cairn/job-tracker";
/// The version of its form that is read.
pub const VERSION: i64 = 1;
/// How many applications, jobs, interviews and offers it holds, of each.
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
const INTERVIEW: Kind = Kind::Object(TrackerScheduledInterview::object);
const INTERVIEWER: Kind = Kind::Object(TrackerInterviewer::object);
const OFFER: Kind = Kind::Object(TrackerOffer::object);

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
        optional scheduled_interviews: Vec<TrackerScheduledInterview> = list(&INTERVIEW, MOST),
        /// Offers.
        optional offers: Vec<TrackerOffer> = list(&OFFER, MOST),
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

object! {
    /// An interview that was arranged.
    TrackerScheduledInterview {
        /// The id.
        required id: String = NAME,
        /// The application.
        required application_id: String = NAME,
        /// The stage that it belongs to: where `type` is absent, its name says what kind of interview it is.
        optional job_interview_stage_id: String = NAME,
        /// What kind of interview it is. Without it and such a name, one with several people is a `PANEL`, and one in screening a
        /// `RECRUITER_SCREEN`.
        optional r#type: InterviewType = word::<InterviewType>(),
        /// Which round it is; the one after those before, unless it is said.
        optional round: i64 = interview::ROUND,
        /// When it begins.
        required start_at: DateTime<Utc> = Kind::Time,
        /// When it ends; an hour later, unless it is said.
        optional end_at: DateTime<Utc> = Kind::Time,
        /// In which time zone it was agreed; that of whoever searches, unless it is said.
        optional time_zone: String = interview::ZONE,
        /// Where it is: a place, or the address of a call.
        optional location: String = interview::LOCATION,
        /// Who leads it.
        optional interviewers: Vec<TrackerInterviewer> = list(&INTERVIEWER, interview::LEAD_MOST),
        /// Where it stands; `HELD` when there is a result, else `SCHEDULED`, unless it is said.
        optional status: InterviewState = word::<InterviewState>(),
        /// What came of it.
        optional result: InterviewResult = word::<InterviewResult>(),
        /// What else is to be said.
        optional note: String = interview::NOTE,
    }
}

object! {
    /// Somebody who leads an interview.
    TrackerInterviewer {
        /// What they are called.
        required name: String = line(1, 200),
        /// What they do there.
        optional role: String = line(1, 200),
    }
}

object! {
    /// An offer that came.
    TrackerOffer {
        /// The id.
        required id: String = NAME,
        /// The application that it answers.
        required application_id: String = NAME,
        /// Where it stands. Without it, the end of the application says; one that goes on has an offer that was `RECEIVED`.
        optional status: OfferState = word::<OfferState>(),
        /// When it came; when the application came to a stage of offers, unless it is said.
        optional sent_at: DateTime<Utc> = Kind::Time,
        /// When it was answered, or taken back.
        optional closed_at: DateTime<Utc> = Kind::Time,
        /// What it pays in a year. All amounts are of one currency.
        optional base: Money = offer::MONEY,
        /// What it may pay besides in a year.
        optional bonus: Money = offer::MONEY,
        /// What its shares are worth in a year, as whoever searches sees it.
        optional equity: Money = offer::MONEY,
        /// What else it holds.
        optional benefits: String = offer::BENEFITS,
        /// Where one would work.
        optional location: String = offer::LOCATION,
        /// When one would begin.
        optional start_date: NaiveDate = Kind::Date,
        /// Until when it is to be answered.
        optional respond_by: DateTime<Utc> = Kind::Time,
        /// What whoever searches thinks of it.
        optional note: String = offer::NOTE,
    }
}

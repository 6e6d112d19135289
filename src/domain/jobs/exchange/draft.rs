//! What is read of a tracker, wherever it came from: openings, and applications for them with what happened when.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use entity::jobs::{
    application::{ApplicationChannel, ApplicationOutcome},
    interview::{InterviewResult, InterviewState, InterviewType, Interviewer},
    offer::OfferState,
    stage::StageKind,
};

use crate::domain::{
    jobs::offer::{change::OfferPatch, pay::Pay},
    learning::{exchange::notes::Place, week::begins_in},
};

/// A tracker, as it was read.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    /// The system that it comes from: names of things are names there.
    pub source: String,
    /// The openings.
    pub jobs: Vec<Job>,
    /// The applications.
    pub applications: Vec<Application>,
    /// The stages, in their order: what the steps of applications name. Others are made as they are met.
    pub stages: Vec<StageName>,
    /// The interviews.
    pub interviews: Vec<Interview>,
    /// The offers.
    pub offers: Vec<Offer>,
    /// What the members of applications are called there.
    pub members: Members,
}

/// What the members of applications are called in a document, where that is not as here: the columns of a table have any name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(pub HashMap<&'static str, String>);

impl Members {
    /// What a member is called there.
    #[must_use]
    pub fn called(&self, member: &'static str) -> &str {
        self.0.get(member).map_or(member, String::as_str)
    }
}

impl Tracker {
    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.applications.len() + self.interviews.len() + self.offers.len()
    }

    /// What an application is for, as people say it.
    #[must_use]
    pub fn called(&self, application: usize) -> String {
        let job = self.applications.get(application).and_then(|one| self.jobs.get(one.job));
        job.map_or_else(String::new, |job| format!("{}, {}", job.title, job.company))
    }
}

/// An opening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// Where it stands in the document.
    pub at: Place,
    /// Its name in the other system.
    pub id: String,
    /// Who has it.
    pub company: String,
    /// What the role is called.
    pub title: String,
    /// Where it stands.
    pub url: Option<String>,
    /// Where one works.
    pub location: Option<String>,
    /// What it says.
    pub description: Option<String>,
    /// The company's own name for it.
    pub requisition: Option<String>,
    /// Where it was found.
    pub source: Option<String>,
    /// When it closes.
    pub closes_at: Option<When>,
}

/// An application.
#[derive(Clone, Debug)]
pub struct Application {
    /// Where it stands in the document.
    pub at: Place,
    /// Its name in the other system.
    pub id: String,
    /// What it is known by, when it has no name there.
    pub alike: Option<Alike>,
    /// Which of the jobs it is for.
    pub job: usize,
    /// By which way it came about.
    pub channel: Option<ApplicationChannel>,
    /// Which résumé was sent.
    pub resume_version: Option<String>,
    /// What to do next.
    pub next_action: Option<String>,
    /// When to do it.
    pub next_action_at: Option<When>,
    /// What happened to it.
    pub steps: Vec<Step>,
}

/// What an application is known by that has no name in the other system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// What it is for: others may be for the same.
    pub name: String,
    /// When one applied: that tells them apart.
    pub applied: Option<When>,
}

impl Alike {
    /// The day on which one applied, as the document writes it.
    #[must_use]
    pub fn day(&self) -> Option<NaiveDate> {
        self.applied.map(|when| match when {
            When::At(at) => at.date_naive(),
            When::On(day) => day,
            When::Then(at) => at.date(),
        })
    }
}

/// An interview that was arranged.
#[derive(Clone, Debug)]
pub struct Interview {
    /// Where it stands in the document.
    pub at: Place,
    /// Its name in the other system.
    pub id: String,
    /// Which of the applications it belongs to.
    pub application: usize,
    /// What kind of interview it is.
    pub kind: InterviewType,
    /// Which round it is.
    pub round: Option<i64>,
    /// When it begins.
    pub starts: DateTime<Utc>,
    /// How many minutes it takes.
    pub minutes: Option<i64>,
    /// In which time zone it was agreed.
    pub time_zone: Option<String>,
    /// Where it is.
    pub location: Option<String>,
    /// Who leads it.
    pub interviewers: Vec<Interviewer>,
    /// Where it stands, when the document says.
    pub state: Option<InterviewState>,
    /// What came of it.
    pub result: InterviewResult,
    /// What else is to be said.
    pub note: Option<String>,
}

/// An offer that came.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Where it stands in the document.
    pub at: Place,
    /// Its name in the other system.
    pub id: String,
    /// Which of the applications it answers.
    pub application: usize,
    /// Where it stands, when the document says.
    pub state: Option<OfferState>,
    /// When it came.
    pub sent: Option<DateTime<Utc>>,
    /// When it was answered, or taken back.
    pub closed: Option<DateTime<Utc>>,
    /// What it pays.
    pub(in crate::domain::jobs) pay: Pay,
    /// What it holds, as a change of an offer says it.
    pub terms: OfferPatch,
}

/// A stage, by what it is and what it is called; without a name, the first of its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StageName {
    /// What it is.
    pub kind: StageKind,
    /// What it is called.
    pub name: Option<String>,
}

/// What a step leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// A stage.
    Stage(StageName),
    /// An end.
    End(ApplicationOutcome),
}

/// Where a document says that something happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// What.
    pub what: Place,
    /// When; where it says what, when it says no day.
    pub when: Place,
}

impl Places {
    /// What is said by its day alone.
    #[must_use]
    pub fn at(place: Place) -> Self {
        Self { what: place.clone(), when: place }
    }
}

/// Something that happened to an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// To what it led.
    pub to: To,
    /// When; a step that is not dated followed the one before it.
    pub at: Option<When>,
    /// Why.
    pub reason: Option<String>,
    /// Whether the document says that it stands there now: that is the last, whatever else is dated.
    pub stands: bool,
    /// Where the document says it.
    pub said: Places,
}

/// A moment, or a day of its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A moment.
    At(DateTime<Utc>),
    /// A day.
    On(NaiveDate),
    /// A time of a day.
    Then(NaiveDateTime),
}

impl When {
    /// The moment, for somebody who lives in a zone: a day begins it.
    #[must_use]
    pub fn moment(self, zone: &str) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::On(day) => begins_in(zone, day),
            Self::Then(at) => {
                let there = zone.parse::<chrono_tz::Tz>().unwrap_or(chrono_tz::UTC).from_local_datetime(&at).earliest();
                there.map_or_else(|| at.and_utc(), |at| at.with_timezone(&Utc))
            }
        }
    }
}

//! Interviews with companies that invite somebody who applied (§23).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{ApplicationId, ContactId, InterviewId, OrganizationId, UserId},
    kind::{Kind, id, int, line, list, prose},
    vocabulary::Json,
};

crate::vocabulary! {
    /// What kind of interview it is.
    InterviewType {
        /// A first talk with a recruiter.
        RecruiterScreen = "RECRUITER_SCREEN",
        /// About what one can do.
        Technical = "TECHNICAL",
        /// Something to solve.
        Assessment = "ASSESSMENT",
        /// About how one works.
        Behavioral = "BEHAVIORAL",
        /// A day there.
        Onsite = "ONSITE",
        /// With several people at once.
        Panel = "PANEL",
        /// The last one.
        Final = "FINAL",
    }
}

crate::vocabulary! {
    /// Where an interview stands.
    InterviewState {
        /// It has a time.
        Scheduled = "SCHEDULED",
        /// It has another time than at first.
        Rescheduled = "RESCHEDULED",
        /// It took place.
        Held = "HELD",
        /// It does not take place.
        Cancelled = "CANCELLED",
        /// One side did not come.
        NoShow = "NO_SHOW",
    }
}

crate::vocabulary! {
    /// What came of an interview.
    InterviewResult {
        /// It is not known yet.
        Pending = "PENDING",
        /// It goes on.
        Passed = "PASSED",
        /// It does not go on.
        NotPassed = "NOT_PASSED",
    }
}

/// A line of what is prepared.
const LINE: Kind = prose(1000);

crate::object! {
    /// Somebody who leads an interview.
    #[derive(Serialize, PartialEq, Eq)]
    Interviewer {
        /// What they are called.
        required name: String = line(1, 200),
        /// What they do there.
        optional role: String = line(1, 200),
        /// Who they are, when they are somebody whom the owner knows.
        optional contact_id: ContactId = id::<ContactId>(),
    }
}

crate::object! {
    /// What somebody prepares for an interview.
    #[derive(Serialize, PartialEq, Eq)]
    InterviewPrep {
        /// What to look at again.
        optional topics: Vec<String> = list(&LINE, 50),
        /// What to ask them.
        optional questions: Vec<String> = list(&LINE, 50),
    }
}

crate::object! {
    /// A time that an interview had before it was moved.
    #[derive(Serialize, PartialEq, Eq)]
    InterviewMove {
        /// When it was to be.
        required scheduled_at: String = Kind::Time,
        /// How many minutes it was to take.
        required duration_min: i64 = int(5, 1440),
        /// Why it was moved.
        optional reason: String = prose(1000),
        /// When it was moved.
        required moved_at: String = Kind::Time,
    }
}

/// A row of `interview`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "interview")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InterviewId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose it is.
    pub owner_id: UserId,
    /// The application.
    pub application_id: ApplicationId,
    /// Which round it is, from 1.
    pub round: i64,
    /// What kind of interview it is.
    #[sea_orm(column_name = "type")]
    pub kind: InterviewType,
    /// When it is.
    pub scheduled_at: DateTime<Utc>,
    /// How many minutes it takes.
    pub duration_min: i64,
    /// In which time zone it was agreed.
    pub time_zone: String,
    /// Where it is: a place or an address.
    pub location: Option<String>,
    /// Who leads it.
    pub interviewers: Json<Vec<Interviewer>>,
    /// Where it stands.
    pub state: InterviewState,
    /// What came of it.
    pub result: InterviewResult,
    /// What is prepared for it.
    pub prep: Json<InterviewPrep>,
    /// The times that it had before, in the order in which it was moved.
    pub moves: Json<Vec<InterviewMove>>,
    /// Why it was called off, or what else is to be said.
    pub note: Option<String>,
    /// When it took place.
    pub held_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; it can be restored.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

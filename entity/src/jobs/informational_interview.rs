//! Informational interviews: talks with people who do the work that one would like to do (§20).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{CompanyId, ContactId, InformationalInterviewId, OrganizationId, RoleProfileId, UserId},
    kind::{Kind, int, line, prose},
    vocabulary::Json,
};

crate::vocabulary! {
    /// Where an informational interview stands.
    InformationalInterviewState {
        /// It is thought of.
        Planned = "PLANNED",
        /// The contact was asked.
        Requested = "REQUESTED",
        /// They said yes, and when.
        Scheduled = "SCHEDULED",
        /// It took place.
        Held = "HELD",
        /// They were thanked, and told what came of it.
        FollowedUp = "FOLLOWED_UP",
        /// They said no.
        Declined = "DECLINED",
        /// They have not answered.
        NoResponse = "NO_RESPONSE",
        /// It will not take place.
        Cancelled = "CANCELLED",
    }
}

crate::vocabulary! {
    /// How people talk.
    InterviewChannel {
        /// In one place.
        InPerson = "IN_PERSON",
        /// By video.
        Video = "VIDEO",
        /// By telephone.
        Phone = "PHONE",
        /// In writing.
        Written = "WRITTEN",
    }
}

crate::vocabulary! {
    /// What came of an informational interview; each is a good thing to know.
    InformationalInterviewOutcome {
        /// To apply there.
        Apply = "APPLY",
        /// To learn something first: a success, since now it is known what.
        LearnFirst = "LEARN_FIRST",
        /// It is not what one is looking for.
        NotForMe = "NOT_FOR_ME",
        /// They would refer one.
        ReferralOffered = "REFERRAL_OFFERED",
        /// They introduced one to somebody else.
        IntroducedTo = "INTRODUCED_TO",
    }
}

crate::object! {
    /// A question to ask.
    #[derive(Serialize, PartialEq, Eq)]
    InterviewQuestion {
        /// What it is about, in a word or two.
        required topic: String = line(1, 100),
        /// The question.
        required text: String = prose(1000),
    }
}

crate::object! {
    /// What somebody answered.
    #[derive(Serialize, PartialEq, Eq)]
    InterviewAnswer {
        /// What it was about: the topic of the question.
        required topic: String = line(1, 100),
        /// What they said.
        required text: String = prose(5000),
    }
}

crate::object! {
    /// When it was to take place before it was moved.
    #[derive(Serialize, PartialEq, Eq)]
    Rescheduled {
        /// When it was to take place.
        required scheduled_at: String = Kind::Time,
        /// For how many minutes.
        required duration_min: i64 = int(1, 1440),
        /// When it was moved.
        required moved_at: String = Kind::Time,
        /// Why.
        optional reason: String = line(1, 500),
    }
}

/// A row of `informational_interview`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "informational_interview")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InformationalInterviewId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who asks.
    pub owner_id: UserId,
    /// Who is asked.
    pub contact_id: ContactId,
    /// Where they work.
    pub company_id: Option<CompanyId>,
    /// The role that it is about.
    pub role_profile_id: Option<RoleProfileId>,
    /// What that role is called there.
    pub role_title: Option<String>,
    /// The same, folded.
    pub title_folded: Option<String>,
    /// What one wants to know.
    pub purpose: Option<String>,
    /// Where it stands.
    pub state: InformationalInterviewState,
    /// When they were asked.
    pub requested_at: Option<DateTime<Utc>>,
    /// When it is to take place.
    pub scheduled_at: Option<DateTime<Utc>>,
    /// For how many minutes.
    pub duration_min: i64,
    /// How they talk.
    pub channel: Option<InterviewChannel>,
    /// When it took place.
    pub held_at: Option<DateTime<Utc>>,
    /// What is known of the person beforehand.
    pub research_interviewee: Option<String>,
    /// What is known of the company beforehand.
    pub research_company: Option<String>,
    /// What to ask in place of the usual questions; none means these.
    pub own_questions: Json<Vec<InterviewQuestion>>,
    /// What they answered.
    pub answers: Json<Vec<InterviewAnswer>>,
    /// When it was to take place before.
    pub reschedules: Json<Vec<Rescheduled>>,
    /// What came of it.
    pub outcome: Option<InformationalInterviewOutcome>,
    /// What is to be said of that.
    pub outcome_note: Option<String>,
    /// To whom they introduced one.
    pub introduced_contact_id: Option<ContactId>,
    /// Until when they should hear of one.
    pub follow_up_due_at: Option<DateTime<Utc>>,
    /// When they did.
    pub followed_up_at: Option<DateTime<Utc>>,
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

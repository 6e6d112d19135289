//! Calendar feeds: addresses at which a calendar program reads a person's dates, without a log-in.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::{
    id::{CalendarFeedId, OrganizationId, UserId},
    platform::client::Scope,
    vocabulary::Set,
};

crate::vocabulary! {
    /// What a calendar may hold of what is a person's.
    CalendarContent {
        /// The days of the milestones of the projects that are theirs or that they are in.
        Milestones = "MILESTONES",
        /// The days on which these projects should be done.
        Projects = "PROJECTS",
        /// The days on which their learning plans should be done.
        LearningPlans = "LEARNING_PLANS",
        /// The interviews of their applications.
        Interviews = "INTERVIEWS",
        /// Until when offers are to be answered.
        Offers = "OFFERS",
        /// When the postings close for which they have not applied.
        Postings = "POSTINGS",
        /// When the next step of an application is to be taken.
        NextActions = "NEXT_ACTIONS",
        /// Their informational interviews that are scheduled.
        InformationalInterviews = "INFORMATIONAL_INTERVIEWS",
        /// The days until which whoever gave them such a talk should hear from them.
        FollowUps = "FOLLOW_UPS",
    }
}

/// A row of `calendar_feed`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_feed")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalendarFeedId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose dates they are.
    pub user_id: UserId,
    /// What the calendar is called.
    pub name: String,
    /// What it holds.
    pub contents: Set<CalendarContent>,
    /// What the token that made or opened it let its bearer look at: it shows no more.
    pub scopes: Set<Scope>,
    /// The fingerprint of its secret; the address that holds it is shown once.
    pub token_fingerprint: String,
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

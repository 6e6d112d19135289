//! Communities: where people help each other (§31).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CommunityId, OrganizationId, UserId};

crate::vocabulary! {
    /// What kind of community it is.
    CommunityKind {
        /// People who meet.
        Meetup = "MEETUP",
        /// A place to write to each other.
        Forum = "FORUM",
        /// People who build something together.
        OpenSource = "OPEN_SOURCE",
        /// People of one profession.
        Professional = "PROFESSIONAL",
        /// People who learnt at one place.
        Alumni = "ALUMNI",
        /// People who learn together.
        Course = "COURSE",
        /// Another one.
        Other = "OTHER",
    }
}

/// A row of `community`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "community")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommunityId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Who is in it.
    pub owner_id: UserId,
    /// What it is called.
    pub name: String,
    /// What kind of community it is.
    pub kind: CommunityKind,
    /// Where it is found.
    pub url: Option<String>,
    /// Its name, folded for searching.
    pub search_text: String,
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

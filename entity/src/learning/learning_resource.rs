//! Things to learn from (§3).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{LearningResourceId, OrganizationId, UserId};

crate::vocabulary! {
    /// What kind of thing one learns from.
    ResourceKind {
        /// A coherent course.
        Course = "COURSE",
        /// A book.
        Book = "BOOK",
        /// A research paper.
        Paper = "PAPER",
        /// An article or a post.
        Article = "ARTICLE",
        /// A video.
        Video = "VIDEO",
        /// A project to work through.
        Project = "PROJECT",
        /// Anything else.
        Other = "OTHER",
    }
}

/// A row of `learning_resource`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_resource")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LearningResourceId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// What kind of thing.
    pub kind: ResourceKind,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub url: Option<String>,
    /// Who offers it.
    pub provider: Option<String>,
    /// How long it takes, in minutes.
    pub estimated_minutes: Option<i64>,
    /// The person who added it, when it was one.
    pub created_by: Option<UserId>,
    /// Title and provider in lower case, for searching.
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

//! Competency frameworks and their scales (§2).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{CompetencyFrameworkId, OrganizationId},
    kind::{Declared, Kind, int, line, list},
    vocabulary::Json,
};

/// The kind of one level.
const LEVEL: Kind = Kind::Object(ScaleLevel::object);

crate::object! {
    /// One level of a scale.
    #[derive(Serialize, PartialEq, Eq)]
    ScaleLevel {
        /// The level as a number; higher is better.
        required value: i64 = int(1, 100),
        /// What the level is called.
        required name: String = line(1, 100),
        /// Whether somebody at this level counts as proficient.
        required proficient: bool = Kind::Bool,
    }
}

crate::object! {
    /// The levels that a framework measures with.
    #[derive(Serialize, PartialEq, Eq)]
    Scale {
        /// The levels, lowest first.
        required levels: Vec<ScaleLevel> = list(&LEVEL, 20),
        /// The level where people start.
        required default_level: i64 = int(1, 100),
    }
}

/// A row of `competency_framework`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "competency_framework")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompetencyFrameworkId,
    /// The tenant; none for what is built in.
    pub organization_id: Option<OrganizationId>,
    /// A short name, unique inside an organization.
    pub short_name: String,
    /// The full name.
    pub title: String,
    /// Which edition of it this is, in its own counting.
    pub edition: String,
    /// What it covers.
    pub description: Option<String>,
    /// The levels that it measures with.
    pub scale: Json<Scale>,
    /// Whether members who do not manage frameworks see it.
    pub visible: bool,
    /// Short name and title in lower case, for searching.
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

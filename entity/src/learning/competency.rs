//! Competencies: the abilities of a framework, as a tree (§2).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{CompetencyFrameworkId, CompetencyId, OrganizationId},
    kind::{Form, line, text},
    vocabulary::Json,
};

crate::vocabulary! {
    /// How a competency follows from the ones below it.
    CompetencyRule {
        /// It does not: it is measured by itself.
        None = "NONE",
        /// Proficient when all below it are.
        All = "ALL",
        /// Proficient when one below it is.
        Any = "ANY",
    }
}

crate::object! {
    /// The same ability in somebody else's framework.
    #[derive(Serialize, PartialEq, Eq)]
    Alignment {
        /// The other framework: ESCO, O*NET, …
        required framework: String = line(1, 100),
        /// Where the ability is defined there.
        required uri: String = text(Form::Url, 1, 2000),
    }
}

/// A row of `competency`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "competency")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CompetencyId,
    /// The tenant; none for what is built in.
    pub organization_id: Option<OrganizationId>,
    /// The framework; it never changes.
    pub framework_id: CompetencyFrameworkId,
    /// The competency above it.
    pub parent_id: Option<CompetencyId>,
    /// A code, unique inside the framework.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// What somebody can do who has it.
    pub description: Option<String>,
    /// The codes from the root down to it, joined by `/`.
    pub path: String,
    /// Its place among its siblings.
    pub sort_order: i64,
    /// How it follows from the ones below it.
    pub rule: CompetencyRule,
    /// The same ability elsewhere.
    pub alignments: Json<Vec<Alignment>>,
    /// Code and name in lower case, for searching.
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

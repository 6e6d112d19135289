//! What speaks for an idea or a project: three factors (§14).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{OrganizationId, ProjectId, ProjectIdeaId, SelectionChecklistId, UserId},
    kind::{Form, Kind, list, text},
    vocabulary::Json,
};

/// A person of the organization, or a contact, by their id.
pub const PERSON: Kind = text(Form::Slug, 1, 100);
/// Several of them.
pub const PEOPLE: Kind = list(&PERSON, 20);

crate::object! {
    /// Whom there is to work with, and whom to talk to: people of the organization and contacts, by their ids.
    #[derive(Serialize, PartialEq, Eq, Default)]
    ChecklistPeople {
        /// Who would work on it, too.
        required teammate_ids: Vec<String> = PEOPLE,
        /// With whom it can be discussed.
        required discussant_ids: Vec<String> = PEOPLE,
    }
}

/// A row of `selection_checklist`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "selection_checklist")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SelectionChecklistId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Whose idea or project it is about.
    pub owner_id: UserId,
    /// The idea.
    pub idea_id: Option<ProjectIdeaId>,
    /// The project; that of the idea, once there is one.
    pub project_id: Option<ProjectId>,
    /// How much it asks of its owner that is new, 1 to 5.
    pub stretch: i64,
    /// How likely it is to succeed, 1 to 5.
    pub success_likelihood: i64,
    /// Whom there is to work with, and whom to talk to.
    pub people: Json<ChecklistPeople>,
    /// How complex it is, 1 to 5.
    pub technical_complexity: i64,
    /// How much it matters to a business, 1 to 5.
    pub business_impact: i64,
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

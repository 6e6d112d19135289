//! Items of templates: what every plan of a template asks for (§7).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, LearningPlanTemplateId, LearningPlanTemplateItemId, OrganizationId};

/// A row of `learning_plan_template_item`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_plan_template_item")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LearningPlanTemplateItemId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The template.
    pub template_id: LearningPlanTemplateId,
    /// What is to be learnt.
    pub competency_id: CompetencyId,
    /// How well, as a level of the framework's scale.
    pub target_level: i64,
    /// How much it counts in the progress of a plan.
    pub weight: i64,
    /// Its place in the template.
    pub sort_order: i64,
    /// A note for whoever learns it.
    pub note: Option<String>,
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

//! What an item of a template is learnt from.

use sea_orm::entity::prelude::*;

use crate::id::{LearningPlanTemplateItemId, LearningResourceId};

/// A row of `learning_plan_template_item_resource`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_plan_template_item_resource")]
pub struct Model {
    /// The item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub template_item_id: LearningPlanTemplateItemId,
    /// The resource.
    #[sea_orm(primary_key, auto_increment = false)]
    pub learning_resource_id: LearningResourceId,
}

impl ActiveModelBehavior for ActiveModel {}

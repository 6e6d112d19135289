//! What an item is learnt from.

use sea_orm::entity::prelude::*;

use crate::id::{LearningResourceId, PlanItemId};

/// A row of `plan_item_resource`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_item_resource")]
pub struct Model {
    /// The item.
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_item_id: PlanItemId,
    /// The resource.
    #[sea_orm(primary_key, auto_increment = false)]
    pub learning_resource_id: LearningResourceId,
}

impl ActiveModelBehavior for ActiveModel {}

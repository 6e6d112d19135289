//! Which competencies a resource teaches.

use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, LearningResourceId};

/// A row of `learning_resource_competency`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_resource_competency")]
pub struct Model {
    /// The resource.
    #[sea_orm(primary_key, auto_increment = false)]
    pub learning_resource_id: LearningResourceId,
    /// What it teaches.
    #[sea_orm(primary_key, auto_increment = false)]
    pub competency_id: CompetencyId,
}

impl ActiveModelBehavior for ActiveModel {}

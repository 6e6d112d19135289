//! Which competencies somebody says that they learnt before.

use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, PriorLearningId};

/// A row of `prior_learning_competency`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "prior_learning_competency")]
pub struct Model {
    /// What was learnt before.
    #[sea_orm(primary_key, auto_increment = false)]
    pub prior_learning_id: PriorLearningId,
    /// What it shows.
    #[sea_orm(primary_key, auto_increment = false)]
    pub competency_id: CompetencyId,
}

impl ActiveModelBehavior for ActiveModel {}

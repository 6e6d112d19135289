//! What an application showed that its owner needs to learn.

use sea_orm::entity::prelude::*;

use crate::id::{ApplicationId, LearningNeedId};

/// A row of `application_learning_need`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "application_learning_need")]
pub struct Model {
    /// The application.
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_id: ApplicationId,
    /// The need.
    #[sea_orm(primary_key, auto_increment = false)]
    pub need_id: LearningNeedId,
}

impl ActiveModelBehavior for ActiveModel {}

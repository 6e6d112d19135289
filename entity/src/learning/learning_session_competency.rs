//! What was learnt in a session.

use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, LearningSessionId};

/// A row of `learning_session_competency`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "learning_session_competency")]
pub struct Model {
    /// The session.
    #[sea_orm(primary_key, auto_increment = false)]
    pub learning_session_id: LearningSessionId,
    /// What was learnt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub competency_id: CompetencyId,
}

impl ActiveModelBehavior for ActiveModel {}

//! Which competencies a portfolio entry shows, and at which level.

use sea_orm::entity::prelude::*;

use crate::id::{CompetencyId, PortfolioEntryId};

/// A row of `portfolio_entry_competency`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "portfolio_entry_competency")]
pub struct Model {
    /// The entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: PortfolioEntryId,
    /// What it shows.
    #[sea_orm(primary_key, auto_increment = false)]
    pub competency_id: CompetencyId,
    /// At which level of the framework's scale.
    pub level_shown: i64,
}

impl ActiveModelBehavior for ActiveModel {}

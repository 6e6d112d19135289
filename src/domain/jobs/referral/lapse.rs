//! Referrals of which nothing came in time.

use chrono::{DateTime, Utc};
use entity::{
    id::OrganizationId,
    jobs::referral::{Column, Entity, Model, ReferralState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition};
use uuid::Uuid;

use super::{
    record,
    state::{self, Command},
};
use crate::domain::{error::Result, jobs::lapse::Lapses, tx::Tx};

impl Lapses for Entity {
    fn overdue(now: DateTime<Utc>) -> Condition {
        Condition::all()
            .add(Column::State.is_in([ReferralState::Requested, ReferralState::Accepted]))
            .add(Column::DeletedAt.is_null())
            .add(Column::ExpiresAt.lte(now))
    }

    fn id() -> Column {
        Column::Id
    }

    fn id_of(row: &Model) -> Uuid {
        row.id.0
    }

    fn organization(row: &Model) -> OrganizationId {
        row.organization_id
    }

    async fn end(tx: &mut Tx, row: Model) -> Result<()> {
        end(tx, row).await
    }
}

/// Lets a referral expire.
pub(super) async fn end(tx: &mut Tx, row: Model) -> Result<()> {
    let to = state::after(row.state, Command::Expire)?;
    let after = tx.change::<Entity>(row, |row| row.state = Set(to)).await?;
    record(tx, Command::Expire.event(), &after.row)
}

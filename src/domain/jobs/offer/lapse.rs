//! Offers that nobody answered in time.

use chrono::{DateTime, Utc};
use entity::{
    id::OrganizationId,
    jobs::offer::{Column, Entity, Model, OfferState},
};
use sea_orm::{ColumnTrait as _, Condition};
use uuid::Uuid;

use super::state::{self, Command};
use crate::domain::{error::Result, jobs::lapse::Lapses, tx::Tx};

impl Lapses for Entity {
    fn overdue(now: DateTime<Utc>) -> Condition {
        Condition::all()
            .add(Column::State.is_in([OfferState::Received, OfferState::Negotiating]))
            .add(Column::DeletedAt.is_null())
            .add(Column::RespondBy.lte(now))
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
        end(tx, row).await.map(drop)
    }
}

/// Lets an offer expire. Its application stays as it is: whether anything more is to come of it, its owner says.
pub(in crate::domain::jobs) async fn end(tx: &mut Tx, offer: Model) -> Result<Model> {
    let to = state::after(offer.state, Command::Expire)?;
    super::end(tx, offer, to, Command::Expire).await
}

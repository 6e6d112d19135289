//! What changes of a stage: what it is called, and whether it is there.

use entity::{
    id::StageId,
    jobs::{
        application,
        stage::{Entity, Model},
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::{StagePatch, of_search, record, room_for_one};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

pub(super) async fn update(who: Caller, target: Target<StageId>, patch: StagePatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditStage).await?;
    let stage = revise(&mut tx, was, patch).await?;
    tx.done(&stage).await
}

pub(super) async fn revise(tx: &mut Tx, was: Model, patch: StagePatch) -> Result<Model> {
    let after = tx
        .change::<Entity>(was, |row| {
            if let Some(name) = patch.name {
                row.name.set_if_not_equals(name);
            }
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

pub(super) async fn delete(who: Caller, target: Target<StageId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditStage).await?;
    let standing = application::Entity::find()
        .filter(application::Column::OrganizationId.eq(tx.who.organization))
        .filter(application::Column::StageId.eq(was.id))
        .filter(application::Column::DeletedAt.is_null())
        .count(&tx.db)
        .await?;
    if standing > 0 {
        let error = Error::new(Code::StageInUse, "Applications stand in this stage: move them first.");
        return Err(error.with(json!({ "applications": standing })));
    }
    let stage = tx.delete::<Entity>(was).await?;
    record(&mut tx, "deleted", &stage)?;
    tx.done(&stage).await
}

pub(super) async fn restore(who: Caller, target: Target<StageId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditStage).await?;
    room_for_one(&of_search(&tx, was.job_search_id).await?)?;
    let stage = tx.restore::<Entity>(was).await?;
    record(&mut tx, "restored", &stage)?;
    tx.done(&stage).await
}

//! What changes of a stage: what it is called, and whether it is there.

use entity::{
    id::StageId,
    jobs::{
        application,
        job_search::{self, JobSearchState},
        stage::{Entity, Model},
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::{StagePatch, is_free, of_search, record, room_for_one};
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
    goes_on(&tx, &was).await?;
    let stage = revise(&mut tx, was, patch).await?;
    tx.done(&stage).await
}

/// Nothing changes in a search that is over.
///
/// # Errors
/// `JOB_SEARCH_CLOSED`.
pub(super) async fn goes_on(tx: &Tx, stage: &Model) -> Result<()> {
    let search = job_search::Entity::find_by_id(stage.job_search_id).one(&tx.db).await?;
    if search.is_some_and(|search| search.state == JobSearchState::Closed) {
        let error = Error::new(Code::JobSearchClosed, "This search is over: reopen it first.");
        return Err(error.with(json!({ "jobSearchId": stage.job_search_id })));
    }
    Ok(())
}

pub(super) async fn revise(tx: &mut Tx, was: Model, patch: StagePatch) -> Result<Model> {
    if let Some(name) = &patch.name {
        is_free(&of_search(tx, was.job_search_id).await?, name, Some(was.id))?;
    }
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
    goes_on(&tx, &was).await?;
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
    let stage = come_back(&mut tx, was).await?;
    tx.done(&stage).await
}

/// A stage comes back where there is room for it, and none is called so by now.
///
/// # Errors
/// `STAGES_FULL`, `ALREADY_EXISTS`.
pub(super) async fn come_back(tx: &mut Tx, was: Model) -> Result<Model> {
    goes_on(tx, &was).await?;
    let stages = of_search(tx, was.job_search_id).await?;
    room_for_one(&stages)?;
    is_free(&stages, &was.name, None)?;
    let stage = tx.restore::<Entity>(was).await?;
    record(tx, "restored", &stage)?;
    Ok(stage)
}

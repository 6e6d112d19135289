//! What is in a project: it is changed, deleted and restored as long as the project has not ended.

use entity::id::ProjectId;
use sea_orm::{ColumnTrait as _, PaginatorTrait, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use super::project::of_part;
use crate::domain::{
    error::{Code, Error, Result},
    look::Look,
    policy::Action,
    tx::{Tx, column},
    verb::{Nothing, Row, Target, Verb},
};

/// What is in a project.
pub trait Part: Row<Model: Send + Sync> {
    /// What changes it.
    const EDIT: Action = Action::EditScope;

    /// The project.
    fn project(row: &Self::Model) -> ProjectId;
}

/// Finds what a verb is about to change.
///
/// # Errors
/// `NOT_FOUND`, `FORBIDDEN`, `VERSION_MISMATCH`, `PROJECT_CLOSED`.
pub async fn found<E: Part>(tx: &Tx, target: &Target<E::Id>) -> Result<E::Model> {
    let row = tx.find_at::<E>(target, E::EDIT).await?;
    of_part(tx, E::project(&row)).await?;
    Ok(row)
}

/// How many of one kind a project holds, where nothing else is said.
pub const MOST: usize = 200;

/// Whether a project has room for another; who adds one holds the project, and waits for whoever does.
///
/// # Errors
/// `PROJECT_FULL`.
pub async fn one_more<E: Row<Model: Send + Sync>>(tx: &Tx, project: ProjectId) -> Result<()> {
    let living = E::find()
        .filter(column::<E>("organization_id")?.eq(tx.who.organization))
        .filter(column::<E>("project_id")?.eq(project))
        .filter(column::<E>("deleted_at")?.is_null());
    if PaginatorTrait::count(living, &tx.db).await? < MOST as u64 {
        return Ok(());
    }
    Err(full(E::NAME, MOST))
}

/// There is no room for more of a resource.
#[must_use]
pub fn full(resource: &'static str, most: usize) -> Error {
    Error::new(Code::ProjectFull, format!("A project has at most {most} of {resource}."))
        .with(json!({ "resource": resource, "most": most }))
}

/// Deletes it.
#[must_use]
pub fn delete<E: Part>(doc: &'static str) -> Verb {
    Verb::on::<E, Nothing, _, _>("delete", E::EDIT, doc, move |who, target, _| async move {
        let mut tx = who.begin().await?;
        let row = found::<E>(&tx, &target).await?;
        let row = tx.delete::<E>(row).await?;
        tx.record("deleted", &row, json!({}))?;
        tx.done(&row).await
    })
}

/// Brings it back.
#[must_use]
pub fn restore<E: Part>(doc: &'static str) -> Verb {
    Verb::on::<E, Nothing, _, _>("restore", E::EDIT, doc, move |who, target, _| async move {
        let mut tx = who.begin().await?;
        let row = tx.find_deleted::<E>(&target, E::EDIT).await?;
        of_part(&tx, E::project(&row)).await?;
        one_more::<E>(&tx, E::project(&row)).await?;
        let row = tx.restore::<E>(row).await?;
        tx.record("restored", &row, json!({}))?;
        tx.done(&row).await
    })
}

/// All of it that is living, in the order in which it was made.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn living<E: Row>(look: &Look, project: ProjectId) -> Result<Vec<E::Model>> {
    let all = E::find()
        .filter(column::<E>("organization_id")?.eq(look.who.organization))
        .filter(column::<E>("project_id")?.eq(project))
        .filter(column::<E>("deleted_at")?.is_null())
        .order_by_asc(column::<E>("created_at")?)
        .order_by_asc(column::<E>("id")?);
    Ok(all.all(&look.db).await?)
}

//! Putting the milestones of a project in order.

use std::collections::BTreeSet;

use entity::{
    id::MilestoneId,
    projects::milestone::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _,
    sea_query::{CaseStatement, Expr, ExprTrait as _},
};
use serde_json::json;

use super::{MilestoneOrder, at_work, living, record};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::Done,
};

pub(super) async fn reorder(who: Caller, order: MilestoneOrder) -> Result<Done> {
    let mut tx = who.begin_for(order.milestone_ids.len()).await?;
    // First what is in the project, then the project: in the order of everybody who changes one of them.
    tx.find_each::<Entity>(order.milestone_ids.iter().copied(), Action::EditMilestone).await?;
    at_work(&tx, order.project_id, "/projectId").await?;
    let known = living(&tx, order.project_id).await?;
    complete(&order.milestone_ids, &known)?;
    let place = |id: &MilestoneId| order.milestone_ids.iter().position(|one| one == id).unwrap_or_default();
    let moved = known.into_iter().filter_map(|row| {
        let place = i64::try_from(place(&row.id)).unwrap_or_default();
        (row.sort_order != place).then_some((row, place))
    });
    let moved = put(&tx, moved.collect()).await?;
    for milestone in &moved {
        record(&mut tx, "reordered", milestone)?;
    }
    tx.finish(order.milestone_ids.iter().map(|id| id.0).collect(), false).await
}

/// Whether an order names every milestone of a project once, and nothing else.
///
/// # Errors
/// `ORDER_INCOMPLETE {missing, unknown, repeated}`.
fn complete(named: &[MilestoneId], known: &[Model]) -> Result<()> {
    let missing: Vec<_> = known.iter().map(|row| row.id).filter(|id| !named.contains(id)).collect();
    let unknown: Vec<_> = named.iter().filter(|id| !known.iter().any(|row| row.id == **id)).collect();
    let mut seen = BTreeSet::new();
    let repeated: Vec<_> = named.iter().filter(|id| !seen.insert(**id)).collect();
    if missing.is_empty() && unknown.is_empty() && repeated.is_empty() {
        return Ok(());
    }
    let why = "An order names every milestone of the project once, and nothing else.";
    let error = Error::field(Code::OrderIncomplete, "/milestoneIds", why);
    Err(error.with(json!({ "missing": missing, "unknown": unknown, "repeated": repeated })))
}

/// Puts milestones in their places, all in one statement.
async fn put(tx: &Tx, moved: Vec<(Model, i64)>) -> Result<Vec<Model>> {
    if moved.is_empty() {
        return Ok(Vec::new());
    }
    let places = moved
        .iter()
        .fold(CaseStatement::new(), |places, (row, place)| places.case(Column::Id.eq(row.id), Expr::value(*place)));
    let update = Entity::update_many()
        .col_expr(Column::SortOrder, places.into())
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now))
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::Id.is_in(moved.iter().map(|(row, _)| row.id)))
        .filter(Column::DeletedAt.is_null());
    let done = update.exec(&tx.db).await?;
    if done.rows_affected != moved.len() as u64 {
        return Err(Error::contention("milestones went since they were read"));
    }
    let after =
        |(row, place): (Model, i64)| Model { sort_order: place, version: row.version + 1, updated_at: tx.now, ..row };
    Ok(moved.into_iter().map(after).collect())
}

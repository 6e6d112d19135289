//! Putting the stages of a search in order: within what they are.

use std::collections::BTreeSet;

use entity::{
    id::StageId,
    jobs::stage::{Column, Entity, Model, StageKind},
    vocabulary::Vocabulary as _,
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _,
    sea_query::{CaseStatement, Expr, ExprTrait as _},
};
use serde_json::json;

use super::{StageOrder, first_place, of_search, record};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    jobs::job_search::going_on,
    policy::Action,
    tx::Tx,
    verb::Done,
};

pub(super) async fn reorder(who: Caller, order: StageOrder) -> Result<Done> {
    let mut tx = who.begin_for(order.stage_ids.len()).await?;
    // First the search, then what is in it: in the order of everybody who adds or moves one.
    going_on(&tx, order.job_search_id).await?;
    tx.find_each::<Entity>(order.stage_ids.iter().copied(), Action::EditStage).await?;
    let known = of_search(&tx, order.job_search_id).await?;
    let ordered = complete(&order.stage_ids, known)?;
    let moved = put(&tx, moved(ordered)?).await?;
    for stage in &moved {
        record(&mut tx, "reordered", stage)?;
    }
    tx.finish(order.stage_ids.iter().map(|id| id.0).collect(), false).await
}

/// The stages in the order that is asked for, which names each once and nothing else.
///
/// # Errors
/// `ORDER_INCOMPLETE {missing, unknown, repeated}`.
fn complete(named: &[StageId], known: Vec<Model>) -> Result<Vec<Model>> {
    let missing: Vec<_> = known.iter().map(|row| row.id).filter(|id| !named.contains(id)).collect();
    let unknown: Vec<_> = named.iter().filter(|id| !known.iter().any(|row| row.id == **id)).collect();
    let mut seen = BTreeSet::new();
    let repeated: Vec<_> = named.iter().filter(|id| !seen.insert(**id)).collect();
    if missing.is_empty() && unknown.is_empty() && repeated.is_empty() {
        let mut ordered = known;
        ordered.sort_by_key(|row| named.iter().position(|id| *id == row.id));
        return Ok(ordered);
    }
    let why = "An order names every stage of the search once, and nothing else.";
    let error = Error::field(Code::OrderIncomplete, "/stageIds", why);
    Err(error.with(json!({ "missing": missing, "unknown": unknown, "repeated": repeated })))
}

/// Those that get another place, with it.
///
/// # Errors
/// `STAGE_KIND_ORDER` when a kind would stand before one that comes before it.
fn moved(ordered: Vec<Model>) -> Result<Vec<(Model, i64)>> {
    if !ordered.is_sorted_by_key(|row| row.kind) {
        let kinds: Vec<_> = StageKind::ALL.iter().map(|kind| kind.word()).collect();
        let error = Error::field(Code::StageKindOrder, "/stageIds", "Stages are put in order within what they are.");
        return Err(error.with(json!({ "kinds": kinds })));
    }
    let (mut kind, mut place) = (None, 0);
    let mut moved = Vec::new();
    for row in ordered {
        place = if kind == Some(row.kind) { place + 1 } else { first_place(row.kind) };
        kind = Some(row.kind);
        if row.position != place {
            moved.push((row, place));
        }
    }
    Ok(moved)
}

/// Puts stages in their places, all in one statement.
async fn put(tx: &Tx, moved: Vec<(Model, i64)>) -> Result<Vec<Model>> {
    if moved.is_empty() {
        return Ok(Vec::new());
    }
    let places = moved
        .iter()
        .fold(CaseStatement::new(), |places, (row, place)| places.case(Column::Id.eq(row.id), Expr::value(*place)));
    let update = Entity::update_many()
        .col_expr(Column::Position, places.into())
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now))
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::Id.is_in(moved.iter().map(|(row, _)| row.id)))
        .filter(Column::DeletedAt.is_null());
    let done = update.exec(&tx.db).await?;
    if done.rows_affected != moved.len() as u64 {
        return Err(Error::contention("stages went since they were read"));
    }
    let after =
        |(row, place): (Model, i64)| Model { position: place, version: row.version + 1, updated_at: tx.now, ..row };
    Ok(moved.into_iter().map(after).collect())
}

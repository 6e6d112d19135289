//! Putting the stages of a search in order: within what they are.

use entity::{
    id::StageId,
    jobs::stage::{Column, Entity, Model, StageKind},
    vocabulary::Vocabulary as _,
};
use serde_json::json;

use super::{StageOrder, first_place, of_search, record};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    jobs::job_search::going_on,
    order::{complete, put},
    policy::Action,
    verb::Done,
};

pub(super) async fn reorder(who: Caller, order: StageOrder) -> Result<Done> {
    let mut tx = who.begin_for(order.stage_ids.len()).await?;
    // First the search, then what is in it: in the order of everybody who adds or moves one.
    going_on(&tx, order.job_search_id).await?;
    tx.find_each::<Entity>(order.stage_ids.iter().copied(), Action::EditStage).await?;
    let known = of_search(&tx, order.job_search_id).await?;
    let ids: Vec<StageId> = known.iter().map(|row| row.id).collect();
    complete(&order.stage_ids, &ids, ("/stageIds", "every stage of the search"))?;
    let mut ordered = known;
    ordered.sort_by_key(|row| order.stage_ids.iter().position(|id| *id == row.id));
    let moved = put::<Entity>(&tx, Column::Position, moved(ordered)?).await?;
    for stage in &moved {
        record(&mut tx, "reordered", stage)?;
    }
    tx.finish(order.stage_ids.iter().map(|id| id.0).collect(), false).await
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

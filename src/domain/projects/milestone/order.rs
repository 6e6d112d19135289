//! Putting the milestones of a project in order.

use entity::{
    id::MilestoneId,
    projects::milestone::{Column, Entity},
};

use super::{MilestoneOrder, at_work, living, record};
use crate::domain::{
    caller::Caller,
    error::Result,
    order::{complete, put},
    policy::Action,
    verb::Done,
};

pub(super) async fn reorder(who: Caller, order: MilestoneOrder) -> Result<Done> {
    let mut tx = who.begin_for(order.milestone_ids.len()).await?;
    // First what is in the project, then the project: in the order of everybody who changes one of them.
    tx.find_each::<Entity>(order.milestone_ids.iter().copied(), Action::EditMilestone).await?;
    at_work(&tx, order.project_id, "/projectId").await?;
    let known = living(&tx, order.project_id).await?;
    let ids: Vec<MilestoneId> = known.iter().map(|row| row.id).collect();
    complete(&order.milestone_ids, &ids, ("/milestoneIds", "every milestone of the project"))?;
    let place = |id: &MilestoneId| order.milestone_ids.iter().position(|one| one == id).unwrap_or_default();
    let moved = known.into_iter().filter_map(|row| {
        let place = i64::try_from(place(&row.id)).unwrap_or_default();
        (row.sort_order != place).then_some((row, place))
    });
    let moved = put::<Entity>(&tx, Column::SortOrder, moved.collect()).await?;
    for milestone in &moved {
        record(&mut tx, "reordered", milestone)?;
    }
    tx.finish(order.milestone_ids.iter().map(|id| id.0).collect(), false).await
}

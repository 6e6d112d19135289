//! Planning needs: each gets an item of a plan, and is open again when the item goes.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    id::{LearningNeedId, LearningPlanId, PlanItemId, UserId},
    kind::{Kind, id},
    learning::{
        learning_need::{Column, Entity, Model, NeedState},
        learning_need_source::{self as source, NeedSource},
        learning_plan,
        plan_item::Motivation,
    },
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use super::{
    super::plan_item::{self, NewPlanItem},
    door::{turn, turns},
    held::sources_of,
    state,
};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::Done,
};

const NEED: Kind = id::<LearningNeedId>();

object! {
    /// Needs to plan, and where.
    PlannedNeeds {
        /// The plan, of the person whose needs they are.
        required plan_id: LearningPlanId = id::<LearningPlanId>(),
        /// The needs.
        required need_ids: Vec<LearningNeedId> = Kind::List { of: &NEED, min: 1, max: 50 },
    }
}

pub(super) async fn plan(who: Caller, asked: PlannedNeeds) -> Result<Done> {
    let mut tx = who.begin().await?;
    let plan = plan_item::plan_to_edit(&tx, asked.plan_id, true).await?;
    turn(&tx, plan.owner_id).await?;
    // Found, and so locked, in one order, whatever order they are named in; told in that one.
    let mut first = BTreeMap::new();
    for (place, &id) in asked.need_ids.iter().enumerate() {
        first.entry(id).or_insert(place);
    }
    let mut needs = Vec::with_capacity(first.len());
    for (id, place) in first {
        needs.push((place, named(&tx, id, &plan, &format!("/needIds/{place}")).await?));
    }
    needs.sort_by_key(|(place, _)| *place);
    let mut ids = Vec::with_capacity(needs.len());
    for (_, need) in needs {
        ids.push(put(&mut tx, &plan, need).await?.id.0);
    }
    tx.finish(ids, false).await
}

/// A need that was named: one of the plan's owner, which the caller may plan.
async fn named(tx: &Tx, id: LearningNeedId, plan: &learning_plan::Model, pointer: &str) -> Result<Model> {
    let need = match tx.find::<Entity>(id, Action::EditLearningNeed).await {
        Err(error) if error.code() == Code::NotFound => {
            return Err(Error::field(Code::ReferenceUnknown, pointer, "There is no such learning need."));
        }
        other => other?,
    };
    if need.user_id != plan.owner_id {
        return Err(Error::field(Code::NeedOfAnother, pointer, "The need is another person's than the plan."));
    }
    state::after(need.state, state::Command::Plan)?;
    Ok(need)
}

/// Gives a need the item of the plan that stands for its competency, which is made when there is none.
async fn put(tx: &mut Tx, plan: &learning_plan::Model, need: Model) -> Result<Model> {
    let item = match plan_item::living(tx, plan.id, need.competency_id).await? {
        Some(item) => item,
        None => plan_item::add(tx, plan, item_for(tx, plan, &need).await?).await?,
    };
    let after = tx
        .change::<Entity>(need, |row| {
            row.state.set_if_not_equals(NeedState::Planned);
            row.plan_item_id.set_if_not_equals(Some(item.id));
        })
        .await?;
    if after.changed {
        let data = json!({ "competencyId": item.competency_id, "planId": plan.id, "planItemId": item.id });
        tx.record(state::Command::Plan.event(), &after.row, data)?;
    }
    Ok(after.row)
}

/// The item that a need asks for.
async fn item_for(tx: &Tx, plan: &learning_plan::Model, need: &Model) -> Result<NewPlanItem> {
    Ok(NewPlanItem {
        plan_id: plan.id,
        competency_id: need.competency_id,
        target_level: None,
        motivation: Some(motivation(&sources_of(tx, [need.id]).await?)),
        weight: None,
        sort_order: None,
        note: None,
        resource_ids: None,
    })
}

/// Why an item is learnt whose need has these sources: an obstacle is the most pressing, and curiosity alone is that.
fn motivation(sources: &[source::Model]) -> Motivation {
    why(&sources.iter().map(|row| row.source).collect::<Vec<_>>())
}

fn why(sources: &[NeedSource]) -> Motivation {
    if sources.contains(&NeedSource::ProjectObstacle) {
        Motivation::Obstacle
    } else if !sources.is_empty() && sources.iter().all(|source| *source == NeedSource::Curiosity) {
        Motivation::Curiosity
    } else {
        Motivation::Goal
    }
}

/// Opens the needs again that items stood for which are gone: deleted, dropped, or of a plan that is.
pub(in crate::domain::learning) async fn unplanned(tx: &mut Tx, items: &[PlanItemId]) -> Result<()> {
    let people: BTreeSet<UserId> = planned(tx, items).await?.into_iter().map(|need| need.user_id).collect();
    if people.is_empty() {
        return Ok(());
    }
    turns(tx, people).await?;
    let now = tx.now;
    // What they are now, when nobody else changes them.
    let opened = tx
        .change_all::<Entity>(planned(tx, items).await?, |row| {
            row.state = Set(NeedState::Open);
            row.plan_item_id = Set(None);
            row.opened_at = Set(now);
        })
        .await?;
    for need in opened {
        tx.record("unplanned", &need, json!({ "competencyId": need.competency_id }))?;
    }
    Ok(())
}

/// The needs that items stand for.
async fn planned(tx: &Tx, items: &[PlanItemId]) -> Result<Vec<Model>> {
    let needs = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::PlanItemId.is_in(items.iter().copied()))
        .filter(Column::State.eq(NeedState::Planned))
        .order_by_asc(Column::Id);
    Ok(needs.all(&tx.db).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_say_why() {
        use NeedSource::{Curiosity, GoalGap, ProjectObstacle, Reviewer};
        assert_eq!(why(&[Curiosity]), Motivation::Curiosity);
        assert_eq!(why(&[Curiosity, Reviewer]), Motivation::Goal);
        assert_eq!(why(&[GoalGap]), Motivation::Goal);
        assert_eq!(why(&[Curiosity, ProjectObstacle, GoalGap]), Motivation::Obstacle);
        assert_eq!(why(&[]), Motivation::Goal);
    }
}

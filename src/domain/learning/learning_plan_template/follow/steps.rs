//! What is to become of the items of plans that follow a template: without a database.

use std::collections::HashMap;

use entity::{
    id::{LearningResourceId, PlanItemId},
    learning::{
        learning_plan, learning_plan_template_item as template_item,
        plan_item::{self, PlanItemStatus},
    },
};

/// What a template gives: one of its items, and what it is learnt from, in the order of the ids.
pub(super) struct Given {
    pub(super) item: template_item::Model,
    pub(super) resources: Vec<LearningResourceId>,
}

/// What becomes of an item of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// It is made.
    Add,
    /// It becomes what the template says.
    Change,
    /// It comes back, as what the template says.
    Restore,
    /// It goes.
    Remove,
    /// It stays although the template no longer has it: what has been done is history.
    Keep,
    /// It is what the template says.
    Nothing,
}

/// What becomes of the item that a plan has of an item of its template: of `(status, deleted, same)`, when it has one.
const fn step(given: bool, has: Option<(PlanItemStatus, bool, bool)>) -> Step {
    match (given, has) {
        (true, None) => Step::Add,
        (true, Some((_, true, _))) => Step::Restore,
        (true, Some((_, false, false))) => Step::Change,
        (false, Some((PlanItemStatus::Done, false, _))) => Step::Keep,
        (false, Some((_, false, _))) => Step::Remove,
        (true, Some((_, false, true))) | (false, None | Some((_, true, _))) => Step::Nothing,
    }
}

/// What is to become of items of plans.
#[derive(Default)]
pub(super) struct Steps<'a> {
    pub(super) add: Vec<(&'a learning_plan::Model, &'a Given)>,
    pub(super) change: Vec<(&'a Given, Vec<plan_item::Model>)>,
    pub(super) remove: Vec<plan_item::Model>,
    pub(super) keep: Vec<plan_item::Model>,
}

/// What is to become of what plans have, for it to be what their template gives.
pub(super) fn steps<'a>(
    plans: &'a [learning_plan::Model],
    given: &'a [Given],
    has: Vec<plan_item::Model>,
    linked: &HashMap<PlanItemId, Vec<LearningResourceId>>,
) -> Steps<'a> {
    let mut has: HashMap<_, _> = has.into_iter().map(|item| ((item.plan_id, item.template_item_id), item)).collect();
    let mut steps = Steps::default();
    for one in given {
        let mut changed = Vec::new();
        for plan in plans {
            let item = has.remove(&(plan.id, Some(one.item.id)));
            let seen = item.as_ref().map(|item| {
                let from = linked.get(&item.id).map(Vec::as_slice).unwrap_or_default();
                (item.status, item.deleted_at.is_some(), is_same(one, item, from))
            });
            match (step(one.item.deleted_at.is_none(), seen), item) {
                (Step::Add, _) => steps.add.push((plan, one)),
                (Step::Change | Step::Restore, Some(item)) => changed.push(item),
                (Step::Remove, Some(item)) => steps.remove.push(item),
                (Step::Keep, Some(item)) => steps.keep.push(item),
                _ => {}
            }
        }
        if !changed.is_empty() {
            steps.change.push((one, changed));
        }
    }
    steps
}

/// Whether an item of a plan is what its template says.
fn is_same(given: &Given, item: &plan_item::Model, from: &[LearningResourceId]) -> bool {
    let Given { item: says, resources } = given;
    (item.target_level, item.weight, item.sort_order, &item.note)
        == (says.target_level, says.weight, says.sort_order, &says.note)
        && from == resources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_follows_and_what_is_done_is_kept() {
        use PlanItemStatus::{Doing, Done, Todo};
        let table = [
            (true, None, Step::Add),
            (true, Some((Todo, false, true)), Step::Nothing),
            (true, Some((Doing, false, false)), Step::Change),
            (true, Some((Done, false, false)), Step::Change),
            (true, Some((Done, true, true)), Step::Restore),
            (true, Some((Todo, true, false)), Step::Restore),
            (false, None, Step::Nothing),
            (false, Some((Todo, false, true)), Step::Remove),
            (false, Some((Doing, false, true)), Step::Remove),
            (false, Some((PlanItemStatus::Dropped, false, true)), Step::Remove),
            (false, Some((Done, false, true)), Step::Keep),
            (false, Some((Done, true, true)), Step::Nothing),
        ];
        for (given, has, becomes) in table {
            assert_eq!(step(given, has), becomes, "{given} {has:?}");
        }
    }
}

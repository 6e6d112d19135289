//! Items of plans that follow a template: of them the status alone is the learner's (§7).

use entity::{
    id::LearningResourceId,
    learning::{
        learning_plan,
        plan_item::{Model, PlanItemStatus},
        plan_item_resource as link,
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::PlanItemPatch;
use crate::domain::{
    error::{Code, Error, FieldError, Result},
    tx::Tx,
};

const WHY: &str = "The plan follows a template: change the template, or unlink the plan from it.";

/// Refuses whatever is not a template's to do to the items of a plan that follows one.
pub(super) fn free(plan: &learning_plan::Model) -> Result<()> {
    match plan.template_id {
        Some(template) => Err(Error::new(Code::PlanTemplateBound, WHY).with(json!({ "templateId": template }))),
        None => Ok(()),
    }
}

/// Refuses changes of what a template gives, by the members that say them; without any there is nothing to refuse.
pub(super) fn unbound(plan: &learning_plan::Model, changes: &[&str]) -> Result<()> {
    let Some(template) = plan.template_id.filter(|_| !changes.is_empty()) else { return Ok(()) };
    let fields = changes.iter().map(|pointer| FieldError::new(*pointer, Code::PlanTemplateBound.as_str(), WHY));
    Err(Error::fields(Code::PlanTemplateBound, fields.collect()).with(json!({ "templateId": template })))
}

/// Which members of a patch change what a template gives.
pub(super) async fn changes(
    tx: &Tx,
    plan: &learning_plan::Model,
    item: &Model,
    patch: &PlanItemPatch,
) -> Result<Vec<&'static str>> {
    if plan.template_id.is_none() {
        return Ok(Vec::new());
    }
    let mut from = Vec::new();
    if patch.resource_ids.is_some() {
        let links = link::Entity::find().filter(link::Column::PlanItemId.eq(item.id)).all(&tx.db).await?;
        from = links.into_iter().map(|link| link.learning_resource_id).collect();
    }
    Ok(given(item, &from, patch))
}

/// The same, of an item that is learnt from `from`. It can be begun and done, not dropped, which would take it out of what
/// the template asks for; and why it is learnt would do that too.
fn given(item: &Model, from: &[LearningResourceId], patch: &PlanItemPatch) -> Vec<&'static str> {
    let note = patch.note.clone().over(item.note.clone());
    let same = |named: &Vec<LearningResourceId>| {
        named.iter().all(|id| from.contains(id)) && from.iter().all(|id| named.contains(id))
    };
    let checked = [
        ("/targetLevel", patch.target_level.is_some_and(|level| level != item.target_level)),
        ("/status", patch.status == Some(PlanItemStatus::Dropped) && item.status != PlanItemStatus::Dropped),
        ("/motivation", patch.motivation.is_some_and(|motivation| motivation != item.motivation)),
        ("/weight", patch.weight.is_some_and(|weight| weight != item.weight)),
        ("/sortOrder", patch.sort_order.is_some_and(|place| place != item.sort_order)),
        ("/note", note != item.note),
        ("/resourceIds", patch.resource_ids.as_ref().is_some_and(|named| !same(named))),
    ];
    checked.into_iter().filter(|(_, changed)| *changed).map(|(pointer, _)| pointer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;
    use entity::learning::plan_item::Motivation;
    use serde_json::Value;

    #[test]
    fn the_status_alone_is_the_learners() {
        let course = clock::new_id();
        let item = Model {
            id: clock::new_id(),
            organization_id: clock::new_id(),
            plan_id: clock::new_id(),
            owner_id: clock::new_id(),
            competency_id: clock::new_id(),
            target_level: 2,
            status: PlanItemStatus::Todo,
            motivation: Motivation::Goal,
            weight: 1,
            sort_order: 3,
            note: Some("Read".to_owned()),
            completed_at: None,
            completion_source: None,
            template_item_id: Some(clock::new_id()),
            version: 1,
            created_at: clock::now(),
            updated_at: clock::now(),
            deleted_at: None,
        };
        let changes = |patch: Value| given(&item, &[course], &serde_json::from_value(patch).unwrap());
        let nothing: [&str; 0] = [];
        for free in [json!({}), json!({ "status": "DOING" }), json!({ "status": "DONE" })] {
            assert_eq!(changes(free), nothing);
        }
        let same = json!({
            "targetLevel": 2, "motivation": "GOAL", "weight": 1, "sortOrder": 3, "note": "Read", "resourceIds": [course],
        });
        assert_eq!(changes(same), nothing);
        let other = json!({
            "targetLevel": 3, "status": "DROPPED", "motivation": "CURIOSITY", "weight": 2, "sortOrder": 0, "note": null,
            "resourceIds": [],
        });
        let all = ["/targetLevel", "/status", "/motivation", "/weight", "/sortOrder", "/note", "/resourceIds"];
        assert_eq!(changes(other), all);
    }
}

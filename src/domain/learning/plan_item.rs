//! Items of learning plans: one competency each, with what it is learnt from (§6, §7).

mod bound;

use entity::{
    id::{
        CompetencyFrameworkId, CompetencyId, LearningPlanId, LearningPlanTemplateItemId, LearningResourceId,
        PlanItemId, UserId,
    },
    kind::{Kind, Patch, id, int, list, prose, word},
    learning::{
        competency::{self, CompetencyRule},
        competency_framework::{self, Scale},
        learning_plan, learning_resource,
        plan_item::{ActiveModel, Column, CompletionSource, Entity, Model, Motivation, PlanItemStatus},
        plan_item_resource as link,
    },
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use super::{competency_framework::turn, learning_need, learning_plan::editable};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};
use bound::{free, unbound};

/// A level of a scale.
pub(super) const LEVEL: Kind = int(1, 100);
/// A note.
pub(super) const NOTE: Kind = prose(5000);
/// How much an item counts.
pub(super) const WEIGHT: Kind = int(1, 100);
/// Where it stands among others.
pub(super) const PLACE: Kind = int(0, 100_000);
const RESOURCE: Kind = id::<LearningResourceId>();
/// What it is learnt from.
pub(super) const RESOURCES: Kind = list(&RESOURCE, 50);

impl Row for Entity {
    const NAME: &'static str = "PlanItem";
    type Id = PlanItemId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<PlanItemId>(), "The id."),
        Column::PlanId => leaf(id::<LearningPlanId>(), "The plan.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Who learns: the plan's owner.").filter(),
        Column::CompetencyId => leaf(id::<CompetencyId>(), "What is to be learnt.").filter(),
        Column::TargetLevel => leaf(LEVEL, "How well, as a level of the framework's scale."),
        Column::Status => leaf(word::<PlanItemStatus>(), "Where it stands.").filter(),
        Column::Motivation => leaf(word::<Motivation>(), "Why; curiosity never counts against anyone.").filter(),
        Column::Weight => leaf(WEIGHT, "How much it counts in the plan's progress."),
        Column::SortOrder => leaf(PLACE, "Its place in the plan.").sort(),
        Column::Note => leaf(NOTE, "A note of its owner."),
        Column::CompletedAt => leaf(Kind::Time, "When it was done.").filter(),
        Column::CompletionSource => leaf(word::<CompletionSource>(), "Who said so."),
        Column::TemplateItemId => {
            leaf(id::<LearningPlanTemplateItemId>(), "The item of a template that it was made from.").filter()
        }
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape =
        Shape::new::<Entity>("PlanItem", "One thing to learn inside a plan (§7).", "itm", Action::ViewPlanItem, show)
            .order("sort_order", false)
            .one("plan", "plan_id", "LearningPlan", "The plan.")
            .one("competency", "competency_id", "Competency", "What is to be learnt.")
            .through(
                "resources",
                ("plan_item_resource", "plan_item_id", "learning_resource_id"),
                "LearningResource",
                "What it is learnt from.",
            )
            .one(
                "templateItem",
                "template_item_id",
                "LearningPlanTemplateItem",
                "The item of a template that it was made from.",
            )
            .many("sessions", "plan_item_id", "LearningSession", "The time spent on it.")
            .many("comments", "item_id", "PlanItemComment", "What its owner and their coaches say about it.");
    Resource { shape, plural: "planItems", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditPlanItem;
    vec![
        Verb::create(EditPlanItem, "Add an item to a plan.", create),
        Verb::on::<Entity, _, _, _>("update", EditPlanItem, "Change an item.", update),
        Verb::on::<Entity, _, _, _>("delete", EditPlanItem, "Delete an item; it can be restored.", delete),
        Verb::on::<Entity, _, _, _>("restore", EditPlanItem, "Bring a deleted item back.", restore),
    ]
}

object! {
    /// An item to add to a plan.
    NewPlanItem {
        /// The plan.
        required plan_id: LearningPlanId = id::<LearningPlanId>(),
        /// What is to be learnt.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// How well, as a level of the framework's scale; without it, the lowest proficient one.
        optional target_level: i64 = LEVEL,
        /// Why; without it, for a goal.
        optional motivation: Motivation = word::<Motivation>(),
        /// How much it counts in the plan's progress; without it, 1.
        optional weight: i64 = WEIGHT,
        /// Its place in the plan; without it, the end.
        optional sort_order: i64 = PLACE,
        /// A note.
        optional note: String = NOTE,
        /// What it is learnt from.
        optional resource_ids: Vec<LearningResourceId> = RESOURCES,
    }
}

object! {
    /// Changes to an item.
    PlanItemPatch {
        /// How well, as a level of the framework's scale.
        change target_level: i64 = LEVEL,
        /// Where it stands.
        change status: PlanItemStatus = word::<PlanItemStatus>(),
        /// Why.
        change motivation: Motivation = word::<Motivation>(),
        /// How much it counts in the plan's progress.
        change weight: i64 = WEIGHT,
        /// Its place in the plan.
        change sort_order: i64 = PLACE,
        /// A note.
        clear note: String = NOTE,
        /// What it is learnt from, in place of what was named.
        change resource_ids: Vec<LearningResourceId> = RESOURCES,
    }
}

async fn create(who: Caller, new: NewPlanItem) -> Result<Done> {
    let mut tx = who.begin().await?;
    let plan = plan_to_edit(&tx, new.plan_id, true).await?;
    let item = add(&mut tx, &plan, new).await?;
    tx.made(&item).await
}

/// Adds an item to a plan that may be changed.
pub(super) async fn add(tx: &mut Tx, plan: &learning_plan::Model, new: NewPlanItem) -> Result<Model> {
    unbound(plan, &["/planId"])?;
    let scale = scale_of(tx, new.competency_id, "/competencyId").await?;
    let target = target_level(&scale, new.target_level)?;
    let place = match new.sort_order {
        Some(place) => place,
        None => next_place(tx, plan.id).await?,
    };
    let item = tx
        .insert::<Entity>(ActiveModel {
            target_level: Set(target),
            motivation: Set(new.motivation.unwrap_or(Motivation::Goal)),
            weight: Set(new.weight.unwrap_or(1)),
            sort_order: Set(place),
            note: Set(new.note),
            ..blank(tx, plan, new.competency_id)
        })
        .await?;
    link_resources(tx, item.id, new.resource_ids.as_deref()).await?;
    record(tx, "created", &item)?;
    Ok(item)
}

/// An item with everything set that is the same for all new ones.
pub(super) fn blank(tx: &Tx, plan: &learning_plan::Model, competency: CompetencyId) -> ActiveModel {
    ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        plan_id: Set(plan.id),
        owner_id: Set(plan.owner_id),
        competency_id: Set(competency),
        target_level: Set(1),
        status: Set(PlanItemStatus::Todo),
        motivation: Set(Motivation::Goal),
        weight: Set(1),
        sort_order: Set(0),
        note: Set(None),
        completed_at: Set(None),
        completion_source: Set(None),
        template_item_id: Set(None),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    }
}

/// The plan, which must not be complete. Of an item that names it, it may be one the caller cannot see: an input then.
pub(super) async fn plan_to_edit(tx: &Tx, id: LearningPlanId, named: bool) -> Result<learning_plan::Model> {
    let found = tx.find::<learning_plan::Entity>(id, Action::EditLearningPlan).await;
    let plan = match found {
        Err(error) if named && error.code() == Code::NotFound => {
            return Err(Error::field(Code::ReferenceUnknown, "/planId", "There is no such learning plan."));
        }
        other => other?,
    };
    editable(&plan)?;
    Ok(plan)
}

/// The scale that a competency is measured with, which nobody changes until this is done.
pub(super) async fn scale_of(tx: &Tx, competency: CompetencyId, pointer: &str) -> Result<Scale> {
    Ok(framework_of(tx, competency, pointer).await?.scale.0)
}

/// The framework of a competency, whose scale nobody changes until this is done.
pub(in crate::domain) async fn framework_of(
    tx: &Tx,
    competency: CompetencyId,
    pointer: &str,
) -> Result<competency_framework::Model> {
    let competency = tx.refer::<competency::Entity>(competency, pointer).await?;
    // Whoever changes the scale finds this item, or this finds the new scale.
    turn(tx, competency.framework_id).await?;
    tx.refer::<competency_framework::Entity>(competency.framework_id, pointer).await
}

/// The level to reach: one of the scale, by default the lowest that counts as proficient.
pub(super) fn target_level(scale: &Scale, wanted: Option<i64>) -> Result<i64> {
    let Some(wanted) = wanted else {
        let proficient = scale.levels.iter().filter(|level| level.proficient).map(|level| level.value).min();
        return Ok(proficient.unwrap_or(scale.default_level));
    };
    on_scale(scale, wanted, "/targetLevel")
}

/// A level, which must be one of the scale.
pub(in crate::domain) fn on_scale(scale: &Scale, wanted: i64, pointer: &str) -> Result<i64> {
    if scale.levels.iter().any(|level| level.value == wanted) {
        return Ok(wanted);
    }
    let levels: Vec<i64> = scale.levels.iter().map(|level| level.value).collect();
    Err(Error::field(Code::LevelNotInScale, pointer, "The scale has no such level.").with(json!({ "levels": levels })))
}

/// The items of a plan that stand for a competency and are still to be done: one of them at most matters.
pub(super) async fn living(tx: &Tx, plan: LearningPlanId, competency: CompetencyId) -> Result<Option<Model>> {
    let living = [PlanItemStatus::Todo, PlanItemStatus::Doing];
    let found = Entity::find()
        .filter(Column::PlanId.eq(plan))
        .filter(Column::CompetencyId.eq(competency))
        .filter(Column::Status.is_in(living))
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::SortOrder)
        .order_by_asc(Column::Id);
    Ok(found.one(&tx.db).await?)
}

/// The ids of a plan's items.
pub(super) async fn ids_of(tx: &Tx, plan: LearningPlanId) -> Result<Vec<PlanItemId>> {
    let items = Entity::find().filter(Column::PlanId.eq(plan)).all(&tx.db).await?;
    Ok(items.into_iter().map(|item| item.id).collect())
}

async fn next_place(tx: &Tx, plan: LearningPlanId) -> Result<i64> {
    let last = Entity::find().filter(Column::PlanId.eq(plan)).order_by_desc(Column::SortOrder).one(&tx.db).await?;
    Ok(last.map_or(0, |item| (item.sort_order + 1).min(100_000)))
}

/// Names what an item is learnt from, in place of what was named: whether it was something else.
async fn link_resources(tx: &Tx, item: PlanItemId, resources: Option<&[LearningResourceId]>) -> Result<bool> {
    let Some(resources) = resources else { return Ok(false) };
    for (place, resource) in resources.iter().enumerate() {
        tx.refer::<learning_resource::Entity>(*resource, &format!("/resourceIds/{place}")).await?;
    }
    let mut named: Vec<LearningResourceId> = resources.to_vec();
    named.sort_unstable();
    named.dedup();
    let of = link::Column::PlanItemId.eq(item);
    let known = link::Entity::find().filter(of.clone()).all(&tx.db).await?;
    if known.len() == named.len() && known.iter().all(|link| named.contains(&link.learning_resource_id)) {
        return Ok(false);
    }
    link::Entity::delete_many().filter(of).exec(&tx.db).await?;
    let rows = named
        .into_iter()
        .map(|resource| link::ActiveModel { plan_item_id: Set(item), learning_resource_id: Set(resource) });
    link::Entity::insert_many(rows).exec(&tx.db).await?;
    Ok(true)
}

/// Adds an item for each competency of a framework that has none below it (§2: frameworks can be cloned into plans).
pub(super) async fn fill_from_framework(
    tx: &mut Tx,
    plan: &learning_plan::Model,
    framework: CompetencyFrameworkId,
) -> Result<()> {
    let pointer = "/fromFrameworkId";
    turn(tx, framework).await?;
    let framework = tx.refer::<competency_framework::Entity>(framework, pointer).await?;
    let target = target_level(&framework.scale.0, None)?;
    let all = competency::Entity::find()
        .filter(competency::Column::FrameworkId.eq(framework.id))
        .filter(competency::Column::DeletedAt.is_null())
        .order_by_asc(competency::Column::Path)
        .all(&tx.db)
        .await?;
    let leaves = all
        .iter()
        .filter(|one| one.rule == CompetencyRule::None && !all.iter().any(|other| other.parent_id == Some(one.id)));
    for (leaf, place) in leaves.zip(0..) {
        let row = ActiveModel { target_level: Set(target), sort_order: Set(place), ..blank(tx, plan, leaf.id) };
        let item = tx.insert::<Entity>(row).await?;
        record(tx, "created", &item)?;
    }
    Ok(())
}

async fn update(who: Caller, target: Target<PlanItemId>, patch: PlanItemPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let item = tx.find_at::<Entity>(&target, Action::EditPlanItem).await?;
    let plan = plan_to_edit(&tx, item.plan_id, false).await?;
    unbound(&plan, &bound::changes(&tx, &plan, &item, &patch).await?)?;
    let level = match patch.target_level {
        Some(level) if level != item.target_level => {
            target_level(&scale_of(&tx, item.competency_id, "/competencyId").await?, Some(level))?
        }
        _ => item.target_level,
    };
    let now = tx.now;
    let note = match patch.note {
        Patch::Keep => item.note.clone(),
        note => note.over(None),
    };
    let status = patch.status.filter(|status| *status != item.status);
    let after = tx
        .change::<Entity>(item, |row| {
            row.target_level.set_if_not_equals(level);
            row.note.set_if_not_equals(note);
            if let Some(motivation) = patch.motivation {
                row.motivation.set_if_not_equals(motivation);
            }
            if let Some(weight) = patch.weight {
                row.weight.set_if_not_equals(weight);
            }
            if let Some(place) = patch.sort_order {
                row.sort_order.set_if_not_equals(place);
            }
            if let Some(status) = status {
                let done = status == PlanItemStatus::Done;
                row.status = Set(status);
                row.completed_at = Set(done.then_some(now));
                row.completion_source = Set(done.then_some(CompletionSource::Manual));
            }
        })
        .await?;
    let linked = link_resources(&tx, after.row.id, patch.resource_ids.as_deref()).await?;
    let after = tx.beside::<Entity>(after, linked).await?;
    if after.changed {
        let done = status == Some(PlanItemStatus::Done);
        record(&mut tx, "updated", &after.row)?;
        if done {
            record_completed(&mut tx, &after.row).await?;
        }
        if status == Some(PlanItemStatus::Dropped) {
            learning_need::unplanned(&mut tx, &[after.row.id]).await?;
        }
    }
    tx.done(&after.row).await
}

async fn delete(who: Caller, target: Target<PlanItemId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let item = tx.find_at::<Entity>(&target, Action::EditPlanItem).await?;
    let plan = plan_to_edit(&tx, item.plan_id, false).await?;
    free(&plan)?;
    let item = tx.delete::<Entity>(item).await?;
    record(&mut tx, "deleted", &item)?;
    learning_need::unplanned(&mut tx, &[item.id]).await?;
    tx.done(&item).await
}

async fn restore(who: Caller, target: Target<PlanItemId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let item = tx.find_deleted::<Entity>(&target, Action::EditPlanItem).await?;
    let plan = plan_to_edit(&tx, item.plan_id, false).await?;
    free(&plan)?;
    let item = tx.restore::<Entity>(item).await?;
    record(&mut tx, "restored", &item)?;
    tx.done(&item).await
}

pub(super) fn record(tx: &mut Tx, what: &str, item: &Model) -> Result<()> {
    tx.record(what, item, json!({ "planId": item.plan_id, "status": item.status }))
}

/// An item that is done is news of its plan (story 1).
pub(super) async fn record_completed(tx: &mut Tx, item: &Model) -> Result<()> {
    let plan = learning_plan::Entity::find_by_id(item.plan_id).one(&tx.db).await?;
    match plan {
        Some(plan) => tx.record(
            "item_completed",
            &plan,
            json!({
                "planItemId": item.id, "competencyId": item.competency_id, "completionSource": item.completion_source,
            }),
        ),
        None => Ok(()),
    }
}

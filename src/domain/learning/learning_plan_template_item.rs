//! Items of templates: whatever changes here changes in every plan that follows the template (§7).

use entity::{
    id::{CompetencyFrameworkId, CompetencyId, LearningPlanTemplateId, LearningPlanTemplateItemId, LearningResourceId},
    kind::{Kind, Patch, id, int},
    learning::{
        competency, learning_plan_template,
        learning_plan_template_item::{ActiveModel, Column, Entity, Model},
        learning_plan_template_item_resource as link, learning_resource,
    },
    object,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};
use serde_json::json;

use super::{
    learning_plan_template::{follow::follow, turn},
    plan_item::{LEVEL, NOTE, PLACE, RESOURCES, WEIGHT, scale_of, target_level},
};
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

/// How many items a template has at most: with the longest list of people, one assignment makes twenty thousand.
const ITEMS_MAX: u64 = 100;

impl Row for Entity {
    const NAME: &'static str = "LearningPlanTemplateItem";
    type Id = LearningPlanTemplateItemId;
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<LearningPlanTemplateItemId>(), "The id."),
        Column::TemplateId => leaf(id::<LearningPlanTemplateId>(), "The template.").filter(),
        Column::CompetencyId => leaf(id::<CompetencyId>(), "What is to be learnt.").filter(),
        Column::TargetLevel => leaf(LEVEL, "How well, as a level of the framework's scale."),
        Column::Weight => leaf(WEIGHT, "How much it counts in the progress of a plan."),
        Column::SortOrder => leaf(PLACE, "Its place in the template.").sort(),
        Column::Note => leaf(NOTE, "A note for whoever learns it."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "LearningPlanTemplateItem",
        "What every plan of a template asks for (§7).",
        "tit",
        Action::ViewLearningPlanTemplateItem,
        show,
    )
    .order("sort_order", false)
    .one("template", "template_id", "LearningPlanTemplate", "The template.")
    .one("competency", "competency_id", "Competency", "What is to be learnt.")
    .through(
        "resources",
        ("learning_plan_template_item_resource", "template_item_id", "learning_resource_id"),
        "LearningResource",
        "What it is learnt from.",
    );
    Resource { shape, plural: "learningPlanTemplateItems", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::ManageLearningPlanTemplate;
    vec![
        Verb::create(ManageLearningPlanTemplate, "Add an item to a template, and to the plans that follow it.", create),
        Verb::on::<Entity, _, _, _>(
            "update",
            ManageLearningPlanTemplate,
            "Change an item of a template, and of the plans that follow it.",
            update,
        ),
        Verb::on::<Entity, _, _, _>(
            "delete",
            ManageLearningPlanTemplate,
            "Delete an item of a template, and of the plans that follow it where it is not done; it can be restored.",
            delete,
        ),
        Verb::on::<Entity, _, _, _>(
            "restore",
            ManageLearningPlanTemplate,
            "Bring a deleted item back, in the plans that follow the template too.",
            restore,
        ),
    ]
}

object! {
    /// An item to add to a template.
    NewLearningPlanTemplateItem {
        /// The template.
        required template_id: LearningPlanTemplateId = id::<LearningPlanTemplateId>(),
        /// What is to be learnt.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// How well, as a level of the framework's scale; without it, the lowest proficient one.
        optional target_level: i64 = LEVEL,
        /// How much it counts in the progress of a plan; without it, 1.
        optional weight: i64 = WEIGHT,
        /// Its place in the template; without it, the end.
        optional sort_order: i64 = PLACE,
        /// A note for whoever learns it.
        optional note: String = NOTE,
        /// What it is learnt from.
        optional resource_ids: Vec<LearningResourceId> = RESOURCES,
    }
}

object! {
    /// Changes to an item of a template.
    LearningPlanTemplateItemPatch {
        /// How well, as a level of the framework's scale.
        change target_level: i64 = LEVEL,
        /// How much it counts in the progress of a plan.
        change weight: i64 = WEIGHT,
        /// Its place in the template.
        change sort_order: i64 = PLACE,
        /// A note for whoever learns it.
        clear note: String = NOTE,
        /// What it is learnt from, in place of what was named.
        change resource_ids: Vec<LearningResourceId> = RESOURCES,
    }
}

async fn create(who: Caller, new: NewLearningPlanTemplateItem) -> Result<Done> {
    who.may(Action::ManageLearningPlanTemplate)?;
    let mut tx = who.begin().await?;
    turn(&tx, new.template_id).await?;
    let template = tx.refer::<learning_plan_template::Entity>(new.template_id, "/templateId").await?;
    has_room(&tx, template.id).await?;
    let scale = scale_of(&tx, new.competency_id, "/competencyId").await?;
    let target = target_level(&scale, new.target_level)?;
    let place = match new.sort_order {
        Some(place) => place,
        None => next_place(&tx, template.id).await?,
    };
    let item = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            template_id: Set(template.id),
            competency_id: Set(new.competency_id),
            target_level: Set(target),
            weight: Set(new.weight.unwrap_or(1)),
            sort_order: Set(place),
            note: Set(new.note),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    link_resources(&tx, item.id, new.resource_ids.as_deref()).await?;
    record(&mut tx, "created", &item)?;
    follow(&mut tx, &item).await?;
    tx.made(&item).await
}

async fn update(
    who: Caller,
    target: Target<LearningPlanTemplateItemId>,
    patch: LearningPlanTemplateItemPatch,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::ManageLearningPlanTemplate).await?;
    turn(&tx, was.template_id).await?;
    let level = match patch.target_level {
        Some(level) if level != was.target_level => {
            target_level(&scale_of(&tx, was.competency_id, "/competencyId").await?, Some(level))?
        }
        _ => was.target_level,
    };
    let note = match patch.note {
        Patch::Keep => was.note.clone(),
        note => note.over(None),
    };
    let after = tx
        .change::<Entity>(was, |row| {
            row.target_level.set_if_not_equals(level);
            row.note.set_if_not_equals(note);
            if let Some(weight) = patch.weight {
                row.weight.set_if_not_equals(weight);
            }
            if let Some(place) = patch.sort_order {
                row.sort_order.set_if_not_equals(place);
            }
        })
        .await?;
    let linked = link_resources(&tx, after.row.id, patch.resource_ids.as_deref()).await?;
    let after = tx.beside::<Entity>(after, linked).await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
        follow(&mut tx, &after.row).await?;
    }
    tx.done(&after.row).await
}

async fn delete(who: Caller, target: Target<LearningPlanTemplateItemId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let item = tx.find_at::<Entity>(&target, Action::ManageLearningPlanTemplate).await?;
    turn(&tx, item.template_id).await?;
    let item = tx.delete::<Entity>(item).await?;
    record(&mut tx, "deleted", &item)?;
    follow(&mut tx, &item).await?;
    tx.done(&item).await
}

async fn restore(who: Caller, target: Target<LearningPlanTemplateItemId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let item = tx.find_deleted::<Entity>(&target, Action::ManageLearningPlanTemplate).await?;
    turn(&tx, item.template_id).await?;
    has_room(&tx, item.template_id).await?;
    let item = tx.restore::<Entity>(item).await?;
    record(&mut tx, "restored", &item)?;
    follow(&mut tx, &item).await?;
    tx.done(&item).await
}

fn record(tx: &mut Tx, what: &str, item: &Model) -> Result<()> {
    tx.record(what, item, json!({ "templateId": item.template_id, "competencyId": item.competency_id }))
}

async fn has_room(tx: &Tx, template: LearningPlanTemplateId) -> Result<()> {
    let living = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::TemplateId.eq(template))
        .filter(Column::DeletedAt.is_null());
    if living.count(&tx.db).await? < ITEMS_MAX {
        return Ok(());
    }
    let error = Error::new(Code::TemplateFull, format!("A template has at most {ITEMS_MAX} items."));
    Err(error.with(json!({ "most": ITEMS_MAX })))
}

async fn next_place(tx: &Tx, template: LearningPlanTemplateId) -> Result<i64> {
    let all = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::TemplateId.eq(template))
        .filter(Column::DeletedAt.is_null());
    let last = all.order_by_desc(Column::SortOrder).one(&tx.db).await?;
    Ok(last.map_or(0, |item| (item.sort_order + 1).min(100_000)))
}

/// Names what an item is learnt from, in place of what was named: whether it was something else.
async fn link_resources(
    tx: &Tx,
    item: LearningPlanTemplateItemId,
    resources: Option<&[LearningResourceId]>,
) -> Result<bool> {
    let Some(resources) = resources else { return Ok(false) };
    let action = Action::ViewLearningResource;
    tx.find_all::<learning_resource::Entity>(resources, action, "/resourceIds").await?;
    let mut named = resources.to_vec();
    named.sort_unstable();
    named.dedup();
    let of = link::Column::TemplateItemId.eq(item);
    let known = link::Entity::find().filter(of.clone()).all(&tx.db).await?;
    if known.len() == named.len() && known.iter().all(|link| named.contains(&link.learning_resource_id)) {
        return Ok(false);
    }
    link::Entity::delete_many().filter(of).exec(&tx.db).await?;
    let rows = named
        .into_iter()
        .map(|resource| link::ActiveModel { template_item_id: Set(item), learning_resource_id: Set(resource) });
    link::Entity::insert_many(rows).exec(&tx.db).await?;
    Ok(true)
}

/// How many items of templates name competencies of a framework, be it that they were deleted: they can be restored.
pub(super) async fn in_framework(tx: &Tx, framework: CompetencyFrameworkId) -> Result<u64> {
    let all = competency::Entity::find()
        .select_only()
        .column(competency::Column::Id)
        .filter(competency::Column::FrameworkId.eq(framework))
        .into_query();
    Ok(Entity::find().filter(Column::CompetencyId.in_subquery(all)).count(&tx.db).await?)
}

/// How many items of templates name a competency.
pub(super) async fn of_competency(tx: &Tx, competency: CompetencyId) -> Result<u64> {
    Ok(Entity::find().filter(Column::CompetencyId.eq(competency)).count(&tx.db).await?)
}

/// How many items of templates are learnt from a resource.
pub(super) async fn from_resource(tx: &Tx, resource: LearningResourceId) -> Result<u64> {
    let links = link::Entity::find().filter(link::Column::LearningResourceId.eq(resource));
    Ok(links.count(&tx.db).await?)
}

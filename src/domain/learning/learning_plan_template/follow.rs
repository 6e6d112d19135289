//! Plans that follow a template: their content is the template's, and what has been done of it is the learner's (§7).
//!
//! Whoever comes here has the template's turn. Complete plans are left as they are, and catch up when they are reopened.

mod steps;

use std::collections::HashMap;

use entity::{
    id::{LearningPlanId, LearningPlanTemplateItemId, LearningResourceId, PlanItemId},
    learning::{
        learning_plan::{self, LearningPlanStatus},
        learning_plan_template, learning_plan_template_item as template_item,
        learning_plan_template_item_resource as template_link, plan_item, plan_item_resource as link,
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};
use serde_json::json;

use super::super::{learning_need, plan_item as items};
use crate::{
    domain::{error::Result, many::ROWS, tx::Tx},
    read::sql::Arg,
};
use steps::{Given, Steps, steps};

/// What became of the items of one plan.
#[derive(Default)]
struct Touched {
    added: Vec<PlanItemId>,
    changed: Vec<PlanItemId>,
    removed: Vec<PlanItemId>,
    kept: Vec<PlanItemId>,
}

/// Lets the plans that follow a template follow a change of one of its items, at once and in a bounded number of
/// statements.
pub(in crate::domain::learning) async fn follow(tx: &mut Tx, item: &template_item::Model) -> Result<()> {
    use learning_plan::Column as Plan;
    let bound = learning_plan::Entity::find()
        .filter(Plan::OrganizationId.eq(tx.who.organization))
        .filter(Plan::TemplateId.eq(item.template_id))
        .filter(Plan::Status.ne(LearningPlanStatus::Complete))
        .filter(Plan::DeletedAt.is_null());
    let ids = bound.clone().select_only().column(Plan::Id).into_query();
    // Items are locked before their plans, as by whoever changes one.
    let has = plan_item::Entity::find()
        .filter(plan_item::Column::OrganizationId.eq(tx.who.organization))
        .filter(plan_item::Column::TemplateItemId.eq(item.id))
        .filter(plan_item::Column::PlanId.in_subquery(ids))
        .order_by_asc(plan_item::Column::Id)
        .lock_exclusive()
        .all(&tx.db)
        .await?;
    let plans = bound.order_by_asc(Plan::Id).lock_exclusive().all(&tx.db).await?;
    let given = given(tx, vec![item.clone()]).await?;
    let touched = synchronize(tx, &plans, &given, has).await?;
    tell(tx, &plans, touched)
}

/// Lets one plan catch up with everything that happened to its template.
pub(in crate::domain::learning) async fn catch_up(
    tx: &mut Tx,
    plan: &learning_plan::Model,
    template: &learning_plan_template::Model,
) -> Result<()> {
    let all = template_item::Entity::find()
        .filter(template_item::Column::OrganizationId.eq(tx.who.organization))
        .filter(template_item::Column::TemplateId.eq(template.id))
        .order_by_asc(template_item::Column::SortOrder)
        .order_by_asc(template_item::Column::Id)
        .all(&tx.db)
        .await?;
    let has = plan_item::Entity::find()
        .filter(plan_item::Column::OrganizationId.eq(tx.who.organization))
        .filter(plan_item::Column::PlanId.eq(plan.id))
        .filter(plan_item::Column::TemplateItemId.is_not_null())
        .order_by_asc(plan_item::Column::Id)
        .lock_exclusive()
        .all(&tx.db)
        .await?;
    let given = given(tx, all).await?;
    let plans = std::slice::from_ref(plan);
    let touched = synchronize(tx, plans, &given, has).await?;
    tell(tx, plans, touched)
}

/// Gives new plans what their template gives.
pub(in crate::domain::learning) async fn fill(
    tx: &mut Tx,
    plans: &[learning_plan::Model],
    template: &learning_plan_template::Model,
) -> Result<()> {
    let all = template_item::Entity::find()
        .filter(template_item::Column::OrganizationId.eq(tx.who.organization))
        .filter(template_item::Column::TemplateId.eq(template.id))
        .filter(template_item::Column::DeletedAt.is_null())
        .order_by_asc(template_item::Column::SortOrder)
        .order_by_asc(template_item::Column::Id)
        .all(&tx.db)
        .await?;
    let given = given(tx, all).await?;
    synchronize(tx, plans, &given, Vec::new()).await?;
    Ok(())
}

async fn given(tx: &Tx, items: Vec<template_item::Model>) -> Result<Vec<Given>> {
    let links = template_link::Entity::find()
        .filter(template_link::Column::TemplateItemId.is_in(items.iter().map(|item| item.id)))
        .order_by_asc(template_link::Column::LearningResourceId)
        .all(&tx.db)
        .await?;
    let resources = |item: LearningPlanTemplateItemId| {
        let of = links.iter().filter(|link| link.template_item_id == item);
        of.map(|link| link.learning_resource_id).collect()
    };
    Ok(items.into_iter().map(|item| Given { resources: resources(item.id), item }).collect())
}

/// What items of plans are learnt from, in the order of the ids.
async fn resources(tx: &Tx, items: &[plan_item::Model]) -> Result<HashMap<PlanItemId, Vec<LearningResourceId>>> {
    let mut all: HashMap<_, Vec<_>> = HashMap::new();
    if items.is_empty() {
        return Ok(all);
    }
    let mut sql = tx.sql();
    sql.push("SELECT l.plan_item_id, l.learning_resource_id FROM plan_item_resource l JOIN plan_item i ON i.id = l.plan_item_id ");
    sql.push("WHERE i.organization_id = ").bind(Arg::Uuid(tx.who.organization.0)).push(" AND i.id");
    sql.among(Arg::Uuids(items.iter().map(|item| item.id.0).collect())).push(" ORDER BY l.learning_resource_id");
    for row in tx.rows::<link::Model>(&sql).await? {
        all.entry(row.plan_item_id).or_default().push(row.learning_resource_id);
    }
    Ok(all)
}

/// Makes of what plans have what their template gives.
async fn synchronize(
    tx: &mut Tx,
    plans: &[learning_plan::Model],
    given: &[Given],
    has: Vec<plan_item::Model>,
) -> Result<HashMap<LearningPlanId, Touched>> {
    let linked = resources(tx, &has).await?;
    let Steps { add, change, remove, keep } = steps(plans, given, has, &linked);
    let mut touched: HashMap<LearningPlanId, Touched> = HashMap::new();
    let mut links = Vec::new();
    for (one, was) in change {
        for item in changed(tx, one, was).await? {
            links.push((item.id, one));
            touched.entry(item.plan_id).or_default().changed.push(item.id);
        }
    }
    let rows = add.iter().map(|(plan, one)| made(tx, plan, &one.item)).collect();
    let new = tx.insert_all::<plan_item::Entity>(rows).await?;
    for (item, (_, one)) in new.iter().zip(&add) {
        items::record(tx, "created", item)?;
        links.push((item.id, *one));
        touched.entry(item.plan_id).or_default().added.push(item.id);
    }
    link_all(tx, links).await?;
    for item in removed(tx, remove).await? {
        touched.entry(item.plan_id).or_default().removed.push(item.id);
    }
    for item in keep {
        touched.entry(item.plan_id).or_default().kept.push(item.id);
    }
    Ok(touched)
}

/// An item of a plan as its template gives it.
fn made(tx: &Tx, plan: &learning_plan::Model, says: &template_item::Model) -> plan_item::ActiveModel {
    plan_item::ActiveModel {
        target_level: Set(says.target_level),
        weight: Set(says.weight),
        sort_order: Set(says.sort_order),
        note: Set(says.note.clone()),
        template_item_id: Set(Some(says.id)),
        ..items::blank(tx, plan, says.competency_id)
    }
}

/// Lets items become what the template says; those that were deleted come back. What they are learnt from is still to be
/// said.
async fn changed(tx: &mut Tx, given: &Given, was: Vec<plan_item::Model>) -> Result<Vec<plan_item::Model>> {
    let back: Vec<bool> = was.iter().map(|item| item.deleted_at.is_some()).collect();
    let says = &given.item;
    let after = tx
        .change_all::<plan_item::Entity>(was, |row| {
            row.target_level = Set(says.target_level);
            row.weight = Set(says.weight);
            row.sort_order = Set(says.sort_order);
            row.note = Set(says.note.clone());
            row.deleted_at = Set(None);
        })
        .await?;
    for (item, back) in after.iter().zip(back) {
        items::record(tx, if back { "restored" } else { "updated" }, item)?;
    }
    for some in after.chunks(ROWS) {
        let of = link::Column::PlanItemId.is_in(some.iter().map(|item| item.id));
        link::Entity::delete_many().filter(of).exec(&tx.db).await?;
    }
    Ok(after)
}

/// Says what items are learnt from.
async fn link_all(tx: &Tx, links: Vec<(PlanItemId, &Given)>) -> Result<()> {
    let rows: Vec<_> = links
        .into_iter()
        .flat_map(|(item, given)| given.resources.iter().map(move |&resource| (item, resource)))
        .map(|(item, resource)| link::ActiveModel { plan_item_id: Set(item), learning_resource_id: Set(resource) })
        .collect();
    for some in rows.chunks(ROWS) {
        link::Entity::insert_many(some.to_vec()).exec_without_returning(&tx.db).await?;
    }
    Ok(())
}

/// Removes items; what they stood for is needed again.
async fn removed(tx: &mut Tx, was: Vec<plan_item::Model>) -> Result<Vec<plan_item::Model>> {
    let gone = tx.delete_all::<plan_item::Entity>(was).await?;
    for item in &gone {
        items::record(tx, "deleted", item)?;
    }
    let ids: Vec<PlanItemId> = gone.iter().map(|item| item.id).collect();
    learning_need::unplanned(tx, &ids).await?;
    Ok(gone)
}

/// Tells of each plan what became of its items.
fn tell(tx: &mut Tx, plans: &[learning_plan::Model], mut touched: HashMap<LearningPlanId, Touched>) -> Result<()> {
    for plan in plans {
        let Some(Touched { added, changed, removed, kept }) = touched.remove(&plan.id) else { continue };
        if added.is_empty() && changed.is_empty() && removed.is_empty() {
            continue;
        }
        let data = json!({
            "templateId": plan.template_id, "added": added, "changed": changed, "removed": removed, "kept": kept,
        });
        tx.record("template_followed", plan, data)?;
    }
    Ok(())
}

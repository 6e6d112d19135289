//! A plan and the template that it follows: how it begins to, catches up, and ends to (§7).

use entity::{
    id::{LearningPlanId, LearningPlanTemplateId, UserId},
    learning::{
        learning_plan::{Entity, LearningPlanStatus, Model},
        learning_plan_template as template,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    super::learning_plan_template::{follow, turn},
    NewLearningPlan, assign, editable,
};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

/// The template that a new plan is to follow, whose turn the caller has: one that no other plan of its owner follows.
pub(super) async fn to_follow(tx: &Tx, new: &NewLearningPlan, owner: UserId) -> Result<Option<template::Model>> {
    let Some(wanted) = new.from_template_id else { return Ok(None) };
    if new.from_framework_id.is_some() {
        let why = "A plan begins from a framework or from a template, not from both.";
        return Err(Error::field(Code::PlanSourceAmbiguous, "/fromTemplateId", why));
    }
    let template = tx.refer::<template::Entity>(wanted, "/fromTemplateId").await?;
    match assign::following(tx, template.id, &[owner]).await?.remove(&owner) {
        Some(plan) => Err(already(plan.id)),
        None => Ok(Some(template)),
    }
}

fn already(plan: LearningPlanId) -> Error {
    let why = "There is a plan that follows this template already.";
    Error::field(Code::AlreadyAssigned, "/fromTemplateId", why).with(json!({ "learningPlanId": plan }))
}

/// Takes the turn of the template that a plan follows, before the plan itself is locked: templates come first.
pub(super) async fn take_turn(tx: &Tx, plan: LearningPlanId) -> Result<()> {
    use entity::learning::learning_plan::Column;
    let of = Entity::find_by_id(plan).filter(Column::OrganizationId.eq(tx.who.organization)).one(&tx.db).await?;
    match of.and_then(|plan| plan.template_id) {
        Some(template) => turn(tx, template).await,
        None => Ok(()),
    }
}

/// Lets a plan that may be changed again catch up with its template. One whose template is gone follows none any more.
pub(super) async fn rejoin(tx: &mut Tx, plan: Model) -> Result<Model> {
    let Some(followed) = plan.template_id else { return Ok(plan) };
    if plan.status == LearningPlanStatus::Complete {
        return Ok(plan);
    }
    let living = template::Entity::find_by_id(followed)
        .filter(template::Column::OrganizationId.eq(tx.who.organization))
        .filter(template::Column::DeletedAt.is_null())
        .one(&tx.db)
        .await?;
    if let Some(template) = living {
        follow::catch_up(tx, &plan, &template).await?;
        return Ok(plan);
    }
    tx.warn("TEMPLATE_GONE", "The template that the plan followed has been deleted: it follows none any more.");
    free(tx, plan, followed).await
}

async fn free(tx: &mut Tx, plan: Model, followed: LearningPlanTemplateId) -> Result<Model> {
    let after = tx.change::<Entity>(plan, |row| row.template_id = Set(None)).await?;
    tx.record("unlinked_from_template", &after.row, json!({ "templateId": followed }))?;
    Ok(after.row)
}

pub(super) async fn unlink(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let plan = tx.find_at::<Entity>(&target, Action::EditLearningPlan).await?;
    editable(&plan)?;
    let Some(followed) = plan.template_id else {
        return Err(Error::new(Code::PlanNotBound, "The plan follows no template."));
    };
    let plan = free(&mut tx, plan, followed).await?;
    tx.done(&plan).await
}

pub(super) async fn restore(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    take_turn(&tx, target.id).await?;
    let plan = tx.find_deleted::<Entity>(&target, Action::EditLearningPlan).await?;
    let plan = come_back(&mut tx, plan).await?;
    tx.done(&plan).await
}

/// A plan comes back, and follows its template again, if no other plan of its owner does by now.
///
/// # Errors
/// `ALREADY_ASSIGNED {learningPlanId}`.
pub(super) async fn come_back(tx: &mut Tx, plan: Model) -> Result<Model> {
    if let Some(template) = plan.template_id
        && let Some(other) = assign::following(tx, template, &[plan.owner_id]).await?.remove(&plan.owner_id)
    {
        let why = "Another plan of this person follows the template by now.";
        return Err(Error::new(Code::AlreadyAssigned, why).with(json!({ "learningPlanId": other.id })));
    }
    let plan = tx.restore::<Entity>(plan).await?;
    tx.record("restored", &plan, json!({}))?;
    rejoin(tx, plan).await
}

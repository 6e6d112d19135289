//! Plans as documents: written with everything named, and taken in as new plans.

pub mod write;

use std::collections::HashSet;

use entity::{
    id::{CompetencyId, LearningResourceId, UserId},
    kind::Declared as _,
    learning::{competency, learning_plan, learning_resource, plan_item::PlanItemStatus},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _};
use serde_json::Value;
use uuid::Uuid;

use super::{
    framework::passes,
    notes::{Notes, Place},
    plan_document::{CompetencyName, FORMAT, PlanDocument, PlanItemPart, PlanPart, ResourcePart, VERSION},
};
use crate::{
    domain::{
        check,
        error::{Code, Error, Result},
        external,
        learning::{
            learning_plan::{NewLearningPlan, for_whom, start},
            learning_resource::{NewLearningResource, add as add_resource},
            plan_item::{NewPlanItem, add as add_item},
            week,
        },
        policy::Action,
        tx::Tx,
    },
    read::{shape::shape, sql::Arg},
};

/// How many different resources a plan may bring along: everybody in the organization sees those that are new.
const RESOURCES_MAX: usize = 500;

/// Reads a document; what is wrong with it is noted, and it is not to be taken in then.
#[must_use]
pub fn read(document: &Value, notes: &mut Notes) -> Option<PlanDocument> {
    for (name, known) in [("format", Value::from(FORMAT)), ("version", Value::from(VERSION))] {
        if document.get(name) != Some(&known) {
            notes.error(Place::default().member(name), Code::BadInput, &format!("{known} is expected."));
        }
    }
    if let Err(error) = check::object(PlanDocument::object(), document) {
        notes.refused(&Place::default(), &error);
    }
    if !notes.fine() {
        return None;
    }
    let resources = document["items"].as_array().into_iter().flatten();
    let resources = resources.flat_map(|item| item["resources"].as_array().into_iter().flatten());
    if resources.map(Value::to_string).collect::<HashSet<_>>().len() > RESOURCES_MAX {
        let message = format!("A plan names at most {RESOURCES_MAX} different resources.");
        notes.error(Place::default().member("items"), Code::TooLarge, &message);
        return None;
    }
    serde_json::from_value(document.clone())
        .map_err(|error| notes.error(Place::default(), Code::BadInput, &error.to_string()))
        .ok()
}

/// Takes a plan in, as a new draft: what was done is to be done again, what was dropped is left out. What refuses it is
/// noted: the work is not to be committed then.
///
/// # Errors
/// What is no matter of the document: `UNAVAILABLE`.
pub async fn take(
    tx: &mut Tx,
    document: PlanDocument,
    owner: Option<UserId>,
    notes: &mut Notes,
) -> Result<Option<(learning_plan::Model, i64)>> {
    let plan = match head(tx, document.plan, owner, notes).await {
        Err(error) if passes(&error) => return Err(error),
        Err(error) => {
            notes.refused(&Place::default(), &error);
            return Ok(None);
        }
        Ok(plan) => plan,
    };
    let mut added = 0;
    for (place, item) in document.items.into_iter().enumerate() {
        let at = Place::pointer(format!("/items/{place}"));
        match item.status {
            Some(PlanItemStatus::Dropped) => {
                notes.warn(at, "ITEM_LEFT_OUT", "The item was dropped: it is left out.");
                continue;
            }
            Some(PlanItemStatus::Done) => {
                notes.warn(at.clone(), "PROGRESS_NOT_TAKEN", "The item was done there: here it is to be done.");
            }
            _ => {}
        }
        match take_item(tx, &plan, place, item).await {
            Err(error) if passes(&error) => return Err(error),
            Err(error) => notes.refused(&at, &error),
            Ok(()) => added += 1,
        }
    }
    Ok(notes.fine().then_some((plan, added)))
}

async fn head(tx: &mut Tx, part: PlanPart, owner: Option<UserId>, notes: &mut Notes) -> Result<learning_plan::Model> {
    let owner = for_whom(tx, owner, "/ownerId").await?;
    let today = week::day_in(&owner.time_zone, tx.now);
    let due_on = part.due_on.filter(|day| *day >= today);
    let at = Place::pointer("/plan");
    if due_on != part.due_on {
        notes.warn(at.member("dueOn"), Code::DueDatePast.as_str(), "The due date is past: the plan has none here.");
    }
    let mut refs = Vec::new();
    for one in part.external_refs.unwrap_or_default() {
        let taken = external::find_in(
            &tx.db,
            tx.who.organization,
            &external::Book::shared("pln"),
            &one.source,
            &one.external_id,
        )
        .await?;
        if taken.is_some() {
            let message = format!("{} {} names another plan here: this one goes without.", one.source, one.external_id);
            notes.warn(at.member("externalRefs"), Code::ExternalRefTaken.as_str(), &message);
        } else {
            refs.push(one);
        }
    }
    let new = NewLearningPlan {
        title: part.title,
        description: part.description,
        due_on,
        owner_id: Some(owner.id),
        goal_id: None,
        from_template_id: None,
        from_framework_id: None,
        external_refs: Some(refs),
    };
    start(tx, new).await
}

async fn take_item(tx: &mut Tx, plan: &learning_plan::Model, place: usize, item: PlanItemPart) -> Result<()> {
    let competency_id = named(tx, &item.competency).await?;
    let mut resource_ids = Vec::new();
    for part in item.resources.unwrap_or_default() {
        resource_ids.push(resource(tx, part).await?);
    }
    let rank = i64::try_from(place).unwrap_or_default();
    let new = NewPlanItem {
        plan_id: plan.id,
        competency_id,
        target_level: item.target_level,
        motivation: item.motivation,
        weight: item.weight,
        sort_order: Some(item.sort_order.unwrap_or(rank)),
        note: item.note,
        resource_ids: Some(resource_ids),
    };
    add_item(tx, plan, new).await.map(|_| ())
}

#[derive(FromQueryResult)]
struct Found {
    id: Uuid,
}

/// The competency that a document names: by the id where it is known here, else by framework and code, of the
/// organization's own first.
pub(in crate::domain) async fn named(tx: &Tx, name: &CompetencyName) -> Result<CompetencyId> {
    if let Some(id) = name.id {
        match tx.find::<competency::Entity>(id, Action::ViewCompetency).await {
            Ok(row) => return Ok(row.id),
            Err(error) if error.code() == Code::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    if let (Some(framework), Some(code)) = (&name.framework, &name.code) {
        let mut sql = tx.sql();
        sql.push(
            "SELECT c.id FROM competency c JOIN competency_framework f ON f.id = c.framework_id WHERE f.short_name = ",
        );
        sql.bind(Arg::Text(framework.clone())).push(" AND c.code = ").bind(Arg::Text(code.clone()));
        sql.push(" AND c.deleted_at IS NULL AND f.deleted_at IS NULL AND ");
        sql.visible(shape("CompetencyFramework"), "f", &tx.who);
        sql.push(" ORDER BY CASE WHEN f.organization_id IS NULL THEN 1 ELSE 0 END, c.id LIMIT 1");
        if let Some(found) = tx.row::<Found>(&sql).await? {
            return Ok(CompetencyId(found.id));
        }
    }
    Err(Error::field(Code::ReferenceUnknown, "/competency", "There is no such competency."))
}

/// The resource that a document names, made when it is not there.
async fn resource(tx: &mut Tx, part: ResourcePart) -> Result<LearningResourceId> {
    use learning_resource::{Column, Entity};
    let organization = tx.who.organization;
    let living = || Entity::find().filter(Column::OrganizationId.eq(organization)).filter(Column::DeletedAt.is_null());
    for one in part.external_refs.iter().flatten() {
        let known =
            external::find_in(&tx.db, organization, &external::Book::shared("res"), &one.source, &one.external_id)
                .await?;
        if let Some(id) = known {
            let found = living().filter(Column::Id.eq(id)).one(&tx.db).await?;
            if let Some(row) = found {
                return Ok(row.id);
            }
        }
    }
    if let Some(id) = part.id
        && let Some(row) = living().filter(Column::Id.eq(id)).one(&tx.db).await?
    {
        return Ok(row.id);
    }
    if let Some(url) = &part.url {
        let same = living().filter(Column::Url.eq(url.as_str())).order_by_asc(Column::Id);
        if let Some(row) = same.one(&tx.db).await? {
            return Ok(row.id);
        }
    }
    let new = NewLearningResource {
        kind: part.kind,
        title: part.title,
        url: part.url,
        provider: part.provider,
        estimated_minutes: part.estimated_minutes,
        competency_ids: None,
        external_refs: part.external_refs,
    };
    Ok(add_resource(tx, new).await?.id)
}

//! Plans as documents: written with everything named, and taken in as new plans.

use std::collections::HashMap;

use entity::{
    id::{CompetencyId, LearningPlanId, LearningResourceId, UserId},
    kind::Declared as _,
    learning::{
        competency, learning_plan, learning_resource,
        plan_item::{self, PlanItemStatus},
        plan_item_resource,
    },
    platform::external_ref,
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
        external::{self, ExternalRef},
        learning::{
            learning_plan::{NewLearningPlan, for_whom, start},
            learning_resource::{NewLearningResource, add as add_resource},
            plan_item::{NewPlanItem, add as add_item},
            week,
        },
        look::Look,
        policy::Action,
        tx::Tx,
    },
    read::{shape::shape, sql::Arg},
};

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
        let taken = external::find_in(&tx.db, tx.who.organization, "pln", &one.source, &one.external_id).await?;
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
async fn named(tx: &Tx, name: &CompetencyName) -> Result<CompetencyId> {
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
        let known = external::find_in(&tx.db, organization, "res", &one.source, &one.external_id).await?;
        if let Some(id) = known {
            let found = living().filter(Column::Id.eq(id)).one(&tx.db).await?;
            if let Some(row) = found {
                return Ok(row.id);
            }
        }
    }
    if let Some(id) = part.id {
        if let Some(row) = living().filter(Column::Id.eq(id)).one(&tx.db).await? {
            return Ok(row.id);
        }
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

/// Writes a plan that the caller may see.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn write(look: &Look, plan: learning_plan::Model) -> Result<PlanDocument> {
    use plan_item::Column::{DeletedAt, Id, PlanId, SortOrder};
    let items = plan_item::Entity::find().filter(PlanId.eq(plan.id)).filter(DeletedAt.is_null());
    let items = items.order_by_asc(SortOrder).order_by_asc(Id).all(&look.db).await?;
    let names = names(look, plan.id).await?;
    let mut resources = resources(look, &items).await?;
    let refs = refs(look, &[plan.id.0]).await?.remove(&plan.id.0);
    let part = |item: plan_item::Model| PlanItemPart {
        competency: names.get(&item.competency_id.0).cloned().unwrap_or(CompetencyName {
            id: Some(item.competency_id),
            framework: None,
            code: None,
        }),
        target_level: Some(item.target_level),
        status: Some(item.status),
        motivation: Some(item.motivation),
        weight: Some(item.weight),
        sort_order: Some(item.sort_order),
        note: item.note,
        resources: Some(resources.remove(&item.id.0).unwrap_or_default()),
    };
    Ok(PlanDocument {
        format: FORMAT.to_owned(),
        version: VERSION,
        items: items.into_iter().map(part).collect(),
        plan: PlanPart {
            title: plan.title,
            description: plan.description,
            due_on: plan.due_on,
            external_refs: Some(refs.unwrap_or_default()),
        },
    })
}

#[derive(FromQueryResult)]
struct Named {
    id: CompetencyId,
    code: String,
    short_name: String,
}

/// The names of what a plan's items are about, as far as the caller may know them.
async fn names(look: &Look, plan: LearningPlanId) -> Result<HashMap<Uuid, CompetencyName>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT DISTINCT c.id, c.code, f.short_name FROM plan_item i JOIN competency c ON c.id = i.competency_id ",
    );
    sql.push("JOIN competency_framework f ON f.id = c.framework_id WHERE i.plan_id = ").bind(Arg::Uuid(plan.0));
    sql.push(" AND i.deleted_at IS NULL AND ").visible(shape("CompetencyFramework"), "f", &look.who);
    let rows: Vec<Named> = look.rows(&sql).await?;
    let name = |row: Named| {
        let name = CompetencyName { id: Some(row.id), framework: Some(row.short_name), code: Some(row.code) };
        (row.id.0, name)
    };
    Ok(rows.into_iter().map(name).collect())
}

/// What each item is learnt from.
async fn resources(look: &Look, items: &[plan_item::Model]) -> Result<HashMap<Uuid, Vec<ResourcePart>>> {
    use plan_item_resource::Column::{LearningResourceId, PlanItemId};
    let ids = items.iter().map(|item| item.id);
    let links = plan_item_resource::Entity::find().filter(PlanItemId.is_in(ids)).order_by_asc(LearningResourceId);
    let links = links.all(&look.db).await?;
    let mut wanted: Vec<Uuid> = links.iter().map(|link| link.learning_resource_id.0).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let rows = learning_resource::Entity::find()
        .filter(learning_resource::Column::OrganizationId.eq(look.who.organization))
        .filter(learning_resource::Column::Id.is_in(wanted.iter().copied()))
        .all(&look.db)
        .await?;
    let mut refs = refs(look, &wanted).await?;
    let parts: HashMap<Uuid, ResourcePart> = rows
        .into_iter()
        .map(|row| {
            let part = ResourcePart {
                id: Some(row.id),
                kind: row.kind,
                title: row.title,
                url: row.url,
                provider: row.provider,
                estimated_minutes: row.estimated_minutes,
                external_refs: Some(refs.remove(&row.id.0).unwrap_or_default()),
            };
            (row.id.0, part)
        })
        .collect();
    let mut out: HashMap<Uuid, Vec<ResourcePart>> = HashMap::new();
    for link in links {
        out.entry(link.plan_item_id.0).or_default().extend(parts.get(&link.learning_resource_id.0).cloned());
    }
    Ok(out)
}

/// The names that other systems have for some things.
async fn refs(look: &Look, of: &[Uuid]) -> Result<HashMap<Uuid, Vec<ExternalRef>>> {
    use external_ref::Column::{ExternalId, OrganizationId, Source, TargetId};
    let known = external_ref::Entity::find()
        .filter(OrganizationId.eq(look.who.organization))
        .filter(TargetId.is_in(of.iter().copied()))
        .order_by_asc(Source)
        .order_by_asc(ExternalId);
    let mut out: HashMap<Uuid, Vec<ExternalRef>> = HashMap::new();
    for row in known.all(&look.db).await? {
        let one = ExternalRef { source: row.source, external_id: row.external_id };
        out.entry(row.target_id).or_default().push(one);
    }
    Ok(out)
}

//! Writing a plan as a document.

use std::collections::HashMap;

use entity::{
    id::{CompetencyId, LearningPlanId},
    learning::{learning_plan, learning_resource, plan_item, plan_item_resource},
    platform::external_ref,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _};
use uuid::Uuid;

use crate::{
    domain::{
        error::Result,
        external::ExternalRef,
        learning::exchange::plan_document::{
            CompetencyName, FORMAT, PlanDocument, PlanItemPart, PlanPart, ResourcePart, VERSION,
        },
        look::Look,
    },
    read::{shape::shape, sql::Arg},
};

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

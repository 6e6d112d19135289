//! A framework as it stands, for writing it.

use std::collections::HashMap;

use entity::{
    id::CompetencyFrameworkId,
    learning::{
        competency::{Column, Entity},
        competency_framework::Model,
        framework_package,
    },
    platform::{external_ref, organization},
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    sea_query::ExprTrait as _,
};
use serde_json::Value;
use uuid::Uuid;

use super::case::{
    SOURCE,
    write::{Framework, Row},
};
use crate::domain::{
    error::{Error, Result},
    look::Look,
};

/// Loads a framework, and the package that it came from.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn load(look: &Look, framework: Model) -> Result<(Framework, Option<Value>)> {
    let living = Entity::find().filter(Column::FrameworkId.eq(framework.id)).filter(Column::DeletedAt.is_null());
    let all = living.order_by_asc(Column::Path).all(&look.db).await?;
    let names = names(look, framework.id).await?;
    let named = |id: Uuid| names.get(&id).cloned().unwrap_or_else(|| id.to_string());
    let places: HashMap<_, _> = all.iter().enumerate().map(|(place, row)| (row.id, place)).collect();
    let row = |row: entity::learning::competency::Model| Row {
        id: row.id,
        case_id: named(row.id.0),
        code: row.code,
        name: row.name,
        description: row.description,
        parent: row.parent_id.and_then(|parent| places.get(&parent).copied()),
        sort_order: row.sort_order,
        rule: row.rule,
        alignments: row.alignments.0,
        updated_at: row.updated_at,
    };
    let rows = all.into_iter().map(row).collect();
    let stored = package(look, framework.id).await?;
    let framework = Framework {
        id: framework.id,
        case_id: named(framework.id.0),
        title: framework.title,
        edition: framework.edition,
        description: framework.description,
        scale: framework.scale.0,
        creator: creator(look, framework.organization_id.is_none()).await?,
        updated_at: framework.updated_at,
        base: look.who.house.config.public_url.clone(),
        rows,
    };
    Ok((framework, stored))
}

/// The names that CASE has for a framework and its competencies.
async fn names(look: &Look, framework: CompetencyFrameworkId) -> Result<HashMap<Uuid, String>> {
    use external_ref::Column::{ExternalId, OrganizationId, Source, TargetId};
    let ids = Entity::find().select_only().column(Column::Id).filter(Column::FrameworkId.eq(framework)).into_query();
    let known = external_ref::Entity::find()
        .filter(OrganizationId.eq(look.who.organization))
        .filter(Source.eq(SOURCE))
        .filter(TargetId.eq(framework.0).or(TargetId.in_subquery(ids)))
        // Of several names the first one stands.
        .order_by_desc(ExternalId);
    Ok(known.all(&look.db).await?.into_iter().map(|row| (row.target_id, row.external_id)).collect())
}

async fn package(look: &Look, framework: CompetencyFrameworkId) -> Result<Option<Value>> {
    let own = framework_package::Column::OrganizationId.eq(look.who.organization);
    let row = framework_package::Entity::find_by_id(framework).filter(own).one(&look.db).await?;
    row.map(|row| serde_json::from_str(&row.package).map_err(Error::internal)).transpose()
}

/// Who made a framework: the organization, unless it comes with Cairn.
async fn creator(look: &Look, built_in: bool) -> Result<String> {
    if built_in {
        return Ok("Cairn".to_owned());
    }
    let row = organization::Entity::find_by_id(look.who.organization).one(&look.db).await?;
    Ok(row.map(|row| row.name).unwrap_or_default())
}

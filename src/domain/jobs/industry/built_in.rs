//! The industries that come with Cairn, the same in every installation: a beginning, to which organizations add.

use entity::{
    id::IndustryId,
    jobs::industry::{ActiveModel, Column, Entity},
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde::Deserialize;

use super::search_text;
use crate::{
    database::Database,
    domain::{
        clock,
        error::{Error, Result, is_duplicate},
        learning::built_in::stable,
        spelling::plain,
    },
};

const INDUSTRIES: &str = include_str!("built_in.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BuiltIn {
    code: String,
    name: String,
    aliases: Vec<String>,
    description: String,
}

/// Adds what comes with Cairn, where it is missing.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn ensure(database: &Database) -> Result<()> {
    let all: Vec<BuiltIn> = serde_json::from_str(INDUSTRIES).map_err(Error::internal)?;
    let known = Entity::find().filter(Column::OrganizationId.is_null()).count(&database.write).await?;
    if known >= all.len() as u64 {
        return Ok(());
    }
    for one in all {
        match Entity::insert(row(one)).exec_without_returning(&database.write).await {
            // It is there, or another instance was quicker.
            Err(error) if is_duplicate(&error) => {}
            other => _ = other?,
        }
    }
    Ok(())
}

fn row(one: BuiltIn) -> ActiveModel {
    let now = clock::now();
    ActiveModel {
        id: Set(id(&one.code)),
        organization_id: Set(None),
        name_folded: Set(plain(&one.name)),
        search_text: Set(search_text(&one.name, &one.aliases)),
        name: Set(one.name),
        aliases: Set(Json(one.aliases)),
        description: Set(Some(one.description)),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
    }
}

/// The id of a built-in industry.
#[must_use]
pub fn id(code: &str) -> IndustryId {
    IndustryId(stable(&format!("industry {code}")))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_means_one_industry() {
        let all: Vec<BuiltIn> = serde_json::from_str(INDUSTRIES).unwrap();
        let names = all.iter().flat_map(|one| std::iter::once(&one.name).chain(&one.aliases));
        let mut seen = HashSet::new();
        for name in names {
            assert!(seen.insert(plain(name)) || plain(name) == "non profit", "{name} means two");
        }
        let ids: HashSet<_> = all.iter().map(|one| id(&one.code)).collect();
        assert_eq!((ids.len(), all.len()), (22, 22));
    }
}

//! What comes with Cairn: the competency frameworks `ai-foundations` (§2) and `career-keys` (§30), and industries (§16), the
//! same in every installation.

use entity::{
    id::{CompetencyFrameworkId, CompetencyId},
    learning::{
        competency::{self, CompetencyRule},
        competency_framework::{self, Scale},
    },
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, TransactionTrait as _};
use serde::Deserialize;
use uuid::Uuid;

use super::competency_framework::search_text;
use crate::{
    database::Database,
    domain::{
        clock,
        error::{Error, Result, is_duplicate},
        jobs::industry,
    },
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Framework {
    short_name: String,
    title: String,
    version: String,
    description: String,
    scale: Scale,
    competencies: Vec<Node>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Node {
    code: String,
    name: String,
    description: String,
    #[serde(default)]
    children: Vec<Node>,
}

const AI_FOUNDATIONS: &str = include_str!("ai_foundations.json");
const CAREER_KEYS: &str = include_str!("career_keys.json");

/// Adds what comes with Cairn, where it is missing.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn ensure(database: &Database) -> Result<()> {
    for text in [AI_FOUNDATIONS, CAREER_KEYS] {
        one(database, serde_json::from_str(text).map_err(Error::internal)?).await?;
    }
    industry::built_in::ensure(database).await
}

async fn one(database: &Database, framework: Framework) -> Result<()> {
    let known = competency_framework::Entity::find()
        .filter(competency_framework::Column::OrganizationId.is_null())
        .filter(competency_framework::Column::ShortName.eq(framework.short_name.as_str()))
        .one(&database.write)
        .await?;
    if known.is_some() {
        return Ok(());
    }
    match add(database, framework).await {
        // Another instance was quicker.
        Err(sea_orm::TransactionError::Transaction(error) | sea_orm::TransactionError::Connection(error))
            if is_duplicate(&error) =>
        {
            Ok(())
        }
        Err(sea_orm::TransactionError::Transaction(error) | sea_orm::TransactionError::Connection(error)) => {
            Err(error.into())
        }
        Ok(()) => Ok(()),
    }
}

async fn add(
    database: &Database,
    framework: Framework,
) -> std::result::Result<(), sea_orm::TransactionError<sea_orm::DbErr>> {
    let now = clock::now();
    let id = CompetencyFrameworkId(stable(&framework.short_name));
    let mut rows = Vec::new();
    collect(&framework.competencies, id, None, "", &mut rows);
    database
        .write
        .transaction_with_config::<_, (), sea_orm::DbErr>(
            move |tx| {
                Box::pin(async move {
                    competency_framework::Entity::insert(competency_framework::ActiveModel {
                        id: Set(id),
                        organization_id: Set(None),
                        search_text: Set(search_text(&framework.short_name, &framework.title)),
                        short_name: Set(framework.short_name),
                        title: Set(framework.title),
                        edition: Set(framework.version),
                        description: Set(Some(framework.description)),
                        scale: Set(Json(framework.scale)),
                        visible: Set(true),
                        version: Set(1),
                        created_at: Set(now),
                        updated_at: Set(now),
                        deleted_at: Set(None),
                    })
                    .exec(tx)
                    .await?;
                    for row in rows {
                        competency::Entity::insert(row).exec(tx).await?;
                    }
                    Ok(())
                })
            },
            None,
            None,
        )
        .await
}

fn collect(
    nodes: &[Node],
    framework: CompetencyFrameworkId,
    parent: Option<CompetencyId>,
    above: &str,
    rows: &mut Vec<competency::ActiveModel>,
) {
    let now = clock::now();
    for (node, place) in nodes.iter().zip(0..) {
        let id = CompetencyId(stable(&node.code));
        let path = format!("{above}{}", node.code);
        rows.push(competency::ActiveModel {
            id: Set(id),
            organization_id: Set(None),
            framework_id: Set(framework),
            parent_id: Set(parent),
            code: Set(node.code.clone()),
            name: Set(node.name.clone()),
            description: Set(Some(node.description.clone())),
            path: Set(path.clone()),
            sort_order: Set(place),
            rule: Set(if node.children.is_empty() { CompetencyRule::None } else { CompetencyRule::All }),
            alignments: Set(Json(Vec::new())),
            search_text: Set(search_text(&node.code, &node.name)),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            deleted_at: Set(None),
        });
        collect(&node.children, framework, Some(id), &format!("{path}/"), rows);
    }
}

/// An id that is the same in every installation, so that clients may keep it.
#[must_use]
pub fn stable(name: &str) -> Uuid {
    let digest =
        aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("cairn ai-foundations {name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_areas_and_their_leaves() {
        let framework: Framework = serde_json::from_str(AI_FOUNDATIONS).unwrap();
        let keys: Framework = serde_json::from_str(CAREER_KEYS).unwrap();
        assert_eq!((framework.competencies.len(), keys.competencies.len()), (4, 2));
        let mut rows = Vec::new();
        for framework in [&framework, &keys] {
            collect(&framework.competencies, CompetencyFrameworkId(stable("x")), None, "", &mut rows);
        }
        assert!(rows.len() >= 41, "{}", rows.len());
        let mut ids: Vec<_> = rows.iter().map(|row| row.id.clone().unwrap()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), rows.len(), "every code once");
    }
}

//! Copying the competencies of a framework into another.

use std::collections::HashMap;

use entity::{
    id::{CompetencyFrameworkId, CompetencyId},
    learning::competency,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use serde_json::json;

use crate::domain::{clock, error::Result, tx::Tx};

/// Copies the tree, parents before children, which the order of the paths gives.
pub(super) async fn competencies(tx: &mut Tx, from: CompetencyFrameworkId, to: CompetencyFrameworkId) -> Result<()> {
    let of = competency::Entity::find()
        .filter(competency::Column::FrameworkId.eq(from))
        .filter(competency::Column::DeletedAt.is_null());
    let originals = of.all(&tx.db).await?;
    let copies: HashMap<CompetencyId, CompetencyId> = originals.iter().map(|one| (one.id, clock::new_id())).collect();
    let mut ordered = originals;
    ordered.sort_by(|a, b| a.path.cmp(&b.path));
    for one in ordered {
        let row = competency::ActiveModel {
            id: Set(copies[&one.id]),
            organization_id: Set(Some(tx.who.organization)),
            framework_id: Set(to),
            parent_id: Set(one.parent_id.and_then(|parent| copies.get(&parent).copied())),
            code: Set(one.code),
            name: Set(one.name),
            description: Set(one.description),
            path: Set(one.path),
            sort_order: Set(one.sort_order),
            rule: Set(one.rule),
            alignments: Set(one.alignments),
            search_text: Set(one.search_text),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        };
        let copy = tx.insert::<competency::Entity>(row).await?;
        tx.record("created", &copy, json!({}))?;
    }
    Ok(())
}

//! Companies that somebody's search meets by their names: known to the whole organization by their names, and made when nobody knows them yet.

use std::collections::{BTreeMap, HashMap};

use entity::{
    community::company::{self, Model},
    id::CompanyId,
};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{
    domain::{
        community::company::{folded, named as called},
        error::Result,
        policy::Action,
        tx::Tx,
    },
    read::sql::Arg,
};

/// Companies by their folded names.
pub(super) type Companies = HashMap<String, CompanyId>;

#[derive(FromQueryResult)]
struct Row {
    id: CompanyId,
    name: String,
}

/// Finds companies by their names, and makes those that nobody knows.
///
/// # Errors
/// `INSUFFICIENT_SCOPE` for a token that may not see or add companies.
pub(super) async fn named(tx: &mut Tx, names: impl Iterator<Item = String>) -> Result<Companies> {
    let names: BTreeMap<String, String> = names.map(|name| (folded(&name), name)).collect();
    if names.is_empty() {
        return Ok(Companies::new());
    }
    tx.who.has_scope_for(Action::ViewCompany)?;
    let mut sql = tx.sql();
    sql.push("SELECT c.id, c.name FROM \"company\" c WHERE c.deleted_at IS NULL AND c.organization_id = ");
    sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND c.name_folded");
    sql.among(Arg::Texts(names.keys().cloned().collect())).push(" ORDER BY c.created_at DESC, c.id DESC");
    // The oldest of a name is the last.
    let mut found: Companies = tx.rows::<Row>(&sql).await?.into_iter().map(|row| (folded(&row.name), row.id)).collect();
    let missing: Vec<Model> = names
        .into_iter()
        .filter(|(folded, _)| !found.contains_key(folded))
        .map(|(_, name)| called(tx, &name))
        .collect();
    if !missing.is_empty() {
        tx.who.has_scope_for(Action::CreateCompany)?;
    }
    for one in &missing {
        tx.record("created", one, json!({ "name": one.name }))?;
        found.insert(folded(&one.name), one.id);
    }
    tx.add_all::<company::Entity>(missing).await?;
    Ok(found)
}

//! Companies that contacts and searches meet by their names: known to the whole organization by these, and made when nobody knows them yet.

use std::collections::{BTreeSet, HashMap};

use entity::{
    community::company::{self, Model},
    id::CompanyId,
};
use sea_orm::FromQueryResult;
use serde_json::json;

use super::company::called;
use crate::{
    domain::{error::Result, policy::Action, spelling::folded, tx::Tx},
    read::sql::Arg,
};

/// The companies of names, and those that are to be made.
#[derive(Debug, Default)]
pub struct Companies {
    by_name: HashMap<String, CompanyId>,
    new: Vec<Model>,
}

impl Companies {
    /// Finds those of these names that are known. When one of them is not, nobody else of the organization adds companies by
    /// their names until what is done is done: else two would make the same one.
    ///
    /// # Errors
    /// `INSUFFICIENT_SCOPE` for a token that may not see companies.
    pub async fn find<'n>(tx: &Tx, names: impl Iterator<Item = &'n str>) -> Result<Self> {
        let names: BTreeSet<String> = names.map(folded).collect();
        if names.is_empty() {
            return Ok(Self::default());
        }
        tx.who.has_scope_for(Action::ViewCompany)?;
        let mut by_name = known(tx, &names).await?;
        if names.iter().any(|name| !by_name.contains_key(name)) {
            tx.lock(&format!("companies {}", tx.who.organization)).await?;
            by_name = known(tx, &names).await?;
        }
        Ok(Self { by_name, new: Vec::new() })
    }

    /// The company of a name, and whether nobody named it yet: then it is to be made.
    pub fn of(&mut self, tx: &Tx, name: &str) -> (CompanyId, bool) {
        if let Some(id) = self.get(name) {
            return (id, false);
        }
        let company = called(tx, name);
        let id = company.id;
        self.by_name.insert(folded(name), id);
        self.new.push(company);
        (id, true)
    }

    /// The company of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<CompanyId> {
        self.by_name.get(&folded(name)).copied()
    }

    /// Makes those that are to be made.
    ///
    /// # Errors
    /// `INSUFFICIENT_SCOPE` for a token that may not add companies.
    pub async fn write(&mut self, tx: &mut Tx) -> Result<()> {
        let new = std::mem::take(&mut self.new);
        if !new.is_empty() {
            tx.who.has_scope_for(Action::CreateCompany)?;
        }
        for one in &new {
            tx.record("created", one, json!({ "name": one.name }))?;
        }
        tx.add_all::<company::Entity>(new).await
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: CompanyId,
    name_folded: String,
}

/// The organization's companies of these folded names: of several of one name, the oldest.
async fn known(tx: &Tx, names: &BTreeSet<String>) -> Result<HashMap<String, CompanyId>> {
    let mut sql = tx.sql();
    sql.push("SELECT c.id, c.name_folded FROM \"company\" c WHERE c.deleted_at IS NULL AND c.organization_id = ");
    sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND c.name_folded");
    sql.among_many(names.iter().cloned().collect()).push(" ORDER BY c.created_at DESC, c.id DESC");
    // The oldest of a name is the last.
    Ok(tx.rows::<Row>(&sql).await?.into_iter().map(|row| (row.name_folded, row.id)).collect())
}

/// Finds companies by their names, and makes those that nobody knows.
///
/// # Errors
/// `INSUFFICIENT_SCOPE` for a token that may not see or add companies.
pub async fn named<'n>(tx: &mut Tx, names: impl Iterator<Item = &'n str> + Clone) -> Result<Companies> {
    let mut companies = Companies::find(tx, names.clone()).await?;
    for name in names {
        companies.of(tx, name);
    }
    companies.write(tx).await?;
    Ok(companies)
}

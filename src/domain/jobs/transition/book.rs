//! What the organization calls roles and industries: read once, and then every name is looked up in it.

use std::iter::once;

use entity::{
    id::{IndustryId, OrganizationId, RoleProfileId},
    learning::role_profile::Seniority,
    vocabulary::Json,
};
use sea_orm::FromQueryResult;

use super::place::{Industry, Role};
use crate::{
    domain::{
        error::{Code, Error, Result},
        look::Look,
        spelling::plain,
    },
    read::shape::shape,
};

/// How many of each are looked at.
const MOST: &str = "5000";

/// The roles and industries of an organization, and what comes with Cairn.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// The roles, the oldest first.
    pub roles: Vec<Role>,
    /// The industries: the organization's own first, which it would rather mean.
    pub industries: Vec<Industry>,
}

#[derive(FromQueryResult)]
struct RoleRow {
    id: RoleProfileId,
    title: String,
    family: Option<String>,
    seniority: Option<Seniority>,
    aliases: Json<Vec<String>>,
}

#[derive(FromQueryResult)]
struct IndustryRow {
    id: IndustryId,
    organization_id: Option<OrganizationId>,
    name: String,
    aliases: Json<Vec<String>>,
}

/// Reads it in two statements.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn load(look: &Look) -> Result<Book> {
    let mut sql = look.sql();
    sql.push("SELECT r.id, r.title, r.family, r.seniority, r.aliases FROM \"role_profile\" r WHERE r.deleted_at IS NULL AND ");
    sql.visible(shape("RoleProfile"), "r", &look.who).push(" ORDER BY r.created_at, r.id LIMIT ").push(MOST);
    let roles = look.rows::<RoleRow>(&sql).await?;
    let mut sql = look.sql();
    sql.push("SELECT i.id, i.organization_id, i.name, i.aliases FROM \"industry\" i WHERE i.deleted_at IS NULL AND ");
    sql.visible(shape("Industry"), "i", &look.who).push(" ORDER BY i.created_at, i.id LIMIT ").push(MOST);
    let mut industries = look.rows::<IndustryRow>(&sql).await?;
    industries.sort_by_key(|row| row.organization_id.is_none());
    Ok(Book {
        roles: roles.into_iter().map(role).collect(),
        industries: industries
            .into_iter()
            .map(|row| Industry { id: Some(row.id), names: names(&row.name, &row.aliases.0), name: row.name })
            .collect(),
    })
}

fn role(row: RoleRow) -> Role {
    Role {
        id: Some(row.id),
        names: names(&row.title, &row.aliases.0),
        title: row.title,
        family: row.family.map(|family| plain(&family)),
        seniority: row.seniority,
    }
}

fn names(name: &str, aliases: &[String]) -> std::collections::BTreeSet<String> {
    once(name).chain(aliases.iter().map(String::as_str)).map(plain).collect()
}

impl Book {
    /// The role of an id.
    ///
    /// # Errors
    /// `REFERENCE_UNKNOWN` naming the member.
    pub fn role_of(&self, id: RoleProfileId, pointer: &str) -> Result<Role> {
        let found = self.roles.iter().find(|role| role.id == Some(id)).cloned();
        found.ok_or_else(|| Error::field(Code::ReferenceUnknown, pointer, "There is no such role profile."))
    }

    /// The industry of an id.
    ///
    /// # Errors
    /// `REFERENCE_UNKNOWN` naming the member.
    pub fn industry_of(&self, id: IndustryId, pointer: &str) -> Result<Industry> {
        let found = self.industries.iter().find(|industry| industry.id == Some(id)).cloned();
        found.ok_or_else(|| Error::field(Code::ReferenceUnknown, pointer, "There is no such industry."))
    }

    /// The role that is called so: by its title, or else by an alias. One that nobody described is known by its name.
    #[must_use]
    pub fn role_called(&self, title: &str) -> Role {
        let wanted = plain(title);
        let by_title = self.roles.iter().find(|role| plain(&role.title) == wanted);
        let known = by_title.or_else(|| self.roles.iter().find(|role| role.names.contains(&wanted)));
        known.cloned().unwrap_or_else(|| Role::called(title))
    }

    /// The industry that is called so: by its name, or else by an alias.
    #[must_use]
    pub fn industry_called(&self, name: &str) -> Industry {
        let wanted = plain(name);
        let by_name = self.industries.iter().find(|industry| plain(&industry.name) == wanted);
        let known = by_name.or_else(|| self.industries.iter().find(|industry| industry.names.contains(&wanted)));
        known.cloned().unwrap_or_else(|| Industry::called(name))
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::place::tests::{industry, role},
        *,
    };

    #[test]
    fn a_title_means_more_than_an_alias() {
        let book = Book {
            roles: vec![role(&["Data scientist", "Analyst"], None), role(&["Analyst"], None)],
            industries: vec![industry(&["Finance", "Banking"])],
        };
        assert_eq!(book.role_called("analyst").id, book.roles[1].id);
        assert_eq!(book.role_called("Data-Scientist").id, book.roles[0].id);
        assert_eq!(book.role_called("Pilot"), Role::called("Pilot"));
        assert_eq!(book.industry_called("banking").name, "Finance");
        assert_eq!(book.industry_called("Circus").id, None);
        let unknown = book.role_of(crate::domain::clock::new_id(), "/toRoleProfileId").unwrap_err();
        assert_eq!(unknown.code(), Code::ReferenceUnknown);
    }
}

//! What a role is called: titles differ between companies, and role profiles know their aliases (§28).

use std::collections::BTreeSet;

use entity::{
    id::{RoleProfileId, UserId},
    vocabulary::Json,
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    domain::{
        error::{Code, Error, Result},
        look::Look,
        spelling::{folded, plain},
    },
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// How many role profiles are looked through for a title.
const MOST: usize = 500;

/// All that a role is called, and the profiles that say so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Called {
    /// What it is called first of all.
    pub title: String,
    /// The titles, as they are written, each once.
    pub titles: Vec<String>,
    /// The profiles.
    pub profiles: Vec<RoleProfileId>,
}

#[derive(Debug, FromQueryResult)]
struct Profile {
    id: RoleProfileId,
    title: String,
    aliases: Json<Vec<String>>,
}

/// What the role of a title, or of a profile, is called.
///
/// # Errors
/// `ROLE_AMBIGUOUS` when neither or both are given; `REFERENCE_UNKNOWN`.
pub(super) async fn called(look: &Look, title: Option<&str>, profile: Option<RoleProfileId>) -> Result<Called> {
    match (title, profile) {
        (Some(title), None) => Ok(of_title(title, named_so(look, title).await?)),
        (None, Some(id)) => {
            let one = look.refer::<entity::learning::role_profile::Entity>(id, "/roleProfileId").await?;
            let profile = Profile { id: one.id, title: one.title.clone(), aliases: one.aliases };
            Ok(of_title(&one.title, vec![profile]))
        }
        _ => Err(Error::field(Code::RoleAmbiguous, "/title", "Name the role by its profile, or by a title.")),
    }
}

/// The profiles of which one is called so, however it is written: the database finds those with the words in their order, since how they are
/// spelled is known here alone.
async fn named_so(look: &Look, title: &str) -> Result<Vec<Profile>> {
    let wanted = plain(title);
    let escaped = wanted.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let mut sql = look.sql();
    sql.push("SELECT r.id, r.title, r.aliases FROM \"role_profile\" r WHERE r.deleted_at IS NULL AND ");
    sql.visible(shape("RoleProfile"), "r", &look.who).push(" AND r.search_text LIKE ");
    sql.bind(Arg::Text(format!("%{}%", escaped.replace(' ', "%")))).push(" ESCAPE '\\'");
    sql.push(&format!(" ORDER BY r.created_at, r.id LIMIT {MOST}"));
    let found = look.rows::<Profile>(&sql).await?;
    Ok(found.into_iter().filter(|one| one.names().any(|name| plain(name) == wanted)).collect())
}

impl Profile {
    fn names(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.title).chain(&self.aliases.0)
    }
}

fn of_title(title: &str, profiles: Vec<Profile>) -> Called {
    let (mut seen, mut titles) = (BTreeSet::new(), Vec::new());
    let asked = title.to_owned();
    for name in std::iter::once(&asked).chain(profiles.iter().flat_map(Profile::names)) {
        if seen.insert(folded(name)) {
            titles.push(name.clone());
        }
    }
    Called { title: asked.clone(), titles, profiles: profiles.into_iter().map(|one| one.id).collect() }
}

impl Called {
    /// Adds that a row of a person's is about the role: by its title, or by the profile that it names.
    pub(super) fn about<'a>(&self, sql: &'a mut Sql, alias: &str, person: UserId) -> &'a mut Sql {
        sql.push(" AND ").column(alias, "owner_id").push(" = ").bind(Arg::Uuid(person.0)).push(" AND (");
        let titles = self.titles.iter().map(|title| folded(title)).collect();
        sql.column(alias, "title_folded").among(Arg::Texts(titles)).push(" OR ");
        let profiles: Vec<Uuid> = self.profiles.iter().map(|id| id.0).collect();
        sql.column(alias, "role_profile_id").among(Arg::Uuids(profiles)).push(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    #[test]
    fn a_role_is_called_by_all_of_its_names_once() {
        let profile = |title: &str, aliases: &[&str]| Profile {
            id: clock::new_id(),
            title: title.to_owned(),
            aliases: Json(aliases.iter().map(|name| (*name).to_owned()).collect()),
        };
        let known = of_title("data  SCIENTIST", vec![profile("Data Scientist", &["Decision Scientist", "Analyst"])]);
        assert_eq!(known.titles, ["data  SCIENTIST", "Decision Scientist", "Analyst"]);
        assert_eq!(known.profiles.len(), 1);
        assert_eq!(of_title("Clerk", Vec::new()).titles, ["Clerk"]);
        assert_eq!(folded(" Data\tScientist "), "data scientist");
    }
}

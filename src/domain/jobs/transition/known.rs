//! What a person has already for a leg: what they know, whom they know, and where they have applied.

use std::{cmp::Reverse, collections::BTreeMap};

use entity::{
    id::{ContactId, RoleProfileId},
    kind::{Kind, id, int, line},
    object,
    platform::user,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::{book::Book, path::Leg, place::Place};
use crate::{
    domain::{
        error::{Code, Result},
        learning::skill_gap::of_role::{self, RoleGap},
        look::Look,
        policy::Action,
    },
    read::{shape::shape, sql::Arg},
};

/// How many contacts are looked at, and how many of them a leg names.
const CONTACTS: &str = "5000";
pub(in crate::domain::jobs) const NAMED: usize = 20;

object! {
    /// Somebody whom the person knows already where a leg leads.
    #[derive(Serialize, PartialEq, Eq)]
    ContactInPlace {
        /// Who.
        required contact_id: ContactId = id::<ContactId>(),
        /// What they are called.
        required name: String = line(1, 200),
        /// Whether they do what one would do at the end of the leg.
        required in_role: bool = Kind::Bool,
        /// Whether they work in the industry at its end.
        required in_industry: bool = Kind::Bool,
    }
}

/// A contact, and the place where they are.
#[derive(Clone, Debug)]
pub struct Known {
    /// Who.
    pub id: ContactId,
    /// What they are called.
    pub name: String,
    /// Where they are.
    pub at: Place,
}

#[derive(FromQueryResult)]
struct ContactRow {
    id: ContactId,
    name: String,
    role: Option<String>,
    industry: Option<String>,
}

/// Whom a person knows, of those whom the caller may see, in one statement.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn contacts(look: &Look, person: &user::Model, book: &Book) -> Result<Vec<Known>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT c.id, c.name, c.role, y.industry FROM \"contact\" c LEFT JOIN \"company\" y ON y.id = c.company_id \
        AND y.deleted_at IS NULL WHERE c.deleted_at IS NULL AND c.owner_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("Contact"), "c", &look.who);
    sql.push(" ORDER BY c.name, c.id LIMIT ").push(CONTACTS);
    let rows = look.rows::<ContactRow>(&sql).await?;
    let known = rows.into_iter().map(|row| Known {
        id: row.id,
        name: row.name,
        at: Place {
            role: row.role.map(|title| book.role_called(&title)),
            industry: row.industry.map(|name| book.industry_called(&name)),
        },
    });
    Ok(known.collect())
}

/// Who of them is where a leg leads: in its industry, or in its role; who is in both first.
#[must_use]
pub fn in_place(known: &[Known], end: &Place) -> Vec<ContactInPlace> {
    let mut all: Vec<ContactInPlace> = known
        .iter()
        .map(|one| ContactInPlace {
            contact_id: one.id,
            name: one.name.clone(),
            in_role: one.at.role.as_ref().zip(end.role.as_ref()).is_some_and(|(is, wanted)| is.is(wanted)),
            in_industry: one.at.industry.as_ref().zip(end.industry.as_ref()).is_some_and(|(is, wanted)| is.is(wanted)),
        })
        .filter(|one| one.in_role || one.in_industry)
        .collect();
    all.sort_by_key(|one| (Reverse(one.in_role && one.in_industry), Reverse(one.in_role)));
    all
}

/// What the roles at the ends of legs ask for of a person; nothing of it when the caller may not see their learning.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn gaps(
    look: &Look,
    person: &user::Model,
    legs: impl Iterator<Item = &Leg>,
) -> Result<BTreeMap<RoleProfileId, RoleGap>> {
    let mut roles: Vec<RoleProfileId> = legs.filter_map(|leg| leg.to.role.as_ref()?.id).collect();
    roles.sort();
    roles.dedup();
    of_roles(look, person, &roles).await
}

/// The same for roles.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_roles(
    look: &Look,
    person: &user::Model,
    roles: &[RoleProfileId],
) -> Result<BTreeMap<RoleProfileId, RoleGap>> {
    match look.find::<user::Entity>(person.id, Action::ViewCoverage).await {
        Err(error) if matches!(error.code(), Code::NotFound | Code::Forbidden | Code::InsufficientScope) => {
            return Ok(BTreeMap::new());
        }
        other => other?,
    };
    let mut needed = of_role::needed(look, person.id, roles).await?;
    let told = roles.iter().map(|&role| (role, of_role::told(role, needed.remove(&role).unwrap_or_default())));
    Ok(told.collect())
}

/// How many of something there are.
pub(in crate::domain::jobs) const COUNT: Kind = int(0, i64::MAX);

#[cfg(test)]
mod tests {
    use super::{
        super::place::{
            Industry, Role,
            tests::{industry, role},
        },
        *,
    };
    use crate::domain::clock;

    #[test]
    fn who_is_in_both_comes_first() {
        let (engineer, tech) = (role(&["ML engineer"], None), industry(&["Technology"]));
        let at = |name: &str, role: Option<&Role>, industry: Option<&Industry>| Known {
            id: clock::new_id(),
            name: name.to_owned(),
            at: Place { role: role.cloned(), industry: industry.cloned() },
        };
        let (pilot, circus) = (Role::called("Pilot"), Industry::called("Circus"));
        let known = [
            at("industry", Some(&pilot), Some(&tech)),
            at("neither", Some(&pilot), Some(&circus)),
            at("role", Some(&engineer), None),
            at("both", Some(&engineer), Some(&tech)),
            at("nothing", None, None),
        ];
        let end = Place { role: Some(engineer), industry: Some(tech) };
        let names: Vec<_> = in_place(&known, &end).into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["both", "role", "industry"]);
        assert!(in_place(&known, &Place::default()).is_empty());
    }
}

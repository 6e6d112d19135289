//! People who are named for something: of the organization, or contacts.

use std::collections::BTreeSet;

use entity::{
    community::contact,
    id::{ContactId, UserId},
    platform::membership,
    projects::selection_checklist::ChecklistPeople,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::NamedPeople;
use crate::domain::{
    error::{Code, Error, FieldError, Result},
    policy::Action,
    tx::Tx,
};

/// Somebody who is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    User(UserId),
    Contact(ContactId),
}

impl Named {
    fn read(id: &str) -> Option<Self> {
        id.parse().map(Self::User).ok().or_else(|| id.parse().map(Self::Contact).ok())
    }
}

/// The people who are named, each once, all of whom are there: in two statements, however many.
///
/// # Errors
/// `REFERENCE_UNKNOWN` with every place that names nobody.
pub(super) async fn known(tx: &Tx, named: Option<NamedPeople>) -> Result<ChecklistPeople> {
    let (teammates, discussants) = named.map(|named| (named.teammate_ids, named.discussant_ids)).unwrap_or_default();
    let people = ChecklistPeople {
        teammate_ids: teammates.unwrap_or_default(),
        discussant_ids: discussants.unwrap_or_default(),
    };
    let all = || people.teammate_ids.iter().chain(&people.discussant_ids).filter_map(|id| Named::read(id));
    let users: BTreeSet<UserId> =
        all().filter_map(|one| if let Named::User(id) = one { Some(id) } else { None }).collect();
    let contacts: Vec<ContactId> =
        all().filter_map(|one| if let Named::Contact(id) = one { Some(id) } else { None }).collect();
    let users = members(tx, users).await?;
    let contacts = if contacts.is_empty() {
        None
    } else {
        Some(tx.find_each::<contact::Entity>(contacts, Action::ViewContact).await?)
    };
    let is_known = |id: &String| match Named::read(id) {
        Some(Named::User(id)) => users.contains(&id),
        Some(Named::Contact(id)) => contacts.as_ref().is_some_and(|found| found.get(id).is_ok()),
        None => false,
    };
    let lists = [("teammateIds", &people.teammate_ids), ("discussantIds", &people.discussant_ids)];
    let unknown: Vec<FieldError> = lists.into_iter().flat_map(|(name, ids)| nobody(name, ids, is_known)).collect();
    if unknown.is_empty() { Ok(once(people)) } else { Err(Error::fields(Code::ReferenceUnknown, unknown)) }
}

/// The places in a list that name nobody.
fn nobody(name: &str, ids: &[String], is_known: impl Fn(&String) -> bool) -> Vec<FieldError> {
    let at = |place: usize| format!("/people/{name}/{place}");
    let unknown = ids.iter().enumerate().filter(|(_, id)| !is_known(id));
    let why = "There is no such person in this organization, and no such contact.";
    unknown.map(|(place, _)| FieldError::new(at(place), Code::ReferenceUnknown.as_str(), why)).collect()
}

/// Who of some people belongs to the organization.
async fn members(tx: &Tx, users: BTreeSet<UserId>) -> Result<BTreeSet<UserId>> {
    if users.is_empty() {
        return Ok(users);
    }
    let here = membership::Entity::find()
        .filter(membership::Column::OrganizationId.eq(tx.who.organization))
        .filter(membership::Column::UserId.is_in(users))
        .filter(membership::Column::DeletedAt.is_null());
    Ok(here.all(&tx.db).await?.into_iter().map(|row| row.user_id).collect())
}

/// Nobody stands in a list twice.
fn once(mut people: ChecklistPeople) -> ChecklistPeople {
    for ids in [&mut people.teammate_ids, &mut people.discussant_ids] {
        let mut seen = BTreeSet::new();
        ids.retain(|id| seen.insert(id.clone()));
    }
    people
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    #[test]
    fn people_are_of_two_kinds() {
        let (user, contact): (UserId, ContactId) = (clock::new_id(), clock::new_id());
        assert_eq!(Named::read(&user.to_string()), Some(Named::User(user)));
        assert_eq!(Named::read(&contact.to_string()), Some(Named::Contact(contact)));
        assert_eq!(Named::read("org_00000000000000000000000000"), None);
        assert_eq!(Named::read("somebody"), None);
    }

    #[test]
    fn nobody_is_named_twice() {
        let ids = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        let people = ChecklistPeople { teammate_ids: ids(&["b", "a", "b"]), discussant_ids: ids(&["b"]) };
        let once = once(people);
        assert_eq!((once.teammate_ids, once.discussant_ids), (ids(&["b", "a"]), ids(&["b"])));
    }
}

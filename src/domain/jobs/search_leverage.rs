//! Search leverage: what makes the next search easier than the last one (§19).

mod load;
mod months;
mod told;

use entity::{
    id::{IndustryId, RoleProfileId},
    kind::{Declared as _, Kind},
    learning::role_profile::Seniority,
};

use self::{
    load::{accepted, stays, talks},
    months::months,
    told::{SearchLeverage, SearchLeverageQuestion, SeniorRole},
};
use super::transition::{
    book::{self, Book},
    ends::{self, Named, Present},
    known::{self, NAMED},
    place::{Place, Role},
};
use crate::domain::{
    answer::Answer,
    error::{Code, Error, Result},
    learning::week::day_in,
    look::Look,
    policy::Action,
};

/// `searchLeverage`.
#[must_use]
pub fn of_person() -> Answer {
    Answer::new(
        "searchLeverage",
        Action::ViewTransition,
        "What makes a search for a role in an industry easier than the first one: months there, people known there, talks held; and, for who has arrived, what comes next.",
        Kind::Object(SearchLeverage::object),
        search_leverage,
    )
}

async fn search_leverage(look: Look, asked: SearchLeverageQuestion) -> Result<SearchLeverage> {
    let person = look.person(asked.user_id, Action::ViewTransition).await?;
    let book = book::load(&look).await?;
    let present = ends::present(&look, person.id).await?;
    let target = wanted(&book, asked, &present)?;
    let today = day_in(&person.time_zone, look.now);
    let stays = stays(&look, &person, &book, &present, &target).await?;
    let contacts = known::in_place(&known::contacts(&look, &person, &book).await?, &target);
    let talks = talks(&look, &person, &book, &target).await?;
    let arrived = !stays.is_empty() || accepted(&look, &person, &book, &target).await?;
    let senior = if arrived { further(&book, target.role.as_ref()) } else { Vec::new() };
    let ids: Vec<RoleProfileId> = senior.iter().filter_map(|role| role.id).collect();
    let mut gaps = known::of_roles(&look, &person, &ids).await?;
    let senior_roles = senior.into_iter().filter_map(|role| {
        let (role_profile_id, seniority) = role.id.zip(role.seniority)?;
        let skill_gap = gaps.remove(&role_profile_id);
        Some(SeniorRole { role_profile_id, title: role.title.clone(), seniority, skill_gap })
    });
    let counted = Counted { months: months(&stays, today), contacts: whole(contacts.len()), talks };
    Ok(SearchLeverage {
        user_id: person.id,
        target_role: target.role.as_ref().map(|role| role.title.clone()),
        target_role_profile_id: target.role.as_ref().and_then(|role| role.id),
        industry: target.industry.as_ref().map(|industry| industry.name.clone()),
        listed_industry_id: target.industry.as_ref().and_then(|industry| industry.id),
        months: counted.months,
        contact_count: counted.contacts,
        contacts: contacts.into_iter().take(NAMED).collect(),
        interviews_held: counted.talks,
        reasons: said(&target, counted),
        arrived,
        senior_roles: senior_roles.take(10).collect(),
    })
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The role and the industry that are asked about.
fn wanted(book: &Book, asked: SearchLeverageQuestion, present: &Present) -> Result<Place> {
    if asked.target_role_profile_id.is_some() && asked.target_role.is_some() {
        let why = "Name the role by its profile or in words, not both.";
        return Err(Error::field(Code::TransitionEndAmbiguous, "/targetRole", why));
    }
    if asked.listed_industry_id.is_some() && asked.industry.is_some() {
        let why = "Name the industry by its id or in words, not both.";
        return Err(Error::field(Code::TransitionEndAmbiguous, "/industry", why));
    }
    let named = Named {
        role_profile_id: asked.target_role_profile_id,
        role: asked.target_role,
        industry_id: asked.listed_industry_id,
        industry: asked.industry,
    };
    let said = named.place(book, "target").map_err(|error| match error.field_errors() {
        // The industry has no prefix here.
        [only] if only.pointer == "/targetListedIndustryId" => {
            Error::field(error.code(), "/listedIndustryId", only.message.clone())
        }
        _ => error,
    })?;
    let known = present.place(book);
    Ok(Place { role: said.role.or(known.role), industry: said.industry.or(known.industry) })
}

fn role(book: &Book, id: Option<RoleProfileId>, title: &str) -> Role {
    let known = book.roles.iter().find(|role| id.is_some() && role.id == id).cloned();
    known.unwrap_or_else(|| book.role_called(title))
}

fn industry(book: &Book, id: Option<IndustryId>, name: &str) -> super::transition::place::Industry {
    let known = book.industries.iter().find(|industry| id.is_some() && industry.id == id).cloned();
    known.unwrap_or_else(|| book.industry_called(name))
}

/// Whether a place is the role and the industry that are asked about; nobody is anywhere when neither is.
fn there(place: &Place, target: &Place) -> bool {
    let role = target.role.as_ref().is_none_or(|wanted| place.role.as_ref().is_some_and(|is| is.is(wanted)));
    let industry =
        target.industry.as_ref().is_none_or(|wanted| place.industry.as_ref().is_some_and(|is| is.is(wanted)));
    role && industry && *target != Place::default()
}

/// The roles of the same family that are further along: the nearest first.
fn further<'a>(book: &'a Book, from: Option<&Role>) -> Vec<&'a Role> {
    let Some(from) = from.filter(|role| role.family.is_some()) else { return Vec::new() };
    // Whose level nobody said is in the middle.
    let level = from.seniority.unwrap_or(Seniority::Mid);
    let mut out: Vec<&Role> = book
        .roles
        .iter()
        .filter(|role| role.family == from.family && role.id != from.id)
        .filter(|role| role.seniority.is_some_and(|other| other > level))
        .collect();
    out.sort_by_key(|role| (role.seniority, role.title.clone()));
    out
}

/// What is counted.
#[derive(Clone, Copy, Debug)]
struct Counted {
    months: i64,
    contacts: i64,
    talks: i64,
}

fn said(target: &Place, counted: Counted) -> Vec<String> {
    let role = target.role.as_ref().map_or("this role", |role| role.title.as_str());
    let industry = target.industry.as_ref().map_or("this field", |industry| industry.name.as_str());
    let months = match counted.months {
        0 => format!("No whole month as {role} in {industry} yet: the first search there takes the longest."),
        1 => format!("One month as {role} in {industry}."),
        many => format!("{many} months as {role} in {industry}."),
    };
    let contacts = match counted.contacts {
        0 => format!("No contact works as {role} or in {industry} yet."),
        1 => format!("One contact works as {role} or in {industry}."),
        many => format!("{many} contacts work as {role} or in {industry}."),
    };
    let talks = match counted.talks {
        0 => "No informational interview about it was held yet.".to_owned(),
        1 => "One informational interview about it was held.".to_owned(),
        many => format!("{many} informational interviews about it were held."),
    };
    vec![months, contacts, talks]
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use super::{
        super::transition::place::{
            Industry,
            tests::{industry as listed, role as profile},
        },
        *,
    };

    /// Everything that is ever said here.
    pub(in crate::domain) fn everything() -> Vec<String> {
        let target = Place { role: Some(Role::called("ML engineer")), industry: Some(Industry::called("Technology")) };
        let counts = [0, 1, 2].map(|count| Counted { months: count, contacts: count, talks: count });
        counts.into_iter().flat_map(|counted| said(&target, counted)).collect()
    }

    #[test]
    fn the_next_roles_are_further_along() {
        let of = |title: &str, seniority| Role { seniority, ..profile(&[title], Some("ml")) };
        let engineer = of("ML engineer", None);
        let book = Book {
            roles: vec![
                of("Head of ML", Some(Seniority::Lead)),
                of("Junior ML engineer", Some(Seniority::Entry)),
                engineer.clone(),
                of("Senior ML engineer", Some(Seniority::Senior)),
                Role { seniority: Some(Seniority::Senior), ..profile(&["Senior pilot"], Some("flying")) },
            ],
            industries: Vec::new(),
        };
        let titles =
            |from: &Role| further(&book, Some(from)).into_iter().map(|role| role.title.clone()).collect::<Vec<_>>();
        assert_eq!(titles(&engineer), ["Senior ML engineer", "Head of ML"]);
        assert_eq!(titles(&book.roles[3]), ["Head of ML"]);
        assert!(titles(&book.roles[0]).is_empty() && titles(&Role::called("Student")).is_empty());
    }

    #[test]
    fn somebody_is_there_in_both() {
        let (engineer, tech) = (profile(&["ML engineer"], None), listed(&["Technology", "Software"]));
        let target = Place { role: Some(engineer.clone()), industry: Some(tech.clone()) };
        let at = |role: Option<Role>, industry: Option<Industry>| Place { role, industry };
        for (place, is) in [
            (at(Some(engineer.clone()), Some(Industry::called("software"))), true),
            (at(Some(engineer.clone()), None), false),
            (at(Some(Role::called("Pilot")), Some(tech)), false),
            (at(None, None), false),
        ] {
            assert_eq!(there(&place, &target), is, "{place:?}");
        }
        let anywhere = Place { role: Some(engineer.clone()), industry: None };
        assert!(there(&at(Some(engineer), None), &anywhere));
        assert!(!there(&Place::default(), &Place::default()));
    }
}

//! Search leverage: what makes the next search easier than the last one (§19).

mod months;

use chrono::NaiveDate;
use entity::{
    id::{IndustryId, RoleProfileId, UserId},
    jobs::transition_leg::LegState,
    kind::{Declared as _, Kind, id, list, prose, word},
    learning::role_profile::Seniority,
    object,
    platform::user,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use self::months::{Stay, months};
use super::{
    industry::NAME,
    transition::{
        applied::{self, Which},
        book::{self, Book},
        ends::{self, Named, Present},
        known::{self, COUNT, ContactInPlace, NAMED},
        place::{Place, Role},
    },
};
use crate::{
    domain::{
        answer::Answer,
        error::{Code, Error, Result},
        learning::{role_profile::TITLE, skill_gap::of_role::RoleGap, week::day_in},
        look::Look,
        policy::Action,
    },
    read::{shape::shape, sql::Arg},
};

const CONTACT: Kind = Kind::Object(ContactInPlace::object);
const NEXT: Kind = Kind::Object(SeniorRole::object);
const GAP: Kind = Kind::Object(RoleGap::object);
const SENTENCE: Kind = prose(2000);

object! {
    /// Which role in which industry; what nobody names is what the person's career profile says.
    SearchLeverageQuestion {
        /// Who; without it, the caller.
        optional user_id: UserId = id::<UserId>(),
        /// The role, by its profile.
        optional target_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// The role, in words.
        optional target_role: String = TITLE,
        /// The industry, by its id.
        optional listed_industry_id: IndustryId = id::<IndustryId>(),
        /// The industry, in words.
        optional industry: String = NAME,
    }
}

object! {
    /// What a person has for a search for a role in an industry: it grows with every month and every talk.
    #[derive(Serialize)]
    SearchLeverage {
        /// Who.
        required user_id: UserId = id::<UserId>(),
        /// The role; null when neither the question nor the profile says one.
        optional target_role: String = TITLE,
        /// Its profile, when there is one.
        optional target_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// The industry; null when neither the question nor the profile says one.
        optional industry: String = NAME,
        /// That industry, when it is a known one.
        optional listed_industry_id: IndustryId = id::<IndustryId>(),
        /// For how many whole months they have been in that role in that industry, by their career profile and by the
        /// legs of their transition plans that are done; what overlaps counts once.
        required months: i64 = COUNT,
        /// How many people they know there, of those whom the caller may see.
        required contact_count: i64 = COUNT,
        /// Twenty of them at most: who is in the role and in the industry first.
        required contacts: Vec<ContactInPlace> = list(&CONTACT, NAMED),
        /// How many informational interviews about that role or in that industry were held.
        required interviews_held: i64 = COUNT,
        /// The same in sentences.
        required reasons: Vec<String> = list(&SENTENCE, 10),
        /// Whether they are there already: by their profile, by a leg that is done, or by an offer that they accepted.
        required arrived: bool = Kind::Bool,
        /// Whoever has arrived grows on: the next roles of the same family, and what they ask for.
        required senior_roles: Vec<SeniorRole> = list(&NEXT, 10),
    }
}

object! {
    /// A role of the same family, further along.
    #[derive(Serialize)]
    SeniorRole {
        /// The role.
        required role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// What it is called.
        required title: String = TITLE,
        /// How far along it is.
        required seniority: Seniority = word::<Seniority>(),
        /// What is left to learn for it; null for who may not see that.
        optional skill_gap: RoleGap = GAP,
    }
}

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

#[derive(FromQueryResult)]
struct LegRow {
    to_role_profile_id: Option<RoleProfileId>,
    to_role: Option<String>,
    to_listed_industry_id: Option<IndustryId>,
    to_industry: Option<String>,
    state: LegState,
    ended_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// When somebody was in the role and the industry: since their profile says, and after each leg that led there.
async fn stays(look: &Look, person: &user::Model, book: &Book, present: &Present, target: &Place) -> Result<Vec<Stay>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT l.to_role_profile_id, l.to_role, l.to_listed_industry_id, l.to_industry, l.state, l.ended_at \
         FROM \"transition_leg\" l WHERE l.deleted_at IS NULL AND l.state = 'DONE' AND l.owner_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("TransitionLeg"), "l", &look.who);
    sql.push(" ORDER BY l.ended_at, l.id");
    let rows = look.rows::<LegRow>(&sql).await?;
    let done = rows.into_iter().filter(|row| row.state == LegState::Done);
    let arrivals: Vec<(NaiveDate, bool)> = done
        .filter_map(|row| {
            let reached = Place {
                role: row.to_role.map(|title| role(book, row.to_role_profile_id, &title)),
                industry: row.to_industry.map(|name| industry(book, row.to_listed_industry_id, &name)),
            };
            Some((day_in(&person.time_zone, row.ended_at?), there(&reached, target)))
        })
        .collect();
    let mut out = months::stays(&arrivals);
    if there(&present.place(book), target) {
        out.push(Stay { from: present.current_since, to: None });
    }
    Ok(out)
}

#[derive(FromQueryResult)]
struct TalkRow {
    role_profile_id: Option<RoleProfileId>,
    role_title: Option<String>,
    industry: Option<String>,
}

/// How many talks were held about the role or in the industry, of those that the caller may see.
async fn talks(look: &Look, person: &user::Model, book: &Book, target: &Place) -> Result<i64> {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.role_profile_id, i.role_title, y.industry FROM \"informational_interview\" i \
         LEFT JOIN \"company\" y ON y.id = i.company_id AND ",
    );
    sql.visible(shape("Company"), "y", &look.who);
    sql.push(" WHERE i.deleted_at IS NULL AND i.state IN ('HELD', 'FOLLOWED_UP') AND i.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("InformationalInterview"), "i", &look.who);
    sql.push(" ORDER BY i.id LIMIT 1000");
    let rows = look.rows::<TalkRow>(&sql).await?;
    let about = rows.into_iter().filter(|row| {
        let title = row.role_title.as_deref().unwrap_or_default();
        let of = (row.role_profile_id.is_some() || !title.is_empty()).then(|| role(book, row.role_profile_id, title));
        let at = row.industry.as_deref().map(|name| book.industry_called(name));
        let role = of.zip(target.role.as_ref()).is_some_and(|(is, wanted)| is.is(wanted));
        role || at.zip(target.industry.as_ref()).is_some_and(|(is, wanted)| is.is(wanted))
    });
    Ok(whole(about.count()))
}

/// Whether an offer was accepted there.
async fn accepted(look: &Look, person: &user::Model, book: &Book, target: &Place) -> Result<bool> {
    let applied = applied::load(look, person.id, Which::Accepted).await?;
    Ok(applied.iter().any(|row| there(&row.place(book), target)))
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

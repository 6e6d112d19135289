//! `classifyTransition`: what changes from here to there, and the paths with what is there already for each leg.

use std::collections::BTreeMap;

use entity::{
    id::{IndustryId, RoleProfileId, UserId},
    jobs::{
        transition_leg::LegKind,
        transition_plan::{TransitionKind, TransitionPath},
    },
    kind::{Declared as _, Kind, id, int, list, prose, word},
    object,
};
use serde::Serialize;

use super::{
    super::industry::NAME,
    applied::{self, OpenApplication, Which},
    book,
    ends::{self, Named},
    known::{self, COUNT, ContactInPlace, Known, NAMED},
    path::{Leg, Path, paths},
    place::Place,
    say::{self, Counted},
};
use crate::domain::{
    answer::Answer,
    error::Result,
    learning::{role_profile::TITLE, skill_gap::of_role::RoleGap},
    look::Look,
    policy::Action,
};

const WAY: Kind = Kind::Object(PathOffered::object);
const LEG: Kind = Kind::Object(LegOffered::object);
const GAP: Kind = Kind::Object(RoleGap::object);
const CONTACT: Kind = Kind::Object(ContactInPlace::object);
const APPLICATION: Kind = Kind::Object(OpenApplication::object);
const SENTENCE: Kind = prose(2000);

object! {
    /// From where to where. An end is named by ids or in words; where somebody is, their profile says when nobody does.
    ClassifyTransitionQuestion {
        /// Who; without it, the caller.
        optional user_id: UserId = id::<UserId>(),
        /// What they do, by its profile.
        optional from_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// What they do, in words: a title or an alias that is known means its profile.
        optional from_role: String = TITLE,
        /// In which industry, by its id.
        optional from_listed_industry_id: IndustryId = id::<IndustryId>(),
        /// In which industry, in words.
        optional from_industry: String = NAME,
        /// What they want to do, by its profile; without any, what they do.
        optional to_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// What they want to do, in words.
        optional to_role: String = TITLE,
        /// In which industry, by its id; without any, where they are.
        optional to_listed_industry_id: IndustryId = id::<IndustryId>(),
        /// In which industry, in words.
        optional to_industry: String = NAME,
    }
}

object! {
    /// What changes, and the paths that lead there. Two roles are the same when they are one profile, when a title or alias
    /// of one is one of the other, or when both are of one family; two industries, when they are one or called alike.
    #[derive(Serialize)]
    Transition {
        /// Who.
        required user_id: UserId = id::<UserId>(),
        /// What changes.
        required kind: TransitionKind = word::<TransitionKind>(),
        /// What they do; null for somebody who begins.
        optional from_role: String = TITLE,
        /// The profile of that role, when there is one.
        optional from_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// In which industry; null for somebody who is in none.
        optional from_industry: String = NAME,
        /// That industry, when it is a known one.
        optional from_listed_industry_id: IndustryId = id::<IndustryId>(),
        /// What they want to do; null when it is what they do.
        optional to_role: String = TITLE,
        /// The profile of that role, when there is one.
        optional to_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// In which industry; null when it is the one they are in.
        optional to_industry: String = NAME,
        /// That industry, when it is a known one.
        optional to_listed_industry_id: IndustryId = id::<IndustryId>(),
        /// Why it is that.
        required reasons: Vec<String> = list(&SENTENCE, 10),
        /// The paths: none, one of one leg, or two of two legs. Applying straight to the end is open all the same.
        required paths: Vec<PathOffered> = list(&WAY, 2),
    }
}

object! {
    /// A path that leads there.
    #[derive(Serialize)]
    PathOffered {
        /// Which: what `acceptPath` takes.
        required id: TransitionPath = word::<TransitionPath>(),
        /// What it is good for.
        required benefit: String = SENTENCE,
        /// What is known of its legs, in sentences.
        required reasons: Vec<String> = list(&SENTENCE, 20),
        /// Its legs, in their order.
        required legs: Vec<LegOffered> = list(&LEG, 2),
    }
}

object! {
    /// A leg of a path, and what is there already for it.
    #[derive(Serialize)]
    LegOffered {
        /// Its place among the legs, from 1.
        required position: i64 = int(1, 2),
        /// What it changes.
        required kind: LegKind = word::<LegKind>(),
        /// The role at its beginning.
        optional from_role: String = TITLE,
        /// The industry at its beginning.
        optional from_industry: String = NAME,
        /// The role at its end.
        optional to_role: String = TITLE,
        /// The profile of that role, when there is one.
        optional to_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// The industry at its end.
        optional to_industry: String = NAME,
        /// That industry, when it is a known one.
        optional to_listed_industry_id: IndustryId = id::<IndustryId>(),
        /// What is left to learn for the role at its end; null when it has no profile, or for who may not see that.
        optional skill_gap: RoleGap = GAP,
        /// How many people they know where it leads, of those whom the caller may see.
        required contact_count: i64 = COUNT,
        /// Twenty of them at most: who is in the role and in the industry first.
        required contacts: Vec<ContactInPlace> = list(&CONTACT, NAMED),
        /// How many applications for its end are open.
        required application_count: i64 = COUNT,
        /// Twenty of them at most, the oldest first.
        required open_applications: Vec<OpenApplication> = list(&APPLICATION, NAMED),
    }
}

/// `classifyTransition`.
#[must_use]
pub fn classify() -> Answer {
    Answer::new(
        "classifyTransition",
        Action::ViewTransition,
        "Whether it takes another role, another industry or both to get there, and the paths that lead there: with what is to be learnt for each leg, whom one knows there already, and where one has applied.",
        Kind::Object(Transition::object),
        classify_transition,
    )
}

async fn classify_transition(look: Look, asked: ClassifyTransitionQuestion) -> Result<Transition> {
    let person = look.person(asked.user_id, Action::ViewTransition).await?;
    let book = book::load(&look).await?;
    let present = ends::present(&look, person.id).await?;
    let from = Named {
        role_profile_id: asked.from_role_profile_id,
        role: asked.from_role,
        industry_id: asked.from_listed_industry_id,
        industry: asked.from_industry,
    };
    let to = Named {
        role_profile_id: asked.to_role_profile_id,
        role: asked.to_role,
        industry_id: asked.to_listed_industry_id,
        industry: asked.to_industry,
    };
    let (from, to) = ends::both(&book, &from, &to, &present)?;
    let ways = paths(&from, &to);
    let has = Has {
        gaps: known::gaps(&look, &person, ways.iter().flat_map(|path| &path.legs)).await?,
        contacts: known::contacts(&look, &person, &book).await?,
        applied: applied::load(&look, person.id, Which::Open)
            .await?
            .into_iter()
            .map(|row| {
                let place = row.place(&book);
                (row, place)
            })
            .collect(),
    };
    Ok(told(person.id, &from, &to, ways, &has))
}

/// What the person has for any leg.
struct Has {
    gaps: BTreeMap<RoleProfileId, RoleGap>,
    contacts: Vec<Known>,
    applied: Vec<(applied::Row, Place)>,
}

fn told(user_id: UserId, from: &Place, to: &Place, ways: Vec<Path>, has: &Has) -> Transition {
    Transition {
        user_id,
        kind: from.to(to),
        from_role: role(from),
        from_role_profile_id: profile(from),
        from_industry: industry(from),
        from_listed_industry_id: industry_id(from),
        to_role: role(to),
        to_role_profile_id: profile(to),
        to_industry: industry(to),
        to_listed_industry_id: industry_id(to),
        reasons: say::classified(from, to),
        paths: ways.into_iter().map(|path| offered(path, has)).collect(),
    }
}

fn offered(path: Path, has: &Has) -> PathOffered {
    let legs: Vec<(Leg, LegOffered)> =
        path.legs.iter().zip(1..).map(|(leg, position)| (leg.clone(), with(leg, position, has))).collect();
    let counted: Vec<(Leg, Counted)> = legs
        .iter()
        .map(|(leg, told)| {
            let asked = told.skill_gap.as_ref().map(|gap| (gap.met + gap.open, gap.open));
            (leg.clone(), Counted { asked, contacts: told.contact_count, applications: told.application_count })
        })
        .collect();
    PathOffered {
        id: path.path,
        benefit: say::benefit(&path),
        reasons: say::reasons(&counted),
        legs: legs.into_iter().map(|(_, told)| told).collect(),
    }
}

/// A leg with what is there for it.
fn with(leg: &Leg, position: i64, has: &Has) -> LegOffered {
    let mut contacts = known::in_place(&has.contacts, &leg.to);
    let mut open_applications = applied::leading(&has.applied, &leg.to);
    let count = |all: usize| i64::try_from(all).unwrap_or(i64::MAX);
    let (contact_count, application_count) = (count(contacts.len()), count(open_applications.len()));
    contacts.truncate(NAMED);
    open_applications.truncate(NAMED);
    LegOffered {
        position,
        kind: leg.kind,
        from_role: role(&leg.from),
        from_industry: industry(&leg.from),
        to_role: role(&leg.to),
        to_role_profile_id: profile(&leg.to),
        to_industry: industry(&leg.to),
        to_listed_industry_id: industry_id(&leg.to),
        skill_gap: profile(&leg.to).and_then(|role| has.gaps.get(&role).cloned()),
        contact_count,
        contacts,
        application_count,
        open_applications,
    }
}

fn role(place: &Place) -> Option<String> {
    place.role.as_ref().map(|role| role.title.clone())
}

fn profile(place: &Place) -> Option<RoleProfileId> {
    place.role.as_ref()?.id
}

fn industry(place: &Place) -> Option<String> {
    place.industry.as_ref().map(|industry| industry.name.clone())
}

fn industry_id(place: &Place) -> Option<IndustryId> {
    place.industry.as_ref()?.id
}

//! What search leverage tells.

use entity::{
    id::{IndustryId, RoleProfileId, UserId},
    kind::{Declared as _, Kind, id, list, prose, word},
    learning::role_profile::Seniority,
    object,
};
use serde::Serialize;

use super::super::{
    industry::NAME,
    transition::known::{COUNT, ContactInPlace, NAMED},
};
use crate::domain::learning::{role_profile::TITLE, skill_gap::of_role::RoleGap};

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
        /// legs of their transition plans that are done: each until the next of these says that they came somewhere else.
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

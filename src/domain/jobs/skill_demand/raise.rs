//! The skills that a role asks for become needs, and requirements of a goal.

use entity::{
    id::{CareerGoalId, RoleProfileId, UserId},
    kind::{id, int},
    learning::learning_need_source::NeedSource,
    object,
    platform::user,
};

use super::{Skill, TITLE, named, number, ranked};
use crate::domain::{
    caller::Caller,
    error::Result,
    jobs::role_titles::{self, Called},
    learning::{
        goal_requirement::{Heard, hear},
        learning_need::{Raised, raise_all},
    },
    policy::Action,
    tx::Tx,
    verb::Done,
};

object! {
    /// The role whose skills become needs.
    NeedsOfRole {
        /// The role, by its profile.
        optional role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// The role, by a title.
        optional title: String = TITLE,
        /// Who needs to learn: yourself, unless it is somebody who let you say so, and look at their search.
        optional user_id: UserId = id::<UserId>(),
        /// In how many talks a skill is named at least; 1, unless it is said.
        optional minimum_interviews: i64 = int(1, 100),
        /// A goal of theirs that needs these skills from then on, each at the first proficient level of its scale.
        optional goal_id: CareerGoalId = id::<CareerGoalId>(),
    }
}

/// Raises a need for each skill of a role that is a competency; with a goal, it needs them, too.
pub(in crate::domain) async fn raise_from_interviews(who: Caller, asked: NeedsOfRole) -> Result<Done> {
    let mut tx = who.begin().await?;
    let person = tx.person(asked.user_id, Action::ViewRoleReality).await?;
    tx.refer_to::<user::Entity>(person.id, Action::RaiseLearningNeed, "/userId").await?;
    let role = role_titles::called(&tx, asked.title.as_deref(), asked.role_profile_id).await?;
    let least = usize::try_from(asked.minimum_interviews.unwrap_or(1)).unwrap_or(1);
    let skills = ranked(named(&tx, &role, person.id).await?);
    let skills: Vec<Skill> =
        skills.into_iter().filter(|skill| skill.competency.is_some() && skill.talks.len() >= least).collect();
    if let Some(goal) = asked.goal_id {
        hear(&mut tx, goal, person.id, skills.iter().filter_map(heard).collect()).await?;
    }
    let raised: Vec<Raised> = skills.iter().filter_map(|skill| raised(person.id, &role, skill)).collect();
    if raised.is_empty() {
        tx.warn("NOTHING_NAMED_TO_LEARN", "No finding of such a talk names a competency.");
    }
    let needs = raise_all(&mut tx, person.id, &raised).await?;
    finish(tx, needs).await
}

async fn finish(tx: Tx, needs: Vec<entity::learning::learning_need::Model>) -> Result<Done> {
    tx.finish(needs.into_iter().map(|need| need.id.0).collect(), false).await
}

fn heard(skill: &Skill) -> Option<Heard> {
    let level = skill.scale.as_ref()?.levels.iter().find(|level| level.proficient)?.value;
    Some(Heard { competency: skill.competency?, level, rationale: why(skill) })
}

/// One role is one source: what more talks say of it later joins nothing twice.
fn raised(user: UserId, role: &Called, skill: &Skill) -> Option<Raised> {
    Some(Raised {
        user,
        competency: skill.competency?,
        source: NeedSource::InfoInterview,
        source_id: Some(source(role)),
        strength: strength(skill),
        note: Some(why(skill)),
    })
}

/// What the needs of a role are kept under.
fn source(role: &Called) -> String {
    let profile = role.profiles.first().map(ToString::to_string);
    profile.unwrap_or_else(|| role_titles::folded(&role.title).chars().take(100).collect())
}

pub(super) fn why(skill: &Skill) -> String {
    let told = format!("Named in {} informational interviews: {}", skill.talks.len(), skill.said.join("; "));
    told.chars().take(2000).collect()
}

/// How strongly talks show a need: 25 for each of them, so that four say all.
pub(super) fn strength(skill: &Skill) -> i64 {
    (number(skill.talks.len()) * 25).clamp(1, 100)
}

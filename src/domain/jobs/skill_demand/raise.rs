//! The skills that a role asks for become needs, and requirements of a goal.

use entity::{
    id::{CareerGoalId, RoleProfileId, UserId},
    kind::{id, int},
    learning::learning_need_source::NeedSource,
    object,
    platform::user,
};

use super::{Skill, TITLE, named, ranked};
use crate::domain::{
    caller::Caller,
    error::Result,
    jobs::{informational_interview::strength, role_titles},
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
    let raised: Vec<Raised> = skills.iter().flat_map(|skill| raised(person.id, skill)).collect();
    if raised.is_empty() {
        tx.warn("NOTHING_NAMED_TO_LEARN", "No finding of such a talk names a competency.");
    }
    // A need that several talks show is told once.
    let mut needs = raise_all(&mut tx, person.id, &raised).await?;
    needs.dedup_by_key(|need| need.id);
    finish(tx, needs).await
}

async fn finish(tx: Tx, needs: Vec<entity::learning::learning_need::Model>) -> Result<Done> {
    tx.finish(needs.into_iter().map(|need| need.id.0).collect(), false).await
}

fn heard(skill: &Skill) -> Option<Heard> {
    let level = skill.scale.as_ref()?.levels.iter().find(|level| level.proficient)?.value;
    Some(Heard { competency: skill.competency?, level })
}

/// Each talk is a source of its own: what it showed already when it was concluded, it does not show twice.
pub(super) fn raised(user: UserId, skill: &Skill) -> Vec<Raised> {
    let Some(competency) = skill.competency else { return Vec::new() };
    let each = skill.talks.iter().map(|(talk, weight)| Raised {
        user,
        competency,
        source: NeedSource::InfoInterview,
        source_id: Some(talk.to_string()),
        strength: strength(*weight),
        note: Some(why(skill)),
    });
    each.collect()
}

/// In how many talks it was named: what was said stays with them.
pub(super) fn why(skill: &Skill) -> String {
    match skill.talks.len() {
        1 => "Named in an informational interview.".to_owned(),
        talks => format!("Named in {talks} informational interviews."),
    }
}

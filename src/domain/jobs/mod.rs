//! The search for a job (chapter three of the playbook): from one role and industry to another, what is sought, where
//! somebody applies, and what came of it (§16 to §28). It is its person's own.

pub mod application;
pub mod application_event;
pub mod exchange;
pub mod feedback;
pub mod feedback_request;
pub mod finding;
mod follow;
pub mod funnel;
pub(super) mod going_on;
pub mod help_request;
pub mod industry;
pub mod informational_interview;
pub mod interview;
pub mod job_posting;
pub mod job_search;
pub mod lapse;
mod learnt;
pub mod offer;
mod part;
pub mod referral;
pub mod role_observation;
pub mod role_reality;
mod role_titles;
pub mod search_leverage;
pub mod self_scorecard;
pub mod skill_demand;
pub mod stage;
pub mod themes;
pub mod transition;
pub mod transition_leg;
pub mod transition_plan;

use entity::{id::UserId, platform::user};

use super::{
    answer::Answer,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::Resource,
};

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![
        industry::resource(),
        transition_plan::resource(),
        transition_leg::resource(),
        job_search::resource(),
        stage::resource(),
        job_posting::resource(),
        application::resource(),
        application_event::resource(),
        referral::resource(),
        interview::resource(),
        self_scorecard::resource(),
        offer::resource(),
        offer::version::resource(),
        feedback_request::resource(),
        feedback::resource(),
        help_request::resource(),
        informational_interview::resource(),
        finding::resource(),
        role_observation::resource(),
    ]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    let mut all = vec![transition::answer::classify(), search_leverage::of_person()];
    all.extend(funnel::answers());
    all.extend(follow::answers());
    all.extend([offer::compare::of_offers(), themes::of_search(), help_request::balance::of_person()]);
    all.extend([role_reality::of_title(), skill_demand::of_role()]);
    all
}

/// Whose a new thing of this chapter is: the caller's, or somebody's who let them search for them.
///
/// # Errors
/// `OWNER_REQUIRED` for machines; `REFERENCE_UNKNOWN`, `FORBIDDEN`.
pub(super) async fn whose(tx: &Tx, wanted: Option<UserId>) -> Result<user::Model> {
    let id = wanted.or(tx.who.user());
    let id = id.ok_or_else(|| Error::field(Code::OwnerRequired, "/ownerId", "A machine names whose search it is."))?;
    tx.refer_to::<user::Entity>(id, Action::SearchFor, "/ownerId").await
}

/// Whose a thing is never changes.
///
/// # Errors
/// `OWNER_IMMUTABLE`.
pub(super) fn stays_with(owner: UserId, wanted: Option<UserId>) -> Result<()> {
    if wanted.is_none_or(|wanted| wanted == owner) {
        return Ok(());
    }
    Err(Error::field(Code::OwnerImmutable, "/ownerId", "Whose it is never changes."))
}

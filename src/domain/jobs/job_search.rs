//! Searches for a job: what somebody looks for, in stages of their own (§21).

mod gone;
mod state;

use entity::{
    id::{JobSearchId, TransitionPlanId, UserId},
    jobs::job_search::{ActiveModel, Column, Entity, JobSearchState, Model},
    kind::{Kind, Patch, id, int, line, list, word},
    object,
    vocabulary::Json,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{stage, stays_with, transition_plan, whose};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        find::Life,
        policy::Action,
        tx::Tx,
        verb::{Done, External, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};
pub use state::close;

const TITLE: Kind = line(1, 200);
const ROLE: Kind = line(1, 200);
const ROLES: Kind = list(&ROLE, 20);

impl Row for Entity {
    const NAME: &'static str = "JobSearch";
    type Id = JobSearchId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<JobSearchId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who searches; it never changes.").filter(),
        Column::Title => leaf(TITLE, "What it is called."),
        Column::TransitionPlanId => {
            leaf(id::<TransitionPlanId>(), "The plan of a change of role or industry that it belongs to.").filter()
        }
        Column::State => leaf(word::<JobSearchState>(), "Where it stands; changed by commands only.").filter(),
        Column::TargetRoles => leaf(ROLES, "The roles that are sought, as their owner calls them."),
        Column::ClosedAt => leaf(Kind::Time, "When it was closed."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>("JobSearch", "A search for a job (§21).", "jsr", Action::ViewJobSearch, show)
        .order("created_at", false)
        .external_refs()
        .one("owner", "owner_id", "User", "Who searches.")
        .one("transitionPlan", "transition_plan_id", "TransitionPlan", "The plan that it belongs to.")
        .many("stages", "job_search_id", "Stage", "The stages through which its applications go, in their order.")
        .many("applications", "job_search_id", "Application", "Where its owner applies.");
    Resource { shape, plural: "jobSearches", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreateJobSearch, EditJobSearch};
    vec![
        Verb::create(
            CreateJobSearch,
            "Begin a search for a job. It has a stage of each kind, which can be renamed and added to.",
            create,
        ),
        Verb::upsert(CreateJobSearch, "Begin or change the search that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", EditJobSearch, "Change a search.", update),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditJobSearch,
            "Delete a search, with all that is in it; it can be restored.",
            gone::delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", EditJobSearch, "Bring a deleted search back.", gone::restore),
        Verb::on::<Entity, _, _, _>("pause", EditJobSearch, "Let a search rest.", state::pause),
        Verb::on::<Entity, _, _, _>("resume", EditJobSearch, "Go on with a search that rests.", state::resume),
        Verb::on::<Entity, _, _, _>(
            "close",
            EditJobSearch,
            "End a search; what is open in it stays so.",
            state::close_it,
        ),
        Verb::on::<Entity, _, _, _>("reopen", EditJobSearch, "Go on with a search that was over.", state::reopen),
    ]
}

object! {
    /// A search to begin.
    NewJobSearch {
        /// Who searches: yourself, unless it is somebody who let you search for them.
        optional owner_id: UserId = id::<UserId>(),
        /// What it is called.
        required title: String = TITLE,
        /// The roles that are sought.
        optional target_roles: Vec<String> = ROLES,
        /// The plan of a change of role or industry that it belongs to: one of theirs.
        optional transition_plan_id: TransitionPlanId = id::<TransitionPlanId>(),
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a search.
    JobSearchPatch {
        /// What it is called.
        change title: String = TITLE,
        /// The roles that are sought, in place of those that were named.
        change target_roles: Vec<String> = ROLES,
        /// The plan of a change of role or industry that it belongs to: one of theirs.
        clear transition_plan_id: TransitionPlanId = id::<TransitionPlanId>(),
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewJobSearch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let search = add(&mut tx, new).await?;
    tx.made(&search).await
}

async fn upsert(who: Caller, external: External, mut new: NewJobSearch) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let (search, life) = tx.find_either::<Entity>(&external, id, Action::EditJobSearch).await?;
        let search = if life == Life::Deleted { gone::come_back(&mut tx, search).await? } else { search };
        let patch = JobSearchPatch {
            title: Some(new.title),
            target_roles: new.target_roles,
            transition_plan_id: new.transition_plan_id.map_or(Patch::Keep, Patch::Set),
            owner_id: new.owner_id,
            external_refs: new.external_refs,
        };
        let search = revise(&mut tx, search, patch).await?;
        return tx.done(&search).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let search = add(&mut tx, new).await?;
    tx.made(&search).await
}

/// Begins a search, with a stage of each kind.
pub(super) async fn add(tx: &mut Tx, new: NewJobSearch) -> Result<Model> {
    let owner = whose(tx, new.owner_id).await?;
    let plan = transition_plan::of_owner(tx, new.transition_plan_id, owner.id).await?;
    let roles = new.target_roles.unwrap_or_default();
    let search = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(owner.id),
            search_text: Set(search_text(&new.title, &roles)),
            title: Set(new.title),
            transition_plan_id: Set(plan),
            state: Set(JobSearchState::Active),
            target_roles: Set(Json(roles)),
            closed_at: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&search, new.external_refs.as_deref()).await?;
    record(tx, "created", &search)?;
    stage::add_defaults(tx, &search).await?;
    Ok(search)
}

fn search_text(title: &str, roles: &[String]) -> String {
    let words = std::iter::once(title).chain(roles.iter().map(String::as_str));
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}

async fn update(who: Caller, target: Target<JobSearchId>, patch: JobSearchPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let search = tx.find_at::<Entity>(&target, Action::EditJobSearch).await?;
    let search = revise(&mut tx, search, patch).await?;
    tx.done(&search).await
}

async fn revise(tx: &mut Tx, search: Model, patch: JobSearchPatch) -> Result<Model> {
    stays_with(search.owner_id, patch.owner_id)?;
    let plan = patch.transition_plan_id.over(search.transition_plan_id);
    if plan != search.transition_plan_id {
        transition_plan::of_owner(tx, plan, search.owner_id).await?;
    }
    let title = patch.title.unwrap_or_else(|| search.title.clone());
    let roles = patch.target_roles.unwrap_or_else(|| search.target_roles.0.clone());
    let after = tx
        .change::<Entity>(search, |row| {
            row.search_text.set_if_not_equals(search_text(&title, &roles));
            row.title.set_if_not_equals(title);
            row.transition_plan_id.set_if_not_equals(plan);
            row.target_roles.set_if_not_equals(Json(roles));
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

/// A search to add something to: one that is not over.
///
/// # Errors
/// `REFERENCE_UNKNOWN`, `FORBIDDEN`, `JOB_SEARCH_CLOSED`.
pub(super) async fn going_on(tx: &Tx, id: JobSearchId) -> Result<Model> {
    let search = tx.refer_to::<Entity>(id, Action::EditJobSearch, "/jobSearchId").await?;
    if search.state == JobSearchState::Closed {
        return Err(Error::field(Code::JobSearchClosed, "/jobSearchId", "This search is over: reopen it first."));
    }
    Ok(search)
}

/// What is in a search stays in it.
///
/// # Errors
/// `JOB_SEARCH_IMMUTABLE`.
pub(super) fn stays(was: JobSearchId, wanted: JobSearchId) -> Result<()> {
    if was == wanted {
        return Ok(());
    }
    Err(Error::field(Code::JobSearchImmutable, "/jobSearchId", "What is in a search never moves to another."))
}

fn record(tx: &mut Tx, what: &str, search: &Model) -> Result<()> {
    tx.record(what, search, json!({ "state": search.state }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_found_by_its_title_and_its_roles() {
        assert_eq!(search_text("Into ML", &["ML Engineer".to_owned()]), "into ml ml engineer");
        assert_eq!(search_text("Into ML", &[]), "into ml");
    }
}

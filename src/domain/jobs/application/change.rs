//! What changes of what is known of an application; where it stands is changed by commands.

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationId, StageId},
    jobs::{
        application::{ApplicationChannel, ApplicationDocument, ApplicationOutcome, DOCUMENTS, Entity, Model},
        job_posting,
    },
    kind::{Kind, Patch, id, word},
    object,
    vocabulary::Json,
};
use sea_orm::{EntityTrait as _, QuerySelect as _};
use serde_json::json;

use super::{NEXT, RESUME, history, record};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    external::{self, ExternalRef},
    jobs::{job_posting::gone, offer::taken},
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

object! {
    /// Changes to what is known of an application. Where it stands is changed by commands.
    ApplicationPatch {
        /// By which way it came about.
        change channel: ApplicationChannel = word::<ApplicationChannel>(),
        /// Which résumé was sent.
        clear resume_version: String = RESUME,
        /// What was sent along, in place of what was.
        change documents: Vec<ApplicationDocument> = DOCUMENTS,
        /// When one applied: not in the future.
        clear applied_at: DateTime<Utc> = Kind::Time,
        /// What to do next.
        clear next_action: String = NEXT,
        /// When to do it.
        clear next_action_at: DateTime<Utc> = Kind::Time,
        /// Changed by commands such as `move`: another value is refused with `USE_STATE_COMMAND`.
        change stage_id: StageId = id::<StageId>(),
        /// Changed by commands such as `close`: another value is refused with `USE_STATE_COMMAND`.
        change outcome: ApplicationOutcome = word::<ApplicationOutcome>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

pub(super) async fn update(who: Caller, target: Target<ApplicationId>, patch: ApplicationPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditApplication).await?;
    let application = revise(&mut tx, was, patch).await?;
    tx.done(&application).await
}

/// How an application began is in its history: another beginning is none that another system changes by naming it.
///
/// # Errors
/// `USE_STATE_COMMAND`.
pub(super) async fn began_so(tx: &mut Tx, was: &Model, at: Option<DateTime<Utc>>, source: Option<&str>) -> Result<()> {
    if at.is_some_and(|at| clock::whole(at) != was.began_at) {
        let why = "When it began stands in its history: correct that.";
        return Err(Error::field(Code::UseStateCommand, "/occurredAt", why));
    }
    if source.is_some() && history::of(tx, was).await?.first().is_some_and(|first| first.source.as_deref() != source) {
        tx.warn("SOURCE_LEFT_OUT", "Where its beginning is known from stands in its history, and stays.");
    }
    Ok(())
}

pub(super) async fn restore(who: Caller, target: Target<ApplicationId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditApplication).await?;
    let application = come_back(&mut tx, was).await?;
    tx.done(&application).await
}

/// An application comes back to a stage that is there, for an opening that is, and with no second offer that was taken.
///
/// # Errors
/// `POSTING_DELETED`, `STAGE_DELETED`, and those of offers.
pub(super) async fn come_back(tx: &mut Tx, was: Model) -> Result<Model> {
    let posting = job_posting::Entity::find_by_id(was.posting_id).lock_shared().one(&tx.db).await?;
    if posting.is_none_or(|posting| posting.deleted_at.is_some()) {
        return Err(gone(was.posting_id));
    }
    history::is_there(tx, was.stage_id).await?;
    taken::may_come_back(tx, &was).await?;
    let application = tx.restore::<Entity>(was).await?;
    tx.record("restored", &application, json!({}))?;
    Ok(application)
}

/// Where it stands is changed by commands, which write it down.
fn stands_so(was: &Model, patch: &ApplicationPatch) -> Result<()> {
    let used = |pointer: &str, why: &str| Err(Error::field(Code::UseStateCommand, pointer, why));
    if patch.stage_id.is_some_and(|stage| stage != was.stage_id) {
        return used("/stageId", "Where it stands is changed by the command move.");
    }
    if patch.outcome.is_some_and(|outcome| Some(outcome) != was.outcome) {
        return used("/outcome", "What came of it is changed by commands such as close.");
    }
    Ok(())
}

pub(super) async fn revise(tx: &mut Tx, was: Model, patch: ApplicationPatch) -> Result<Model> {
    stands_so(&was, &patch)?;
    let applied = match patch.applied_at {
        Patch::Set(at) => Some(clock::past(tx.now, at, "/appliedAt")?),
        other => other.over(was.applied_at),
    };
    let resume = patch.resume_version.over(was.resume_version.clone());
    let next = patch.next_action.over(was.next_action.clone());
    let next_at = patch.next_action_at.over(was.next_action_at);
    let after = tx
        .change::<Entity>(was, |row| {
            row.applied_at.set_if_not_equals(applied);
            row.resume_version.set_if_not_equals(resume);
            row.next_action.set_if_not_equals(next);
            row.next_action_at.set_if_not_equals(next_at);
            if let Some(channel) = patch.channel {
                row.channel.set_if_not_equals(channel);
            }
            if let Some(documents) = patch.documents {
                row.documents.set_if_not_equals(Json(documents));
            }
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

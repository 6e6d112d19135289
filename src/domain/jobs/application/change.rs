//! What changes of what is known of an application; where it stands is changed by commands.

use chrono::{DateTime, Utc};
use entity::{
    id::ApplicationId,
    jobs::application::{ApplicationChannel, ApplicationDocument, DOCUMENTS, Entity, Model},
    kind::{Kind, Patch, word},
    object,
    vocabulary::Json,
};

use super::{NEXT, RESUME, record};
use crate::domain::{
    caller::Caller,
    clock,
    error::Result,
    external::{self, ExternalRef},
    policy::Action,
    tx::Tx,
    verb::{Done, Target},
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

pub(super) async fn revise(tx: &mut Tx, was: Model, patch: ApplicationPatch) -> Result<Model> {
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

//! Changing what people noted themselves. What a statement reported is that system's word, and stays.

use entity::{
    id::LearningSessionId,
    kind::Patch,
    learning::learning_session::{Entity, Model},
};
use serde_json::json;

use super::{LearningSessionPatch, day::Days, named, record};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

/// What a statement reported is not changed by hand.
fn by_hand(session: &Model) -> Result<()> {
    if record::reported(session.source) {
        return Err(Error::new(
            Code::SessionReported,
            "Another system reported this session; it is not changed by hand.",
        )
        .with(json!({ "source": session.source, "statementId": session.statement_id })));
    }
    Ok(())
}

pub(super) async fn update(
    who: Caller,
    target: Target<LearningSessionId>,
    patch: LearningSessionPatch,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditLearningSession).await?;
    by_hand(&was)?;
    let started_at = patch.started_at.unwrap_or(was.started_at);
    clock::past(tx.now, started_at, "/startedAt")?;
    refer(&tx, &was, &patch).await?;
    let (item, resource) =
        (patch.plan_item_id.over(was.plan_item_id), patch.learning_resource_id.over(was.learning_resource_id));
    let after = tx
        .change::<Entity>(was.clone(), |row| {
            row.plan_item_id.set_if_not_equals(item);
            row.learning_resource_id.set_if_not_equals(resource);
            row.started_at.set_if_not_equals(started_at);
            if let Some(minutes) = patch.minutes {
                row.minutes.set_if_not_equals(minutes);
            }
        })
        .await?;
    let linked = named::relink(&tx, after.row.id, patch.competency_ids.as_deref()).await?;
    let after = tx.beside::<Entity>(after, linked).await?;
    if after.changed {
        let mut days = Days::default();
        days.moved(&was, &after.row);
        days.write(&tx).await?;
        tx.record("updated", &after.row, json!({ "minutes": after.row.minutes }))?;
    }
    tx.done(&after.row).await
}

/// Checks what the patch names anew.
async fn refer(tx: &Tx, was: &Model, patch: &LearningSessionPatch) -> Result<()> {
    let item = match patch.plan_item_id {
        Patch::Set(id) if was.plan_item_id != Some(id) => Some(id),
        _ => None,
    };
    let resource = match patch.learning_resource_id {
        Patch::Set(id) if was.learning_resource_id != Some(id) => Some(id),
        _ => None,
    };
    named::refer(tx, was.user_id, item, resource).await
}

/// Counts a session, or with -1 counts it out.
async fn count(tx: &Tx, session: &Model, times: i64) -> Result<()> {
    let mut days = Days::default();
    days.add(session.user_id, session.started_at, times * session.minutes, times);
    days.write(tx).await
}

pub(super) async fn delete(who: Caller, target: Target<LearningSessionId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let session = tx.find_at::<Entity>(&target, Action::EditLearningSession).await?;
    by_hand(&session)?;
    let session = tx.delete::<Entity>(session).await?;
    count(&tx, &session, -1).await?;
    tx.record("deleted", &session, json!({ "minutes": session.minutes }))?;
    tx.done(&session).await
}

pub(super) async fn restore(who: Caller, target: Target<LearningSessionId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let session = tx.find_deleted::<Entity>(&target, Action::EditLearningSession).await?;
    by_hand(&session)?;
    let session = tx.restore::<Entity>(session).await?;
    count(&tx, &session, 1).await?;
    tx.record("restored", &session, json!({ "minutes": session.minutes }))?;
    tx.done(&session).await
}

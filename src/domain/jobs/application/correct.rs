//! What was written wrongly into a history is not changed, and not forgotten: another event takes its place (§21).

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationEventId, StageId},
    jobs::{
        application::{self, ApplicationOutcome},
        application_event::{
            ApplicationEventKind::{self, Closed, Created, Moved, Reopened, Revoked},
            Entity, Model,
        },
    },
    kind::{Kind, id, word},
    object,
};
use serde_json::json;

use super::{
    begin, go,
    history::{self, Happening},
};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, FieldError, Result},
    jobs::{application_event::REASON, offer::taken, referral::subject},
    policy::Action,
    tx::Tx,
    verb::{Done, Target},
};

object! {
    /// What should have been written instead: what is left out stays as it was written.
    ApplicationEventCorrection {
        /// When it happened: not in the future, and not before the application began.
        optional occurred_at: DateTime<Utc> = Kind::Time,
        /// The stage to which the application came, of a beginning, a move and a reopening.
        optional to_stage_id: StageId = id::<StageId>(),
        /// What came of the application, of an end.
        optional outcome: ApplicationOutcome = word::<ApplicationOutcome>(),
        /// Whether it never happened; what began an application did.
        optional revoke: bool = Kind::Bool,
        /// Why it is corrected.
        required reason: String = REASON,
    }
}

pub(in crate::domain::jobs) async fn correct(
    who: Caller,
    target: Target<ApplicationEventId>,
    instead: ApplicationEventCorrection,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    // The application first, as everything that writes into its history.
    let wrong = tx.find_at::<Entity>(&target, Action::CorrectApplicationEvent).await?;
    let was = tx.find::<application::Entity>(wrong.application_id, Action::EditApplication).await?;
    let history = history::of(&tx, &was).await?;
    let (right, outcome) = (right(&tx, &was, &history, &wrong, instead).await?, was.outcome);
    let (event, application) = history::write(&mut tx, was, history, right).await?;
    taken::may_have_ended(&tx, outcome, &application).await?;
    if outcome.is_none() && application.outcome.is_some() {
        subject::application_ended(&mut tx, &application).await?;
        taken::remind(&mut tx, &application).await?;
    }
    go::tell(&mut tx, &application, &event, "corrected")?;
    let data = json!({ "applicationId": event.application_id, "correctsId": event.corrects_id, "kind": event.kind });
    tx.record("corrected", &event, data)?;
    tx.made(&event).await
}

/// What takes the place of an event.
///
/// # Errors
/// `EVENT_CORRECTED {by}`, `VALIDATION_FAILED` for what does not fit what happened, `REFERENCE_UNKNOWN`.
async fn right(
    tx: &Tx,
    application: &application::Model,
    history: &[Model],
    wrong: &Model,
    instead: ApplicationEventCorrection,
) -> Result<Happening> {
    if let Some(by) = history.iter().find(|one| one.corrects_id == Some(wrong.id)) {
        let error = Error::new(Code::EventCorrected, "This was corrected already: correct the correction.");
        return Err(error.with(json!({ "by": by.id })));
    }
    let kind = kind_of(history, wrong);
    fits(kind, &instead)?;
    if wrong.kind == Revoked && instead.revoke == Some(true) {
        let why = "must be left out: this never happened already. Say when it did, or what it was.";
        let wrong = FieldError::new("/revoke", Code::ValidationFailed.as_str(), why);
        return Err(Error::fields(Code::ValidationFailed, vec![wrong]));
    }
    let to = match instead.to_stage_id {
        Some(id) => {
            let stage = begin::in_search(tx, id, application.job_search_id, "/toStageId").await?;
            Some((stage.id, stage.kind))
        }
        None => said(history, wrong).to_stage_id.zip(said(history, wrong).to_kind),
    };
    let known = said(history, wrong);
    let at = instead.occurred_at.map_or(Ok(known.occurred_at), |at| go::when(tx, Some(at)))?;
    let revoked = instead.revoke == Some(true);
    Ok(Happening {
        from: known.from_stage_id.zip(known.from_kind),
        to: to.filter(|_| !revoked),
        outcome: instead.outcome.or(known.outcome).filter(|_| !revoked),
        dated: known.dated || instead.occurred_at.is_some(),
        source: known.source.clone(),
        reason: Some(instead.reason),
        corrects: Some((wrong.id, wrong.place)),
        ..Happening::of(if revoked { Revoked } else { kind }, at)
    })
}

/// What happened in the place of an event, which may have been revoked since.
fn kind_of(history: &[Model], wrong: &Model) -> ApplicationEventKind {
    said(history, wrong).kind
}

/// The last event in the place of this one that says what happened: of one that was revoked, what it was before.
fn said<'a>(history: &'a [Model], wrong: &'a Model) -> &'a Model {
    let told = history.iter().filter(|one| one.place == wrong.place && one.kind != Revoked);
    told.max_by_key(|one| one.number).unwrap_or(wrong)
}

/// Whether a correction says something, and nothing that what happened does not have.
fn fits(kind: ApplicationEventKind, instead: &ApplicationEventCorrection) -> Result<()> {
    let has = |pointer: &str, why: &str| {
        Err(Error::fields(Code::ValidationFailed, vec![FieldError::new(pointer, Code::ValidationFailed.as_str(), why)]))
    };
    let revoked = instead.revoke == Some(true);
    let says = instead.occurred_at.is_some() || instead.to_stage_id.is_some() || instead.outcome.is_some();
    if revoked == says {
        return has("/revoke", "must be true, or something else must be said instead.");
    }
    if instead.to_stage_id.is_some() && !matches!(kind, Created | Moved | Reopened) {
        return has("/toStageId", "must be left out: only a beginning, a move and a reopening lead to a stage.");
    }
    if instead.outcome.is_some() && kind != Closed {
        return has("/outcome", "must be left out: only an end has an outcome.");
    }
    Ok(())
}

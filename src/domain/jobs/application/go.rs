//! An application moves, ends, and goes on after all: each time its history grows by one (§21).

use chrono::{DateTime, Utc};
use entity::{
    id::ApplicationId,
    jobs::{
        application::{ApplicationOutcome, Entity, Model},
        application_event::{self, ApplicationEventKind},
        stage,
    },
};
use sea_orm::EntityTrait as _;
use serde_json::json;

use super::{
    ApplicationClosing, ApplicationMove, ApplicationReopening, begin,
    history::{self, Happening},
    said,
};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    find::same_version,
    jobs::{offer::taken, referral::subject},
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

pub(super) async fn go(who: Caller, target: Target<ApplicationId>, wanted: ApplicationMove) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditApplication).await?;
    is_open(&was)?;
    if was.stage_id != wanted.from_stage_id {
        let error = Error::field(Code::StaleStage, "/fromStageId", "The application stands in another stage by now.");
        return Err(error.with(json!({ "current": was.stage_id, "currentKind": was.stage_kind })));
    }
    let to = begin::in_search(&tx, wanted.to_stage_id, was.job_search_id, "/toStageId").await?;
    let at = when(&tx, wanted.occurred_at)?;
    if to.id == was.stage_id {
        return tx.done(&was).await;
    }
    if wanted.reason.is_none() && goes_back(&tx, &was, &to).await? {
        return Err(Error::field(Code::ReasonRequired, "/reason", "Going back to an earlier stage takes a reason."));
    }
    let moved = Happening {
        from: Some((was.stage_id, was.stage_kind)),
        to: Some((to.id, to.kind)),
        source: wanted.source,
        reason: wanted.reason,
        ..Happening::of(ApplicationEventKind::Moved, at)
    };
    let application = write(&mut tx, was, moved, "moved").await?;
    tx.done(&application).await
}

/// Whether the other stage stands before the one in which an application is.
async fn goes_back(tx: &Tx, was: &Model, to: &stage::Model) -> Result<bool> {
    if to.kind != was.stage_kind {
        return Ok(to.kind < was.stage_kind);
    }
    // Where the own stage stands among those of its kind, its owner may have changed meanwhile.
    let from = stage::Entity::find_by_id(was.stage_id).one(&tx.db).await?;
    Ok(from.is_some_and(|from| to.position < from.position))
}

pub(super) async fn close_it(who: Caller, target: Target<ApplicationId>, closing: ApplicationClosing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = taken::ending(&tx, target.id, closing.outcome).await?;
    same_version::<Entity>(&was, target.version)?;
    is_open(&was)?;
    taken::may_end(&tx, &was, closing.outcome).await?;
    let at = when(&tx, closing.occurred_at)?;
    let closed = Happening {
        from: Some((was.stage_id, was.stage_kind)),
        outcome: Some(closing.outcome),
        source: closing.source,
        reason: closing.reason,
        ..Happening::of(ApplicationEventKind::Closed, at)
    };
    let application = end(&mut tx, was, closed).await?;
    taken::remind(&mut tx, &application).await?;
    tx.done(&application).await
}

/// Says what came of an application, as part of something larger: an offer was accepted. It was found to be changed.
///
/// # Errors
/// `APPLICATION_CLOSED`.
pub async fn close(
    tx: &mut Tx,
    application: Model,
    outcome: ApplicationOutcome,
    reason: Option<String>,
) -> Result<Model> {
    is_open(&application)?;
    let closed = Happening {
        from: Some((application.stage_id, application.stage_kind)),
        outcome: Some(outcome),
        reason,
        ..Happening::of(ApplicationEventKind::Closed, tx.now)
    };
    end(tx, application, closed).await
}

/// Closes an application: who was asked to speak for it is asked no more.
async fn end(tx: &mut Tx, was: Model, closed: Happening) -> Result<Model> {
    let application = write(tx, was, closed, "closed").await?;
    subject::application_ended(tx, &application).await?;
    Ok(application)
}

pub(super) async fn delete(who: Caller, target: Target<ApplicationId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditApplication).await?;
    taken::may_go(&tx, was.id).await?;
    let application = tx.delete::<Entity>(was).await?;
    tx.record("deleted", &application, json!({}))?;
    subject::application_ended(&mut tx, &application).await?;
    tx.done(&application).await
}

pub(super) async fn reopen(who: Caller, target: Target<ApplicationId>, why: ApplicationReopening) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditApplication).await?;
    can_go_on(was.outcome)?;
    taken::may_go_on(&tx, was.id).await?;
    taken::may_undo(&tx, was.id, was.outcome).await?;
    // It goes on where it stood, wherever that is corrected to be.
    let reopened = Happening {
        reason: Some(why.reason),
        ..Happening::of(ApplicationEventKind::Reopened, when(&tx, why.occurred_at)?)
    };
    let application = write(&mut tx, was, reopened, "reopened").await?;
    tx.done(&application).await
}

/// Whether an application is open.
///
/// # Errors
/// `APPLICATION_CLOSED {outcome}`.
pub(in crate::domain) fn is_open(application: &Model) -> Result<()> {
    let Some(outcome) = application.outcome else { return Ok(()) };
    let error = Error::new(Code::ApplicationClosed, "Only open applications move: this one has an outcome.");
    Err(error.with(json!({ "outcome": outcome })))
}

/// What others said or did not say can change, and so can what somebody answered to an offer; what was given up is corrected,
/// or applied for again.
fn can_go_on(outcome: Option<ApplicationOutcome>) -> Result<()> {
    use ApplicationOutcome::{NoResponse, OfferAccepted, OfferDeclined, Rejected};
    if matches!(outcome, Some(NoResponse | Rejected | OfferAccepted | OfferDeclined)) {
        return Ok(());
    }
    let is = outcome.map_or("open".to_owned(), |outcome| outcome.to_string());
    let error = Error::new(Code::InvalidTransition, format!("reopen does not fit an application that is {is}."));
    let allowed: &[&str] = if outcome.is_none() { &["move", "close"] } else { &[] };
    Err(error.with(json!({ "from": outcome, "command": "reopen", "allowed": allowed })))
}

/// When something happened: not in the future. Whether the application had begun, its history knows.
pub(super) fn when(tx: &Tx, at: Option<DateTime<Utc>>) -> Result<DateTime<Utc>> {
    at.map_or(Ok(tx.now), |at| clock::past(tx.now, at, "/occurredAt"))
}

async fn write(tx: &mut Tx, was: Model, what: Happening, name: &str) -> Result<Model> {
    let history = history::of(tx, &was).await?;
    let (event, application) = history::write(tx, was, history, what).await?;
    tell(tx, &application, &event, name)?;
    Ok(application)
}

/// Tells the feed what happened to an application, with the event of its history that says it.
pub(in crate::domain::jobs) fn tell(
    tx: &mut Tx,
    application: &Model,
    event: &application_event::Model,
    what: &str,
) -> Result<()> {
    let mut data = said(application);
    data["eventId"] = json!(event.id);
    data["fromStageId"] = json!(event.from_stage_id);
    data["occurredAt"] = json!(clock::rfc3339(event.occurred_at));
    tx.record(what, application, data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::Vocabulary as _;

    #[test]
    fn what_was_said_can_change() {
        let goes_on: Vec<_> =
            ApplicationOutcome::ALL.iter().filter(|outcome| can_go_on(Some(**outcome)).is_ok()).collect();
        let given_up = [ApplicationOutcome::Withdrawn, ApplicationOutcome::PositionClosed];
        assert!(ApplicationOutcome::ALL.iter().all(|one| goes_on.contains(&one) != given_up.contains(one)));
        assert_eq!(can_go_on(None).unwrap_err().code(), Code::InvalidTransition);
    }
}

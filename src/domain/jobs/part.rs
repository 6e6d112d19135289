//! What belongs to an application: offers, interviews, referrals, feedback. Each is found through it, and none moves it.

use chrono::{DateTime, Utc};
use entity::{
    community::contact,
    id::{ApplicationId, ContactId, UserId},
    jobs::{
        application,
        stage::{self, StageKind},
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use crate::domain::{
    clock,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
};

/// Which applications may be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opening {
    /// One that goes on.
    Open,
    /// Any, be it closed.
    Any,
}

/// The application that something is added to, or belongs to, held until that is written.
///
/// # Errors
/// `REFERENCE_UNKNOWN` naming the member; `FORBIDDEN`; `APPLICATION_CLOSED`.
pub(super) async fn application(tx: &Tx, id: ApplicationId, which: Opening) -> Result<application::Model> {
    let found = tx.refer_to::<application::Entity>(id, Action::EditApplication, "/applicationId").await?;
    match found.outcome {
        Some(outcome) if which == Opening::Open => {
            let error = Error::field(Code::ApplicationClosed, "/applicationId", "The application is closed.");
            Err(error.with(json!({ "outcome": outcome })))
        }
        _ => Ok(found),
    }
}

/// Those of the people whom a list of an input names who are contacts are the owner's.
///
/// # Errors
/// `REFERENCE_UNKNOWN` naming the member of the first who is not; `INSUFFICIENT_SCOPE` when one is named.
pub(super) async fn contacts(
    tx: &Tx,
    named: impl Iterator<Item = Option<ContactId>>,
    owner: UserId,
    list: &str,
) -> Result<()> {
    let named: Vec<(usize, ContactId)> = named.enumerate().filter_map(|(place, id)| Some((place, id?))).collect();
    if named.is_empty() {
        return Ok(());
    }
    let found = tx.find_each::<contact::Entity>(named.iter().map(|(_, id)| *id), Action::ViewContact).await?;
    for (place, id) in named {
        let pointer = format!("{list}/{place}/contactId");
        if found.refer(id, &pointer)?.owner_id != owner {
            return Err(Error::field(Code::ReferenceUnknown, &pointer, "There is no such contact."));
        }
    }
    Ok(())
}

/// A moment that has yet to come.
///
/// # Errors
/// `EXPIRY_PAST` naming the member.
pub(super) fn upcoming(now: DateTime<Utc>, at: DateTime<Utc>, pointer: &str) -> Result<DateTime<Utc>> {
    if at <= now {
        return Err(Error::field(Code::ExpiryPast, pointer, "It lies in the future."));
    }
    Ok(clock::whole(at))
}

/// Suggests to move an application on to the first stage of a kind, when it stands before that. It is never moved silently.
pub(super) async fn suggest_move(tx: &mut Tx, application: &application::Model, to: StageKind) -> Result<()> {
    let stages = stage::Entity::find()
        .filter(stage::Column::OrganizationId.eq(tx.who.organization))
        .filter(stage::Column::JobSearchId.eq(application.job_search_id))
        .filter(stage::Column::DeletedAt.is_null())
        .order_by_asc(stage::Column::Position)
        .order_by_asc(stage::Column::Id)
        .all(&tx.db)
        .await?;
    let Some(now) = stages.iter().find(|stage| stage.id == application.stage_id) else { return Ok(()) };
    if !is_before(now.kind, to) {
        return Ok(());
    }
    let first = stages.iter().find(|stage| stage.kind == to);
    let details = json!({
        "command": "moveApplication",
        "input": { "id": application.id, "fromStageId": now.id, "toStageId": first.map(|stage| stage.id) },
    });
    tx.warn_with("MOVE_SUGGESTED", format!("The application still stands in {}: move it on.", now.name), details);
    Ok(())
}

/// Whether a kind of stage comes before another: the vocabulary is in the order of the steps.
pub(super) fn is_before(one: StageKind, other: StageKind) -> bool {
    one < other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_come_in_the_order_of_the_steps() {
        use StageKind::{Applied, Interviewing, Offer, Outreach, Research, Screening};
        let order = [Research, Outreach, Applied, Screening, Interviewing, Offer];
        for (place, one) in order.iter().enumerate() {
            for (at, other) in order.iter().enumerate() {
                assert_eq!(is_before(*one, *other), place < at, "{one} {other}");
            }
        }
    }

    #[test]
    fn what_is_to_come_has_not_come() {
        let now: DateTime<Utc> = "2026-03-10T12:00:00Z".parse().unwrap();
        for (seconds, fine) in [(1, true), (0, false), (-1, false)] {
            let at = now + chrono::TimeDelta::seconds(seconds);
            let told = upcoming(now, at, "/respondBy").map_err(|error| error.field_errors()[0].pointer.clone());
            assert_eq!(told, if fine { Ok(at) } else { Err("/respondBy".to_owned()) }, "{seconds}");
        }
    }
}

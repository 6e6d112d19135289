//! The history of an application: what happened, in the order in which it was written down (§21).

use chrono::{DateTime, Utc};
use entity::{
    id::StageId,
    jobs::{
        application::{ApplicationOutcome, Model},
        application_event::{self, ApplicationEventKind},
        stage::StageKind,
    },
};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};

use crate::domain::{clock, error::Result, tx::Tx};

/// A stage, with what it is.
pub(super) type Place = (StageId, StageKind);

/// Something that happened.
#[derive(Clone, Debug)]
pub(super) struct Happening {
    pub kind: ApplicationEventKind,
    pub from: Option<Place>,
    pub to: Option<Place>,
    pub outcome: Option<ApplicationOutcome>,
    pub at: DateTime<Utc>,
    pub source: Option<String>,
    pub reason: Option<String>,
}

impl Happening {
    /// Of a kind, at a moment, and no more.
    pub(super) const fn of(kind: ApplicationEventKind, at: DateTime<Utc>) -> Self {
        Self { kind, from: None, to: None, outcome: None, at, source: None, reason: None }
    }
}

/// Writes the next event of an application's history, which whoever changes the application holds.
pub(super) async fn append(
    tx: &Tx,
    application: &Model,
    what: Happening,
    number: i64,
) -> Result<application_event::Model> {
    let (actor_kind, actor_id) = tx.who.actor();
    let event = application_event::Model {
        id: clock::new_id(),
        organization_id: application.organization_id,
        owner_id: application.owner_id,
        application_id: application.id,
        number,
        kind: what.kind,
        from_stage_id: what.from.map(|(id, _)| id),
        from_kind: what.from.map(|(_, kind)| kind),
        to_stage_id: what.to.map(|(id, _)| id),
        to_kind: what.to.map(|(_, kind)| kind),
        outcome: what.outcome,
        occurred_at: what.at,
        recorded_at: tx.now,
        actor_kind,
        actor_id,
        source: what.source,
        reason: what.reason,
        corrects_id: None,
        place: number,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    tx.insert::<application_event::Entity>(event.into_active_model().reset_all()).await
}

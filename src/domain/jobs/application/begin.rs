//! How an application begins: in a stage of its search, for an opening of the same person, with the first event of its history.

use chrono::{DateTime, Utc};
use entity::{
    id::{JobSearchId, StageId},
    jobs::{
        application::{ApplicationChannel, Entity, Model},
        application_event::{self, ApplicationEventKind},
        job_search,
        stage::{self, StageKind},
    },
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};

use super::{
    NewApplication,
    history::{self, Happening},
    record,
};
use crate::domain::{
    clock,
    error::{Code, Error, Result},
    jobs::{job_posting, job_search::going_on, referral::subject, stage as stages},
    policy::Action,
    tx::Tx,
};

/// Notes an application.
pub(in crate::domain::jobs) async fn add(tx: &mut Tx, new: NewApplication) -> Result<Model> {
    // The opening first, as whoever deletes it: it is there until it is applied for.
    let action = Action::EditJobPosting;
    let posting = tx.refer_to::<entity::jobs::job_posting::Entity>(new.posting_id, action, "/postingId").await;
    let search = going_on(tx, new.job_search_id).await?;
    let posting = job_posting::of(posting?, search.owner_id, "/postingId")?;
    let applied = new.applied_at.map(|at| clock::past(tx.now, at, "/appliedAt")).transpose()?;
    let began = new.occurred_at.map(|at| clock::past(tx.now, at, "/occurredAt")).transpose()?;
    let at = began.or(applied).unwrap_or(tx.now).min(tx.now);
    let stage = begins_in(tx, &search, new.stage_id, applied).await?;
    // Who was spoken for before they applied, comes by that.
    let spoken = match new.channel {
        None => subject::spoken_for(tx, search.owner_id, vec![posting.id]).await?.into_iter().next(),
        Some(_) => None,
    };
    let usual = if spoken.is_some() { ApplicationChannel::Referral } else { ApplicationChannel::Direct };
    let channel = new.channel.unwrap_or(usual);
    let (source, refs) = (new.source.clone(), new.external_refs.clone());
    let application = row(tx, (&search, &stage, channel), (at, applied), new);
    let application = tx.insert::<Entity>(application.into_active_model().reset_all()).await?;
    let began =
        Happening { to: Some((stage.id, stage.kind)), source, ..Happening::of(ApplicationEventKind::Created, at) };
    tx.add_all::<application_event::Entity>(vec![history::event(tx, &application, 1, began)]).await?;
    tx.refs(&application, refs.as_deref()).await?;
    record(tx, "created", &application)?;
    if let Some(referral) = spoken {
        subject::brings(tx, referral, application.id).await?;
    }
    Ok(application)
}

/// An application that begins in a stage at a moment.
fn row(
    tx: &Tx,
    (search, stage, channel): (&job_search::Model, &stage::Model, ApplicationChannel),
    (at, applied): (DateTime<Utc>, Option<DateTime<Utc>>),
    new: NewApplication,
) -> Model {
    Model {
        id: clock::new_id(),
        organization_id: search.organization_id,
        owner_id: search.owner_id,
        job_search_id: search.id,
        posting_id: new.posting_id,
        channel,
        stage_id: stage.id,
        stage_kind: stage.kind,
        stage_since: at,
        began_at: at,
        outcome: None,
        outcome_stage_id: None,
        outcome_reason: None,
        closed_at: None,
        resume_version: new.resume_version,
        documents: Json(new.documents.unwrap_or_default()),
        applied_at: applied.or((stage.kind >= StageKind::Applied).then_some(at)),
        next_action: new.next_action,
        next_action_at: new.next_action_at,
        last_activity_at: at,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    }
}

/// The stage in which an application begins: the one that is named, or the first; of what says when one applied, the first
/// of those in which one has.
async fn begins_in(
    tx: &Tx,
    search: &job_search::Model,
    named: Option<StageId>,
    applied: Option<DateTime<Utc>>,
) -> Result<stage::Model> {
    if let Some(id) = named {
        return in_search(tx, id, search.id, "/stageId").await;
    }
    let all = stages::of_search(tx, search.id).await?;
    let first = all.iter().find(|one| applied.is_none() || one.kind >= StageKind::Applied).or(all.last());
    let first = first.ok_or_else(|| Error::field(Code::ReferenceUnknown, "/stageId", "The search has no stage."))?;
    in_search(tx, first.id, search.id, "/stageId").await
}

/// A stage of the search, which stays there until what is done is done.
///
/// # Errors
/// `REFERENCE_UNKNOWN`.
pub(super) async fn in_search(tx: &Tx, id: StageId, search: JobSearchId, pointer: &str) -> Result<stage::Model> {
    let stage = tx.refer_to::<stage::Entity>(id, Action::EditStage, pointer).await?;
    if stage.job_search_id != search {
        return Err(Error::field(Code::ReferenceUnknown, pointer, "There is no such stage in this search."));
    }
    Ok(stage)
}

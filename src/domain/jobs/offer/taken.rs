//! Which offer of a job search is taken, and what applications may come to beside that (§24).
//!
//! At most one of a search is accepted: an offer, or an application that came to that without one being noted. When an offer
//! that was accepted is taken back, its application says no more that one is.

use entity::{
    id::{ApplicationId, JobSearchId, OfferId},
    jobs::{
        application::{self, ApplicationOutcome},
        job_search,
        offer::{Column, Entity, Model, OfferState},
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use super::{
    state::{is_open, standing},
    terms::open_of,
};
use crate::{
    domain::{
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
    },
    read::sql::Arg,
};

/// What is taken in a job search.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::jobs) struct Taken {
    /// The application that came to it.
    pub application_id: ApplicationId,
    /// The offer that was accepted, when one was noted.
    pub offer_id: Option<OfferId>,
}

impl Taken {
    /// That nothing else is.
    pub(super) fn refusal(&self) -> Error {
        let error = Error::new(Code::OfferAlreadyAccepted, "An offer of this job search was accepted already.");
        error.with(json!({ "offerId": self.offer_id, "applicationId": self.application_id }))
    }
}

/// What is taken in one.
const TAKEN: &str = "SELECT a.id AS application_id, o.id AS offer_id FROM \"application\" a \
    LEFT JOIN \"offer\" o ON o.application_id = a.id AND o.state = 'ACCEPTED' AND o.deleted_at IS NULL \
    WHERE a.deleted_at IS NULL AND (o.id IS NOT NULL OR a.outcome = 'OFFER_ACCEPTED' \
    AND NOT EXISTS (SELECT 1 FROM \"offer\" r WHERE r.application_id = a.id AND r.deleted_at IS NULL \
    AND r.state = 'RESCINDED' AND r.ended_at >= a.closed_at)) AND a.job_search_id = ";

/// What is taken in a job search, be it beside an application.
pub(in crate::domain::jobs) async fn of(
    tx: &Tx,
    search: JobSearchId,
    beside: Option<ApplicationId>,
) -> Result<Option<Taken>> {
    let mut sql = tx.sql();
    sql.push(TAKEN).bind(Arg::Uuid(search.0)).push(" AND a.organization_id = ");
    sql.bind(Arg::Uuid(tx.who.organization.0));
    if let Some(beside) = beside {
        sql.push(" AND a.id <> ").bind(Arg::Uuid(beside.0));
    }
    sql.push(" ORDER BY o.id IS NULL, a.id LIMIT 1");
    tx.row::<Taken>(&sql).await
}

/// All that is taken in a job search, as long as somebody who writes much at once has not seen to it that it is one.
pub(in crate::domain::jobs) async fn every(tx: &Tx, search: JobSearchId) -> Result<Vec<Taken>> {
    let mut sql = tx.sql();
    sql.push(TAKEN).bind(Arg::Uuid(search.0)).push(" AND a.organization_id = ");
    sql.bind(Arg::Uuid(tx.who.organization.0)).push(" ORDER BY a.id");
    tx.rows::<Taken>(&sql).await
}

/// The offer of an application that was accepted.
async fn accepted_of(tx: &Tx, application: ApplicationId) -> Result<Option<Model>> {
    let accepted = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::State.eq(OfferState::Accepted))
        .filter(Column::DeletedAt.is_null());
    Ok(accepted.one(&tx.db).await?)
}

/// An offer that was accepted is not deleted.
///
/// # Errors
/// `OFFER_CLOSED`.
pub(super) fn stays(offer: &Model) -> Result<()> {
    if offer.state != OfferState::Accepted {
        return Ok(());
    }
    let error = Error::new(Code::OfferClosed, "An offer that was accepted stays.");
    Err(error.with(json!({ "state": offer.state, "offerId": offer.id })))
}

/// Nor is its application, with it.
///
/// # Errors
/// `OFFER_CLOSED`.
pub(in crate::domain::jobs) async fn may_go(tx: &Tx, application: ApplicationId) -> Result<()> {
    accepted_of(tx, application).await?.map_or(Ok(()), |offer| stays(&offer))
}

/// Whether an application may go on, or come to something else: not while its offer stands accepted.
///
/// # Errors
/// `USE_STATE_COMMAND`.
pub(in crate::domain::jobs) async fn may_go_on(tx: &Tx, application: ApplicationId) -> Result<()> {
    let Some(offer) = accepted_of(tx, application).await? else { return Ok(()) };
    let why = "Its offer is accepted: when that came undone, note first that the offer was taken back.";
    let error = Error::new(Code::UseStateCommand, why);
    Err(error.with(json!({ "offerId": offer.id, "command": "rescindOffer" })))
}

/// Whether something that came of an application is somebody's own answer to an offer.
const fn is_answer(outcome: ApplicationOutcome) -> bool {
    matches!(outcome, ApplicationOutcome::OfferAccepted | ApplicationOutcome::OfferDeclined)
}

/// Whether the caller may say that an application is not what it came to: what somebody answered to an offer, they take back themself.
///
/// # Errors
/// `FORBIDDEN`.
pub(in crate::domain::jobs) async fn may_undo(
    tx: &Tx,
    id: ApplicationId,
    was: Option<ApplicationOutcome>,
) -> Result<()> {
    if was.is_some_and(is_answer) {
        tx.find::<application::Entity>(id, Action::TakeJob).await?;
    }
    Ok(())
}

/// Finds an application that comes to something. What somebody answered to an offer, they say themself, and one after the other in
/// a job search: that is held first.
pub(in crate::domain::jobs) async fn ending(
    tx: &Tx,
    id: ApplicationId,
    outcome: ApplicationOutcome,
) -> Result<application::Model> {
    if !is_answer(outcome) {
        return tx.find::<application::Entity>(id, Action::EditApplication).await;
    }
    let seen = application::Entity::find_by_id(id)
        .filter(application::Column::OrganizationId.eq(tx.who.organization))
        .filter(application::Column::DeletedAt.is_null());
    let search = seen.one(&tx.db).await?.map(|seen| seen.job_search_id);
    tx.find_each::<job_search::Entity>(search, Action::EditJobSearch).await?;
    tx.find::<application::Entity>(id, Action::TakeJob).await
}

/// Whether an application may come to something: what becomes of an open offer is said of the offer, and one of a job search
/// is accepted.
///
/// # Errors
/// `USE_STATE_COMMAND`, `OFFER_ALREADY_ACCEPTED`.
pub(in crate::domain::jobs) async fn may_end(
    tx: &Tx,
    application: &application::Model,
    outcome: ApplicationOutcome,
) -> Result<()> {
    let command = match outcome {
        ApplicationOutcome::OfferAccepted => "acceptOffer",
        ApplicationOutcome::OfferDeclined => "declineOffer",
        _ => return Ok(()),
    };
    if let Some(offer) = waiting(tx, application.id).await? {
        let why = "The application has an open offer: accept or decline that, and the application closes with it.";
        let error = Error::field(Code::UseStateCommand, "/outcome", why);
        return Err(error.with(json!({ "offerId": offer.id, "command": command })));
    }
    if outcome == ApplicationOutcome::OfferAccepted {
        declined_none(tx, application.id).await?;
        alone(tx, application).await?;
    }
    Ok(())
}

/// An application whose last offer was declined comes to another by noting that.
///
/// # Errors
/// `USE_STATE_COMMAND`.
async fn declined_none(tx: &Tx, application: ApplicationId) -> Result<()> {
    let last = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::DeletedAt.is_null())
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id);
    let declined = last.one(&tx.db).await?.filter(|offer| offer.state == OfferState::Declined);
    let Some(offer) = declined else { return Ok(()) };
    let why = "Its offer was declined: note the one that came instead, and accept that.";
    let error = Error::field(Code::UseStateCommand, "/outcome", why);
    Err(error.with(json!({ "offerId": offer.id, "command": "createOffer" })))
}

/// No other application of a job search came to an offer that was accepted.
///
/// # Errors
/// `OFFER_ALREADY_ACCEPTED`.
async fn alone(tx: &Tx, application: &application::Model) -> Result<()> {
    let other = of(tx, application.job_search_id, Some(application.id)).await?;
    other.map_or(Ok(()), |taken| Err(taken.refusal()))
}

/// Whether what came of an application may be corrected to what it is now.
///
/// # Errors
/// `FORBIDDEN`, `USE_STATE_COMMAND`, `OFFER_ALREADY_ACCEPTED`.
pub(in crate::domain::jobs) async fn may_have_ended(
    tx: &Tx,
    was: Option<ApplicationOutcome>,
    application: &application::Model,
) -> Result<()> {
    if was == application.outcome {
        return Ok(());
    }
    may_go_on(tx, application.id).await?;
    may_undo(tx, application.id, was).await?;
    let Some(outcome) = application.outcome else { return Ok(()) };
    ending(tx, application.id, outcome).await?;
    may_end(tx, application, outcome).await
}

/// Whether a deleted application may come back.
///
/// # Errors
/// `OFFER_ALREADY_ACCEPTED`.
pub(in crate::domain::jobs) async fn may_come_back(tx: &Tx, application: &application::Model) -> Result<()> {
    if application.outcome != Some(ApplicationOutcome::OfferAccepted) {
        return Ok(());
    }
    tx.find_each::<job_search::Entity>([application.job_search_id], Action::EditJobSearch).await?;
    alone(tx, application).await
}

/// The offer of an application that waits for an answer.
async fn waiting(tx: &Tx, application: ApplicationId) -> Result<Option<Model>> {
    let open = open_of(tx, application).await?;
    Ok(open.filter(|offer| is_open(standing(offer.state, offer.respond_by, tx.now))))
}

/// Reminds whoever closed an application of the offer that still waits for an answer.
pub(in crate::domain::jobs) async fn remind(tx: &mut Tx, application: &application::Model) -> Result<()> {
    let Some(offer) = waiting(tx, application.id).await? else { return Ok(()) };
    let command = match application.outcome {
        Some(ApplicationOutcome::Withdrawn | ApplicationOutcome::NoResponse) => "declineOffer",
        _ => "rescindOffer",
    };
    let message = "The offer of this application still waits for an answer: say what becomes of it.";
    tx.warn_with("OFFER_STILL_OPEN", message, json!({ "offerId": offer.id, "command": command }));
    Ok(())
}

//! Answering offers. Accepting one closes its application and its job search, and may decline the others: all of it, or nothing.

use entity::{
    id::{JobSearchId, OfferId},
    jobs::{
        application::ApplicationOutcome,
        job_search::{self, JobSearchState},
        offer::{Column, Entity, Model, OfferState},
    },
    kind::{Kind, int},
    object,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    super::{
        application::close,
        job_search as search,
        part::{self, Opening},
    },
    end,
    state::{self, Command, is_open, standing},
};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    find::same_version,
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

object! {
    /// What is accepted, and what becomes of the other offers.
    AcceptedOffer {
        /// The version of the offer that you know: of another one, you would accept what you have not read.
        required version: i64 = int(1, i64::MAX),
        /// Whether the other open offers of the job search are declined; otherwise they stay, and you are reminded of them.
        required decline_others: bool = Kind::Bool,
    }
}

pub(super) async fn accept(who: Caller, target: Target<OfferId>, asked: AcceptedOffer) -> Result<Done> {
    let mut tx = who.begin().await?;
    // Whoever accepts in the same job search comes one after the other: that is held first, whatever is accepted.
    let seen = tx.find::<Entity>(target.id, Action::ViewOffer).await?;
    let search = tx.find::<job_search::Entity>(seen.job_search_id, Action::EditJobSearch).await?;
    let offer = tx.find::<Entity>(target.id, Action::AnswerOffer).await?;
    if let Some(other) = accepted_of(&tx, search.id).await? {
        let error = Error::new(Code::OfferAlreadyAccepted, "An offer of this job search was accepted already.");
        return Err(error.with(json!({ "offerId": other.id })));
    }
    for known in [Some(asked.version), target.version] {
        same_version::<Entity>(&offer, known)?;
    }
    let to = state::after(standing(offer.state, offer.respond_by, tx.now), Command::Accept)?;
    let others = open_beside(&tx, &offer).await?;
    let offer = end(&mut tx, offer, to, Command::Accept).await?;
    leave(&mut tx, &offer, ApplicationOutcome::OfferAccepted).await?;
    if asked.decline_others {
        for other in others {
            let other = end(&mut tx, other, OfferState::Declined, Command::Decline).await?;
            leave(&mut tx, &other, ApplicationOutcome::OfferDeclined).await?;
        }
    } else if !others.is_empty() {
        let ids: Vec<OfferId> = others.iter().map(|other| other.id).collect();
        tx.warn_with("OFFERS_STILL_OPEN", "Other offers wait for an answer.", json!({ "offerIds": ids }));
    }
    if search.state != JobSearchState::Closed {
        search::close(&mut tx, search).await?;
    }
    tx.done(&offer).await
}

pub(super) async fn decline(who: Caller, target: Target<OfferId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = tx.find_at::<Entity>(&target, Action::AnswerOffer).await?;
    let to = state::after(standing(offer.state, offer.respond_by, tx.now), Command::Decline)?;
    let offer = end(&mut tx, offer, to, Command::Decline).await?;
    leave(&mut tx, &offer, ApplicationOutcome::OfferDeclined).await?;
    tx.done(&offer).await
}

/// The offer of a job search that was accepted.
pub(in crate::domain::jobs) async fn accepted_of(tx: &Tx, search: JobSearchId) -> Result<Option<Model>> {
    let accepted = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::JobSearchId.eq(search))
        .filter(Column::State.eq(OfferState::Accepted))
        .filter(Column::DeletedAt.is_null());
    Ok(accepted.one(&tx.db).await?)
}

/// The other offers of the job search that wait for an answer; what has expired, does not.
async fn open_beside(tx: &Tx, offer: &Model) -> Result<Vec<Model>> {
    let beside = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::JobSearchId.eq(offer.job_search_id))
        .filter(Column::State.is_in([OfferState::Received, OfferState::Negotiating]))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Id.ne(offer.id));
    let ids: Vec<OfferId> = beside.all(&tx.db).await?.into_iter().map(|row| row.id).collect();
    let found = tx.find_each::<Entity>(ids.iter().copied(), Action::AnswerOffer).await?;
    let others: Vec<Model> = ids.into_iter().map(|id| found.get(id).cloned()).collect::<Result<_>>()?;
    Ok(others.into_iter().filter(|other| is_open(standing(other.state, other.respond_by, tx.now))).collect())
}

/// Closes the application of an offer that was answered, unless it is closed.
async fn leave(tx: &mut Tx, offer: &Model, outcome: ApplicationOutcome) -> Result<()> {
    let application = part::application(tx, offer.application_id, Opening::Any).await?;
    if application.outcome.is_none() {
        close(tx, application, outcome, None).await?;
    }
    Ok(())
}

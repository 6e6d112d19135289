//! Answering offers. Accepting one closes its application and its job search, and may decline the others: all of it, or nothing.

use entity::{
    id::OfferId,
    jobs::{
        application::{self, ApplicationOutcome},
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
        application::{close, is_open as goes_on},
        job_search as search,
        part::{self, Opening},
    },
    end, held, hold,
    state::{self, Command, is_open, standing},
    taken,
};
use crate::domain::{
    caller::Caller,
    error::Result,
    find::same_version,
    many::Found,
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
    // Whoever accepts in the same job search comes one after the other: that is held first, then the applications, then the
    // offers.
    let seen = tx.find::<Entity>(target.id, Action::ViewOffer).await?;
    let search = tx.find::<job_search::Entity>(seen.job_search_id, Action::EditJobSearch).await?;
    let beside = open_beside(&tx, &seen).await?;
    let applications = hold(&tx, beside.iter().chain([&seen]).map(|offer| offer.application_id)).await?;
    let offer = tx.find::<Entity>(target.id, Action::AnswerOffer).await?;
    if let Some(taken) = taken::of(&tx, search.id, None).await? {
        return Err(taken.refusal());
    }
    for known in [Some(asked.version), target.version] {
        same_version::<Entity>(&offer, known)?;
    }
    let to = state::after(standing(offer.state, offer.respond_by, tx.now), Command::Accept)?;
    goes_on(applications.get(offer.application_id)?)?;
    let others = open_of(&tx, &beside).await?;
    let offer = end(&mut tx, offer, to, Command::Accept).await?;
    leave(&mut tx, &offer, ApplicationOutcome::OfferAccepted).await?;
    if asked.decline_others {
        for other in others {
            let other = end(&mut tx, other, OfferState::Declined, Command::Decline).await?;
            leave(&mut tx, &other, ApplicationOutcome::OfferDeclined).await?;
        }
    } else {
        remind(&mut tx, &others, &applications);
    }
    if search.state != JobSearchState::Closed {
        search::close(&mut tx, search).await?;
    }
    tx.done(&offer).await
}

pub(super) async fn decline(who: Caller, target: Target<OfferId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = held(&tx, &target, Action::AnswerOffer).await?;
    let to = state::after(standing(offer.state, offer.respond_by, tx.now), Command::Decline)?;
    let offer = end(&mut tx, offer, to, Command::Decline).await?;
    leave(&mut tx, &offer, ApplicationOutcome::OfferDeclined).await?;
    tx.done(&offer).await
}

/// The other offers of the job search that nobody answered, as they are seen before they are held.
async fn open_beside(tx: &Tx, offer: &Model) -> Result<Vec<Model>> {
    let beside = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::JobSearchId.eq(offer.job_search_id))
        .filter(Column::State.is_in([OfferState::Received, OfferState::Negotiating]))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Id.ne(offer.id));
    Ok(beside.all(&tx.db).await?)
}

/// Those of them that wait for an answer, held. What has expired does not, nor what is gone with its application: that is not
/// found.
async fn open_of(tx: &Tx, beside: &[Model]) -> Result<Vec<Model>> {
    let found = tx.find_each::<Entity>(beside.iter().map(|other| other.id), Action::AnswerOffer).await?;
    let others = beside.iter().filter_map(|other| found.get(other.id).ok()).cloned();
    Ok(others.filter(|other| is_open(standing(other.state, other.respond_by, tx.now))).collect())
}

/// Reminds of the offers that wait for an answer, of applications that go on.
fn remind(tx: &mut Tx, others: &[Model], applications: &Found<application::Entity>) {
    let goes_on = |other: &&Model| applications.get(other.application_id).is_ok_and(|one| one.outcome.is_none());
    let ids: Vec<OfferId> = others.iter().filter(goes_on).map(|other| other.id).collect();
    if !ids.is_empty() {
        tx.warn_with("OFFERS_STILL_OPEN", "Other offers wait for an answer.", json!({ "offerIds": ids }));
    }
}

/// Closes the application of an offer that was answered, unless it is closed.
async fn leave(tx: &mut Tx, offer: &Model, outcome: ApplicationOutcome) -> Result<()> {
    let application = part::application(tx, offer.application_id, Opening::Any).await?;
    if application.outcome.is_none() {
        close(tx, application, outcome, None).await?;
    }
    Ok(())
}

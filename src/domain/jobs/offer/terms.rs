//! What an offer holds: what is known of it when it comes (§24).

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    id::{ApplicationId, ContactId, OfferId, UserId},
    jobs::{
        application,
        offer::{Column, Entity, Model, OfferState, PeopleAssessment, TeamDisclosure, Teammate},
        stage::StageKind,
    },
    kind::{Kind, Patch, id, word},
    money::Money,
    object,
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};
use serde_json::json;

use super::{
    ASSESSMENT, BENEFITS, LOCATION, MONEY, NOTE, TEAMMATES, bring_back,
    change::{OfferPatch, revised},
    held, lapse,
    pay::{Pay, Said},
    record,
    state::standing,
};
use crate::domain::{
    caller::Caller,
    clock,
    community::contact::named,
    error::{Code, Error, Result},
    external::{self, ExternalRef},
    jobs::{
        application::touch,
        part::{self, Opening},
    },
    policy::Action,
    tx::Tx,
    verb::{Done, External, Target},
};

object! {
    /// An offer that came.
    NewOffer {
        /// The application that it answers: one that is open, and has no other open offer.
        required application_id: ApplicationId = id::<ApplicationId>(),
        /// What it pays in a year. All amounts are of one currency.
        optional base: Money = MONEY,
        /// What it may pay besides in a year.
        optional bonus: Money = MONEY,
        /// What its shares are worth in a year, as you see it.
        optional equity: Money = MONEY,
        /// What else it holds.
        optional benefits: String = BENEFITS,
        /// Where you would work.
        optional location: String = LOCATION,
        /// When you would begin.
        optional start_date: NaiveDate = Kind::Date,
        /// Until when it is to be answered: in the future. Then it expires.
        optional respond_by: DateTime<Utc> = Kind::Time,
        /// Who would lead: one of your contacts.
        optional manager_contact_id: ContactId = id::<ContactId>(),
        /// Whom you met of the people you would work with.
        optional teammates_met: Vec<Teammate> = TEAMMATES,
        /// How much is known of these; `MET` when somebody was, else `UNKNOWN`, unless it is said.
        optional team_disclosure: TeamDisclosure = word::<TeamDisclosure>(),
        /// What these people are like.
        optional people_assessment: PeopleAssessment = ASSESSMENT,
        /// What you think of it.
        optional note: String = NOTE,
        /// When it came; now, unless it is said.
        optional received_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

pub(super) async fn create(who: Caller, new: NewOffer) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = add(&mut tx, new).await?;
    tx.made(&offer).await
}

pub(super) async fn upsert(who: Caller, external: External, mut new: NewOffer) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let target = Target { id: OfferId(id), version: external.version };
        let was = match held(&tx, &target, Action::EditOffer).await {
            Err(error) if error.code() == Code::NotFound => bring_back(&mut tx, &target).await?,
            other => other?,
        };
        if was.application_id != new.application_id {
            let why = "An offer never moves to another application.";
            return Err(Error::field(Code::ApplicationImmutable, "/applicationId", why));
        }
        let offer = revised(&mut tx, was, changes(new)).await?;
        return tx.done(&offer).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let offer = add(&mut tx, new).await?;
    tx.made(&offer).await
}

/// What an offer that is told once more changes: what is left out stays.
fn changes(told: NewOffer) -> OfferPatch {
    OfferPatch {
        base: set(told.base),
        bonus: set(told.bonus),
        equity: set(told.equity),
        benefits: set(told.benefits),
        location: set(told.location),
        start_date: set(told.start_date),
        respond_by: set(told.respond_by),
        manager_contact_id: set(told.manager_contact_id),
        teammates_met: told.teammates_met,
        team_disclosure: told.team_disclosure,
        people_assessment: told.people_assessment,
        note: set(told.note),
        received_at: told.received_at,
        external_refs: told.external_refs,
    }
}

/// Notes an offer.
async fn add(tx: &mut Tx, mut new: NewOffer) -> Result<Model> {
    let application = part::application(tx, new.application_id, Opening::Open).await?;
    lapse_of(tx, application.id).await?;
    if let Some(other) = open_of(tx, application.id).await? {
        return Err(exists(other.id));
    }
    let refs = new.external_refs.take();
    let row = row(tx, &application, new).await?;
    let offer = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&offer, refs.as_deref()).await?;
    record(tx, "created", &offer).await?;
    part::suggest_move(tx, &application, StageKind::Offer).await?;
    touch(tx, &application, offer.received_at).await?;
    Ok(offer)
}

/// The row of an offer, when nothing refuses what it holds.
async fn row(tx: &Tx, application: &application::Model, new: NewOffer) -> Result<Model> {
    let said = Said { base: set(new.base), bonus: set(new.bonus), equity: set(new.equity) };
    let pay = Pay::default().after(said)?;
    let respond_by = new.respond_by.map(|at| upcoming(tx, at)).transpose()?;
    let received = new.received_at.map_or(Ok(tx.now), |at| clock::past(tx.now, at, "/receivedAt"))?;
    let met = new.teammates_met.unwrap_or_default();
    people(tx, application.owner_id, new.manager_contact_id, &met).await?;
    Ok(Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: application.owner_id,
        job_search_id: application.job_search_id,
        application_id: application.id,
        state: OfferState::Received,
        currency: pay.currency,
        base: pay.base,
        bonus: pay.bonus,
        equity: pay.equity,
        benefits: new.benefits,
        location: new.location,
        start_date: new.start_date,
        respond_by,
        manager_contact_id: new.manager_contact_id,
        team_disclosure: disclosed(new.team_disclosure, Some(&met), TeamDisclosure::Unknown),
        teammates_met: Json(met),
        people_assessment: Json(new.people_assessment.unwrap_or(NOTHING_KNOWN)),
        note: new.note,
        conversation_asked_at: None,
        received_at: received,
        ended_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    })
}

/// How much is known of the people one would work with: what is said, or else what follows from whom one met by now.
pub(super) fn disclosed(said: Option<TeamDisclosure>, met: Option<&[Teammate]>, was: TeamDisclosure) -> TeamDisclosure {
    match (said, met) {
        (Some(said), _) => said,
        (None, Some(met)) if !met.is_empty() => TeamDisclosure::Met,
        (None, Some(_)) if was == TeamDisclosure::Met => TeamDisclosure::Unknown,
        (None, _) => was,
    }
}

/// Nothing is known of anybody yet.
pub(in crate::domain::jobs) const NOTHING_KNOWN: PeopleAssessment =
    PeopleAssessment { works_hard: None, keeps_learning: None, builds_for_good: None };

fn set<T>(said: Option<T>) -> Patch<T> {
    said.map_or(Patch::Keep, Patch::Set)
}

/// A day to answer by: in the future, or the offer would have expired before it came.
pub(super) fn upcoming(tx: &Tx, at: DateTime<Utc>) -> Result<DateTime<Utc>> {
    part::upcoming(tx.now, at, "/respondBy")
}

/// The people whom an input names: those who are contacts are the owner's.
pub(super) async fn people(tx: &Tx, owner: UserId, lead: Option<ContactId>, met: &[Teammate]) -> Result<()> {
    if let Some(contact) = lead {
        named(tx, contact, Some(owner), "/managerContactId").await?;
    }
    part::contacts(tx, met.iter().map(|one| one.contact_id), owner, "/teammatesMet").await
}

/// The open offer of an application, when it has one.
pub(super) async fn open_of(tx: &Tx, application: ApplicationId) -> Result<Option<Model>> {
    let open = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::State.is_in([OfferState::Received, OfferState::Negotiating]))
        .filter(Column::DeletedAt.is_null());
    Ok(open.one(&tx.db).await?)
}

/// Lets the open offer of an application expire whose day has passed.
pub(super) async fn lapse_of(tx: &mut Tx, application: ApplicationId) -> Result<()> {
    match open_of(tx, application).await? {
        Some(offer) if standing(offer.state, offer.respond_by, tx.now) == OfferState::Expired => {
            lapse::end(tx, offer).await.map(drop)
        }
        _ => Ok(()),
    }
}

pub(super) fn exists(other: OfferId) -> Error {
    let error = Error::new(Code::OfferExists, "The application has an open offer: what changes is a version of it.");
    error.with(json!({ "offerId": other }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use TeamDisclosure::{Met, Named, Refused, Unknown};

    #[test]
    fn whom_one_met_is_known() {
        let noor = [Teammate { name: "Noor".to_owned(), role: None, contact_id: None, note: None }];
        for (said, met, was, is) in [
            (None, None, Unknown, Unknown),
            (None, None, Met, Met),
            (None, Some(&noor[..]), Unknown, Met),
            (None, Some(&noor[..]), Refused, Met),
            (None, Some(&[][..]), Met, Unknown),
            (None, Some(&[][..]), Named, Named),
            (Some(Refused), Some(&noor[..]), Unknown, Refused),
            (Some(Named), None, Met, Named),
        ] {
            assert_eq!(disclosed(said, met, was), is, "{said:?} {was}");
        }
    }
}

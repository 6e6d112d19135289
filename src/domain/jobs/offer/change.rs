//! What changes of an offer: each change is a version of it (§24).

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    id::{ContactId, OfferId},
    jobs::offer::{ActiveModel, Entity, Model, PeopleAssessment, TeamDisclosure, Teammate},
    kind::{Kind, Patch, id, word},
    money::Money,
    object,
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};
use serde_json::json;

use super::{
    ASSESSMENT, BENEFITS, LOCATION, MONEY, NOTE, TEAMMATES, held,
    pay::{Pay, Said},
    record,
    state::{self, Command, is_open, standing},
    terms::{disclosed, exists, open_of, people, upcoming},
};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    external::{self, ExternalRef},
    jobs::{
        application::touch,
        part::{self, Opening},
    },
    policy::Action,
    tx::Tx,
    verb::{Done, Target},
};

object! {
    /// Changes to an offer.
    OfferPatch {
        /// What it pays in a year. All amounts are of one currency.
        clear base: Money = MONEY,
        /// What it may pay besides in a year.
        clear bonus: Money = MONEY,
        /// What its shares are worth in a year.
        clear equity: Money = MONEY,
        /// What else it holds.
        clear benefits: String = BENEFITS,
        /// Where you would work.
        clear location: String = LOCATION,
        /// When you would begin.
        clear start_date: NaiveDate = Kind::Date,
        /// Until when it is to be answered: in the future.
        clear respond_by: DateTime<Utc> = Kind::Time,
        /// Who would lead: one of your contacts.
        clear manager_contact_id: ContactId = id::<ContactId>(),
        /// Whom you met, in place of those who were named.
        change teammates_met: Vec<Teammate> = TEAMMATES,
        /// How much is known of these.
        change team_disclosure: TeamDisclosure = word::<TeamDisclosure>(),
        /// What these people are like, in place of what was said.
        change people_assessment: PeopleAssessment = ASSESSMENT,
        /// What you think of it, or why it changed.
        clear note: String = NOTE,
        /// When it came: not in the future.
        change received_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// How the question to talk to a teammate went.
    TeammateConversation {
        /// How much is known of the team now; what was, unless it is said.
        optional team_disclosure: TeamDisclosure = word::<TeamDisclosure>(),
    }
}

pub(super) async fn update(who: Caller, target: Target<OfferId>, patch: OfferPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = held(&tx, &target, Action::EditOffer).await?;
    let offer = revised(&mut tx, offer, patch).await?;
    tx.done(&offer).await
}

/// Changes an open offer, and records it. Of one that is not, what is known already may be told again, and it may have other
/// names.
///
/// # Errors
/// `OFFER_CLOSED`, and those of what it holds.
pub(in crate::domain::jobs) async fn revised(tx: &mut Tx, offer: Model, patch: OfferPatch) -> Result<Model> {
    let change = Change::of(tx, &offer, patch).await?;
    if change.says(&offer) {
        waits(tx, &offer)?;
    }
    let (offer, changed) = revise(tx, offer, change, |_| {}).await?;
    if changed {
        record(tx, "updated", &offer).await?;
    }
    Ok(offer)
}

/// Whether an offer waits for an answer.
fn waits(tx: &Tx, offer: &Model) -> Result<()> {
    let stands = standing(offer.state, offer.respond_by, tx.now);
    if is_open(stands) {
        return Ok(());
    }
    let error = Error::new(Code::OfferClosed, "The offer is no longer open: it stays as it was.");
    Err(error.with(json!({ "state": stands })))
}

pub(super) async fn negotiate(who: Caller, target: Target<OfferId>, patch: OfferPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = held(&tx, &target, Action::EditOffer).await?;
    let offer = negotiated(&mut tx, offer, patch).await?;
    tx.done(&offer).await
}

/// Talks about an offer, with what it holds now, and records it.
///
/// # Errors
/// `APPLICATION_CLOSED`, `INVALID_TRANSITION`, `EXPIRY_PAST`, `OFFER_EXISTS`, and those of what it holds.
pub(in crate::domain::jobs) async fn negotiated(tx: &mut Tx, offer: Model, patch: OfferPatch) -> Result<Model> {
    let application = part::application(tx, offer.application_id, Opening::Open).await?;
    let stands = standing(offer.state, offer.respond_by, tx.now);
    let to = state::after(stands, Command::Negotiate)?;
    let by = match &patch.respond_by {
        Patch::Keep => offer.respond_by,
        Patch::Clear => None,
        Patch::Set(at) => Some(*at),
    };
    // What has expired needs a later day, or none.
    by.map(|at| upcoming(tx, at)).transpose()?;
    if let Some(other) = open_of(tx, application.id).await?.filter(|other| other.id != offer.id) {
        return Err(exists(other.id));
    }
    let change = Change::of(tx, &offer, patch).await?;
    let (offer, changed) = revise(tx, offer, change, |row| {
        row.state.set_if_not_equals(to);
        row.ended_at.set_if_not_equals(None);
    })
    .await?;
    if changed {
        record(tx, Command::Negotiate.event(), &offer).await?;
        let now = tx.now;
        touch(tx, &application, now).await?;
    }
    Ok(offer)
}

/// What an offer holds after a change, when nothing refuses that.
#[derive(Clone)]
struct Change {
    pay: Pay,
    respond_by: Option<DateTime<Utc>>,
    received_at: DateTime<Utc>,
    disclosure: TeamDisclosure,
    patch: OfferPatch,
}

impl Change {
    async fn of(tx: &Tx, was: &Model, patch: OfferPatch) -> Result<Self> {
        let said = Said { base: patch.base.clone(), bonus: patch.bonus.clone(), equity: patch.equity.clone() };
        let pay = Pay::of(was).after(said)?;
        // The day that it has may pass; another one lies in the future.
        let respond_by = match patch.respond_by {
            Patch::Set(at) if was.respond_by == Some(clock::whole(at)) => was.respond_by,
            Patch::Set(at) => Some(upcoming(tx, at)?),
            Patch::Clear => None,
            Patch::Keep => was.respond_by,
        };
        let received_at = patch.received_at.map_or(Ok(was.received_at), |at| clock::past(tx.now, at, "/receivedAt"))?;
        let lead = patch.manager_contact_id.clone().over(was.manager_contact_id);
        let lead = lead.filter(|_| lead != was.manager_contact_id);
        people(tx, was.owner_id, lead, patch.teammates_met.as_deref().unwrap_or_default()).await?;
        let met = patch.teammates_met.as_deref().filter(|met| *met != was.teammates_met.0);
        let disclosure = disclosed(patch.team_disclosure, met, was.team_disclosure);
        Ok(Self { pay, respond_by, received_at, disclosure, patch })
    }

    /// Whether an offer holds anything else by it.
    fn says(&self, was: &Model) -> bool {
        let mut row = was.clone().into_active_model();
        self.clone().put(was, &mut row);
        row.is_changed()
    }

    /// Puts it there.
    fn put(self, was: &Model, row: &mut ActiveModel) {
        let Self { pay, respond_by, received_at, disclosure, patch } = self;
        row.currency.set_if_not_equals(pay.currency);
        row.base.set_if_not_equals(pay.base);
        row.bonus.set_if_not_equals(pay.bonus);
        row.equity.set_if_not_equals(pay.equity);
        row.benefits.set_if_not_equals(patch.benefits.over(was.benefits.clone()));
        row.location.set_if_not_equals(patch.location.over(was.location.clone()));
        row.start_date.set_if_not_equals(patch.start_date.over(was.start_date));
        row.respond_by.set_if_not_equals(respond_by);
        row.received_at.set_if_not_equals(received_at);
        row.manager_contact_id.set_if_not_equals(patch.manager_contact_id.over(was.manager_contact_id));
        row.team_disclosure.set_if_not_equals(disclosure);
        if let Some(met) = patch.teammates_met {
            row.teammates_met.set_if_not_equals(Json(met));
        }
        if let Some(people) = patch.people_assessment {
            row.people_assessment.set_if_not_equals(Json(people));
        }
        row.note.set_if_not_equals(patch.note.over(was.note.clone()));
    }
}

/// Changes an offer: how it is now, and whether anything of it, or of its names, changed.
async fn revise(
    tx: &mut Tx,
    was: Model,
    mut change: Change,
    also: impl FnOnce(&mut ActiveModel),
) -> Result<(Model, bool)> {
    let (refs, old) = (change.patch.external_refs.take(), was.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            change.put(&old, row);
            also(row);
        })
        .await?;
    let renamed = tx.refs(&after.row, refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    Ok((after.row, after.changed))
}

pub(super) async fn request_conversation(
    who: Caller,
    target: Target<OfferId>,
    asked: TeammateConversation,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = held(&tx, &target, Action::EditOffer).await?;
    waits(&tx, &offer)?;
    part::application(&tx, offer.application_id, Opening::Open).await?;
    let (disclosure, now) = (asked.team_disclosure.unwrap_or(offer.team_disclosure), tx.now);
    let after = tx
        .change::<Entity>(offer, |row| {
            row.conversation_asked_at = Set(Some(now));
            row.team_disclosure.set_if_not_equals(disclosure);
        })
        .await?;
    record(&mut tx, "conversation_requested", &after.row).await?;
    tx.done(&after.row).await
}

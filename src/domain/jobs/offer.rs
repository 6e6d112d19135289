//! Offers: what an employer offers, each version of it, and what somebody answers (§24).
//!
//! At most one offer of a job search is accepted. That is seen to in three places: whoever accepts waits for whoever does in
//! the same search, the rule is asked then, and the database holds an index that no other row fits into.

pub(super) mod accept;
pub(super) mod change;
pub mod compare;
pub(super) mod lapse;
pub(super) mod pay;
pub mod state;
pub(super) mod taken;
pub(super) mod terms;
pub mod version;

use chrono::{DateTime, Utc};
use entity::{
    currency::Currency,
    id::{ApplicationId, ContactId, JobSearchId, OfferId, UserId},
    jobs::{
        application::{self, ApplicationOutcome},
        offer::{Column, Entity, Model, OfferState, PeopleAssessment, TeamDisclosure, Teammate},
    },
    kind::{Declared as _, Kind, id, int, line, list, prose, word},
    money::Money,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use self::state::{Command, is_open, standing};
use super::part::{self, Opening};
use crate::{
    domain::{
        caller::Caller,
        error::Result,
        many::Found,
        paid::shown_amount,
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Seen, Shape, leaf},
    },
};

pub(super) const MONEY: Kind = Kind::Object(Money::object);
pub(super) const BENEFITS: Kind = prose(5000);
pub(super) const LOCATION: Kind = line(1, 200);
pub(super) const NOTE: Kind = prose(5000);
const TEAMMATE: Kind = Kind::Object(Teammate::object);
pub(super) const TEAMMATES: Kind = list(&TEAMMATE, 50);
pub(super) const ASSESSMENT: Kind = Kind::Object(PeopleAssessment::object);

impl Row for Entity {
    const NAME: &'static str = "Offer";
    type Id = OfferId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<OfferId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose it is.").filter(),
        Column::JobSearchId => {
            leaf(id::<JobSearchId>(), "The job search: of its offers, at most one is accepted.").filter()
        }
        Column::ApplicationId => leaf(id::<ApplicationId>(), "The application that it answers.").filter(),
        Column::State => leaf(word::<OfferState>(), "Where it stands; changed by commands and by the clock.").filter(),
        Column::Currency => leaf(word::<Currency>(), "The currency of its amounts, when it has any.").filter(),
        Column::Benefits => leaf(BENEFITS, "What else it holds."),
        Column::Location => leaf(LOCATION, "Where one would work."),
        Column::StartDate => leaf(Kind::Date, "When one would begin."),
        Column::RespondBy => leaf(Kind::Time, "Until when it is to be answered.").filter().sort(),
        Column::ManagerContactId => leaf(id::<ContactId>(), "Who would lead.").filter(),
        Column::TeammatesMet => leaf(TEAMMATES, "Whom the owner met of the people they would work with."),
        Column::TeamDisclosure => leaf(word::<TeamDisclosure>(), "How much is known of these people.").filter(),
        Column::PeopleAssessment => leaf(ASSESSMENT, "What these people are like."),
        Column::Note => leaf(NOTE, "What its owner thinks of it, or why it changed."),
        Column::ConversationAskedAt => leaf(Kind::Time, "When its owner last asked to talk to somebody of the team."),
        Column::ReceivedAt => leaf(Kind::Time, "When it came.").filter().sort(),
        Column::EndedAt => leaf(Kind::Time, "When it was accepted, declined, expired or taken back."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1: each is kept, and readable."),
        Column::CreatedAt => leaf(Kind::Time, "When it was noted.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        // Shown as money.
        Column::Base | Column::Bonus | Column::Equity | Column::OrganizationId => return None,
    })
}

/// What an offer, or a version of one, pays: the same in both.
pub(super) fn paying(shape: Shape) -> Shape {
    const BASE: Need = Need::Column("base", Store::Int);
    const BONUS: Need = Need::Column("bonus", Store::Int);
    const EQUITY: Need = Need::Column("equity", Store::Int);
    const CURRENCY: Need = Need::Column("currency", Store::Text);
    let one = |cells: &[Cell], _: &Seen| shown_amount(&cells[0], &cells[1]);
    shape
        .computed("base", MONEY, "What it pays in a year.", vec![BASE, CURRENCY], one)
        .nullable()
        .computed("bonus", MONEY, "What it may pay besides in a year.", vec![BONUS, CURRENCY], one)
        .nullable()
        .computed(
            "equity",
            MONEY,
            "What its shares are worth in a year, as the owner sees it.",
            vec![EQUITY, CURRENCY],
            one,
        )
        .nullable()
        .computed(
            "total",
            MONEY,
            "What is known of it, together: one currency, nothing converted.",
            vec![BASE, BONUS, EQUITY, CURRENCY],
            |cells, _| pay::shown_total(cells),
        )
        .nullable()
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Offer",
        "What an employer offers somebody who applied (§24). Each change is a version, and stays readable.",
        "ofr",
        Action::ViewOffer,
        show,
    )
    .order("created_at", false);
    let shape = paying(shape)
        .computed(
            "open",
            Kind::Bool,
            "Whether it waits for an answer: it has none, and its day has not passed.",
            vec![Need::Column("state", Store::Text), Need::Column("respond_by", Store::Time)],
            |cells, seen| {
                let waits = matches!(cells[0].text(), Some("RECEIVED" | "NEGOTIATING"));
                Cell::Bool(waits && cells[1].time().is_none_or(|by| by > seen.now))
            },
        )
        .external_refs()
        .one("jobSearch", "job_search_id", "JobSearch", "The job search.")
        .one("application", "application_id", "Application", "The application that it answers.")
        .one("manager", "manager_contact_id", "Contact", "Who would lead, for whoever may see them.")
        .many("versions", "offer_id", "OfferVersion", "What it was at each of its versions.");
    Resource { shape, plural: "offers", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    let mut verbs = noting();
    verbs.extend(answering());
    verbs
}

/// What is known of an offer.
fn noting() -> Vec<Verb> {
    use Action::EditOffer;
    vec![
        Verb::create(
            EditOffer,
            "Note an offer that came for an open application, be its search over: what is open in that goes on.",
            terms::create,
        ),
        Verb::upsert(EditOffer, "Note or change the offer that another system's name stands for.", terms::upsert),
        Verb::on::<Entity, _, _, _>(
            "update",
            EditOffer,
            "Change what is known of an open offer: that makes a version of it.",
            change::update,
        ),
        Verb::on::<Entity, _, _, _>(
            "negotiate",
            EditOffer,
            "Say that an offer is talked about, with what it holds now. One that has expired comes back with a later day.",
            change::negotiate,
        ),
        Verb::on::<Entity, _, _, _>(
            "requestTeammateConversation",
            EditOffer,
            "Ask to talk to somebody whom one would work with: it is noted when, and how much is known of the team.",
            change::request_conversation,
        )
        .called("requestTeammateConversation"),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditOffer,
            "Delete an offer that was not accepted; it can be restored.",
            delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", EditOffer, "Bring a deleted offer back.", restore),
    ]
}

/// What becomes of it.
fn answering() -> Vec<Verb> {
    use Action::{AnswerOffer, EditOffer};
    vec![
        Verb::on::<Entity, _, _, _>(
            "accept",
            AnswerOffer,
            "Accept an offer of an open application, in the version that one knows: the application and its job search close with it, at once. The other open offers of the search are declined, or stay.",
            accept::accept,
        ),
        Verb::on::<Entity, _, _, _>(
            "decline",
            AnswerOffer,
            "Decline an offer: its application closes with it. It stays so; when they come back, the application is reopened and has a new offer.",
            accept::decline,
        ),
        Verb::on::<Entity, _, _, _>(
            "rescind",
            EditOffer,
            "Note that whoever made an offer took it back; the application stays as it is. One that was accepted, only whoever accepted it says so of.",
            rescind,
        ),
    ]
}

/// Holds applications before what belongs to them, as whoever notes something new of one does: so nobody waits for who waits
/// for them.
async fn hold(tx: &Tx, applications: impl Iterator<Item = ApplicationId>) -> Result<Found<application::Entity>> {
    tx.find_each::<application::Entity>(applications, Action::EditApplication).await
}

/// The same of the application of one offer.
async fn hold_of(tx: &Tx, offer: OfferId) -> Result<()> {
    let seen = Entity::find_by_id(offer).filter(Column::OrganizationId.eq(tx.who.organization)).one(&tx.db).await?;
    hold(tx, seen.into_iter().map(|seen| seen.application_id)).await.map(drop)
}

/// Finds an offer that a verb acts on, with its application held.
async fn held(tx: &Tx, target: &Target<OfferId>, action: Action) -> Result<Model> {
    hold_of(tx, target.id).await?;
    tx.find_at::<Entity>(target, action).await
}

async fn rescind(who: Caller, target: Target<OfferId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = held(&tx, &target, Action::EditOffer).await?;
    let accepted = offer.state == OfferState::Accepted;
    if accepted {
        // Whether what they accepted came undone, they say themself too.
        tx.find::<Entity>(offer.id, Action::AnswerOffer).await?;
    }
    let to = state::after(standing(offer.state, offer.respond_by, tx.now), Command::Rescind)?;
    let offer = end(&mut tx, offer, to, Command::Rescind).await?;
    let application = part::application(&tx, offer.application_id, Opening::Any).await?;
    after_rescinding(&mut tx, &application, accepted);
    tx.done(&offer).await
}

/// Advises what may follow when an offer was taken back: nothing follows by itself.
fn after_rescinding(tx: &mut Tx, application: &application::Model, accepted: bool) {
    let (id, search) = (application.id, application.job_search_id);
    match application.outcome {
        None => {
            let message = "The application stays open: close it when nothing more is to come of it.";
            let details = json!({ "applicationId": id, "command": "closeApplication" });
            tx.warn_with("APPLICATION_STILL_OPEN", message, details);
        }
        Some(ApplicationOutcome::OfferAccepted) if accepted => {
            let message = "The application and the job search are closed, as when you accepted it: reopen what goes on, and whatever was declined with it.";
            let commands = ["reopenApplication", "reopenJobSearch"];
            let details = json!({ "applicationId": id, "jobSearchId": search, "commands": commands });
            tx.warn_with("ACCEPTANCE_UNDONE", message, details);
        }
        Some(_) => {}
    }
}

/// Lets an offer end now, and records it.
async fn end(tx: &mut Tx, offer: Model, to: OfferState, by: Command) -> Result<Model> {
    let now = tx.now;
    end_at(tx, offer, to, by, now).await
}

/// Lets an offer end at a moment, and records it.
pub(super) async fn end_at(tx: &mut Tx, offer: Model, to: OfferState, by: Command, at: DateTime<Utc>) -> Result<Model> {
    let after = tx
        .change::<Entity>(offer, |row| {
            row.state = Set(to);
            row.ended_at = Set(Some(at));
        })
        .await?;
    record(tx, by.event(), &after.row).await?;
    Ok(after.row)
}

/// Records what happened to an offer, and keeps what it is now as a version of it.
async fn record(tx: &mut Tx, what: &str, offer: &Model) -> Result<()> {
    version::keep(tx, offer).await?;
    tx.record(what, offer, told(offer))
}

/// What the feed says of an offer.
pub(super) fn told(offer: &Model) -> serde_json::Value {
    json!({ "applicationId": offer.application_id, "jobSearchId": offer.job_search_id, "state": offer.state })
}

async fn delete(who: Caller, target: Target<OfferId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = held(&tx, &target, Action::EditOffer).await?;
    taken::stays(&offer)?;
    let offer = tx.delete::<Entity>(offer).await?;
    record(&mut tx, "deleted", &offer).await?;
    tx.done(&offer).await
}

async fn restore(who: Caller, target: Target<OfferId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let offer = bring_back(&mut tx, &target).await?;
    tx.done(&offer).await
}

/// Brings a deleted offer back, and records it.
async fn bring_back(tx: &mut Tx, target: &Target<OfferId>) -> Result<Model> {
    hold_of(tx, target.id).await?;
    let offer = tx.find_deleted::<Entity>(target, Action::EditOffer).await?;
    part::application(tx, offer.application_id, Opening::Any).await?;
    let stands = standing(offer.state, offer.respond_by, tx.now);
    if is_open(stands) {
        terms::lapse_of(tx, offer.application_id).await?;
        if let Some(other) = terms::open_of(tx, offer.application_id).await? {
            return Err(terms::exists(other.id));
        }
    }
    // What has expired meanwhile comes back so: nothing stands in the way of that.
    let offer = if stands == offer.state { offer } else { lapse::end(tx, offer).await? };
    let offer = tx.restore::<Entity>(offer).await?;
    record(tx, "restored", &offer).await?;
    Ok(offer)
}

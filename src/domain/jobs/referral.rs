//! Referrals: somebody who works there is asked to speak for one's application (§22).
//!
//! Whoever is asked may be a user of the organization, too: then they see what is asked of them, answer themself, and how
//! they are reached is shown to whoever asked only once they agreed to that.

pub(super) mod lapse;
pub mod state;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    community::{company, contact},
    id::{ApplicationId, ContactId, JobPostingId, ReferralId, UserId},
    jobs::{
        application::{self, ApplicationChannel},
        job_posting,
        referral::{Column, Entity, Model, ReferralState},
    },
    kind::{Form, Kind, id, int, line, prose, text, word},
    object,
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::json;

use self::state::{Command, standing};
use super::{
    application::{set_channel, touch},
    job_posting as postings,
    part::{self, Opening, upcoming},
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        community::contact::named,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, leaf},
    },
};

const NOTE: Kind = prose(2000);
const NAME: Kind = line(1, 200);
const SUBJECT: Kind = line(1, 500);
const EMAIL: Kind = text(Form::Email, 3, 254);

impl Row for Entity {
    const NAME: &'static str = "Referral";
    type Id = ReferralId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ReferralId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who asks for it.").filter(),
        Column::PostingId => leaf(id::<JobPostingId>(), "The opening that it is for.").filter(),
        Column::ApplicationId => leaf(id::<ApplicationId>(), "The application, when there was one.").filter(),
        Column::Subject => leaf(SUBJECT, "What it is for, as it was when it was asked: the referrer reads it."),
        Column::ReferrerContactId => leaf(id::<ContactId>(), "Who is asked.").filter(),
        Column::ReferrerName => leaf(NAME, "What they were called; it stays when the contact is gone."),
        Column::ReferrerUserId => {
            leaf(id::<UserId>(), "Who they are here, when they are a user of the organization.").filter()
        }
        Column::ConsentedAt => leaf(Kind::Time, "When they agreed that whoever asks may know how to reach them."),
        Column::State => {
            leaf(word::<ReferralState>(), "Where it stands; changed by commands and by the clock.").filter()
        }
        Column::Note => leaf(NOTE, "What is asked of them, in the words of whoever asks."),
        Column::ExpiresAt => leaf(Kind::Time, "Until when it is hoped for.").filter().sort(),
        Column::AnsweredAt => leaf(Kind::Time, "When they answered."),
        Column::SubmittedAt => leaf(Kind::Time, "When they did it."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was asked.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// How whoever is asked is reached, once they agreed to that.
const REACHED: Need = Need::aggregate(
    "(SELECT u.email FROM \"user\" u WHERE u.id = {t}.referrer_user_id AND {t}.consented_at IS NOT NULL \
     AND u.deleted_at IS NULL)",
    Store::Text,
);

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Referral",
        "Somebody who is known was asked to speak for an application (§22).",
        "rfl",
        Action::ViewReferral,
        show,
    )
    .order("created_at", false)
    .computed(
        "open",
        Kind::Bool,
        "Whether it is still hoped for: it was not submitted, has not ended, and its time has not passed.",
        vec![Need::Column("state", Store::Text), Need::Column("expires_at", Store::Time)],
        |cells, seen| {
            let waits = matches!(cells[0].text(), Some("REQUESTED" | "ACCEPTED"));
            Cell::Bool(waits && cells[1].time().is_some_and(|until| until > seen.now))
        },
    )
    .computed(
        "referrerEmail",
        EMAIL,
        "How a referrer who is a user of the organization is reached; null until they agree to that.",
        vec![REACHED],
        |cells, _| cells[0].clone(),
    )
    .nullable()
    .external_refs()
    .one("posting", "posting_id", "JobPosting", "The opening, for whoever may see it.")
    .one("application", "application_id", "Application", "The application, for whoever may see it.")
    .one("referrer", "referrer_contact_id", "Contact", "Who is asked, for whoever may see the contact.");
    Resource { shape, plural: "referrals", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{AnswerReferral, ConsentToReferral, EditReferral, RequestReferral};
    vec![
        Verb::on_collection(
            "request",
            RequestReferral,
            "Ask somebody whom one knows to speak for an application, or for one that is to come.",
            request,
        ),
        Verb::on::<Entity, _, _, _>("update", EditReferral, "Change what is asked, and until when.", update),
        Verb::on::<Entity, _, _, _>(
            "accept",
            AnswerReferral,
            "Note that they will: the application comes about by referral, and they have as many days again to do it. Of a referrer who is a user here, only they themself say so.",
            accept,
        ),
        Verb::on::<Entity, _, _, _>("submit", AnswerReferral, "Note that they did it.", submit),
        Verb::on::<Entity, _, _, _>("decline", AnswerReferral, "Note that they would rather not.", decline),
        Verb::on::<Entity, _, _, _>(
            "consent",
            ConsentToReferral,
            "Let whoever asks know how to reach oneself: for referrers who are users of the organization.",
            consent,
        ),
        Verb::on::<Entity, _, _, _>("withdraw", EditReferral, "Take the question back.", withdraw),
        Verb::delete::<Entity>(EditReferral, "Delete a referral; it can be restored."),
        Verb::on::<Entity, _, _, _>("restore", EditReferral, "Bring a deleted referral back.", restore),
    ]
}

object! {
    /// Whom to ask, and what for.
    NewReferral {
        /// The application; this or the posting.
        optional application_id: ApplicationId = id::<ApplicationId>(),
        /// The posting, when one has not applied yet.
        optional posting_id: JobPostingId = id::<JobPostingId>(),
        /// Who is asked: one of your contacts.
        required referrer_contact_id: ContactId = id::<ContactId>(),
        /// What you ask of them, in your own words.
        optional note: String = NOTE,
        /// Until when you hope for it: in the future. Five days, unless it is said.
        optional expires_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to what is asked.
    ReferralPatch {
        /// What you ask of them.
        clear note: String = NOTE,
        /// Until when you hope for it: in the future.
        change expires_at: DateTime<Utc> = Kind::Time,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn request(who: Caller, new: NewReferral) -> Result<Done> {
    let mut tx = who.begin().await?;
    let (application, posting) = subject(&tx, new.application_id, new.posting_id).await?;
    let referrer = named(&tx, new.referrer_contact_id, Some(posting.owner_id), "/referrerContactId").await?;
    let expires = new.expires_at.map_or_else(|| Ok(hoped_until(&tx)), |at| upcoming(tx.now, at, "/expiresAt"))?;
    // Whoever asks for the same posting comes one after the other.
    tx.lock(&format!("referral {}", posting.id)).await?;
    free(&mut tx, posting.id, referrer.id).await?;
    let company = tx.refer::<company::Entity>(posting.company_id, "/postingId").await?;
    let subject = format!("{}, {}", posting.title, company.name);
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: posting.owner_id,
        posting_id: posting.id,
        application_id: application.as_ref().map(|one| one.id),
        subject,
        referrer_contact_id: referrer.id,
        referrer_name: referrer.name.clone(),
        referrer_user_id: linked(&referrer, posting.owner_id),
        consented_at: None,
        state: ReferralState::Requested,
        note: new.note,
        expires_at: expires,
        answered_at: None,
        submitted_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&row, new.external_refs.as_deref()).await?;
    record(&mut tx, "requested", &row)?;
    if let Some(application) = application {
        let now = tx.now;
        touch(&mut tx, &application, now).await?;
    }
    tx.made(&row).await
}

/// Until when a referral is hoped for, when nobody says; and again, once it was accepted.
fn hoped_until(tx: &Tx) -> DateTime<Utc> {
    tx.now + TimeDelta::days(tx.who.settings.referral_days)
}

/// What a referral is for: an application that is open, or a posting.
async fn subject(
    tx: &Tx,
    application: Option<ApplicationId>,
    posting: Option<JobPostingId>,
) -> Result<(Option<application::Model>, job_posting::Model)> {
    match (application, posting) {
        (Some(id), None) => {
            let application = part::application(tx, id, Opening::Open).await?;
            let posting = postings::named(tx, application.posting_id, application.owner_id, "/applicationId").await?;
            Ok((Some(application), posting))
        }
        (None, Some(id)) => {
            let posting = tx.refer_to::<job_posting::Entity>(id, Action::EditJobPosting, "/postingId").await?;
            Ok((None, posting))
        }
        _ => {
            let why = "A referral is for an application or for a posting, not for both or neither.";
            Err(Error::field(Code::ReferralSubjectAmbiguous, "/applicationId", why))
        }
    }
}

/// Who a contact is here; nobody asks themself.
fn linked(referrer: &contact::Model, owner: UserId) -> Option<UserId> {
    referrer.user_id.filter(|user| *user != owner)
}

/// Whether nobody asked this contact for this posting, or nothing came of it.
async fn free(tx: &mut Tx, posting: JobPostingId, referrer: ContactId) -> Result<()> {
    let known = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::PostingId.eq(posting))
        .filter(Column::ReferrerContactId.eq(referrer))
        .filter(Column::State.is_in([ReferralState::Requested, ReferralState::Accepted, ReferralState::Submitted]))
        .filter(Column::DeletedAt.is_null());
    match known.one(&tx.db).await? {
        None => Ok(()),
        Some(row) if standing(row.state, row.expires_at, tx.now) == ReferralState::Expired => lapse::end(tx, row).await,
        Some(row) => {
            let error = Error::new(Code::ReferralExists, "This contact was asked for this posting already.");
            Err(error.with(json!({ "referralId": row.id })))
        }
    }
}

async fn update(who: Caller, target: Target<ReferralId>, patch: ReferralPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditReferral).await?;
    let stands = standing(was.state, was.expires_at, tx.now);
    let expires = match patch.expires_at {
        Some(_) if !state::is_hoped_for(stands) => {
            let error = Error::field(Code::ReferralEnded, "/expiresAt", "The referral has ended: ask again.");
            return Err(error.with(json!({ "state": stands })));
        }
        Some(at) => upcoming(tx.now, at, "/expiresAt")?,
        None => was.expires_at,
    };
    let note = patch.note.over(was.note.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.note.set_if_not_equals(note);
            row.expires_at.set_if_not_equals(expires);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
    }
    tx.done(&after.row).await
}

async fn accept(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    answer(who, target, Command::Accept).await
}

async fn submit(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    answer(who, target, Command::Submit).await
}

async fn decline(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    answer(who, target, Command::Decline).await
}

/// What came of asking: told by whoever asked, or by whom they asked.
async fn answer(who: Caller, target: Target<ReferralId>, command: Command) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::AnswerReferral).await?;
    // Whoever is asked and is here speaks for themself; that it was submitted is seen by both.
    if command != Command::Submit && was.referrer_user_id.is_some_and(|referrer| tx.who.user() != Some(referrer)) {
        return Err(Error::new(Code::ReferrerAnswers, "Whoever is asked is a user here: they answer themself."));
    }
    let row = go(&mut tx, was, command).await?;
    if matches!(command, Command::Accept | Command::Submit) {
        came_by(&mut tx, &row).await?;
    }
    tx.done(&row).await
}

/// Moves a referral on, and records it.
async fn go(tx: &mut Tx, was: Model, command: Command) -> Result<Model> {
    let to = state::after(standing(was.state, was.expires_at, tx.now), command)?;
    let (now, until) = (tx.now, hoped_until(tx));
    let after = tx
        .change::<Entity>(was, |row| {
            row.state = Set(to);
            match command {
                Command::Accept => {
                    row.answered_at = Set(Some(now));
                    row.expires_at = Set(until);
                }
                Command::Decline => row.answered_at = Set(Some(now)),
                Command::Submit => row.submitted_at = Set(Some(now)),
                Command::Expire | Command::Withdraw => {}
            }
        })
        .await?;
    record(tx, command.event(), &after.row)?;
    Ok(after.row)
}

/// The open application for the posting came about by this referral. It is its owner's, whoever says so.
async fn came_by(tx: &mut Tx, referral: &Model) -> Result<()> {
    let mut found = application::Entity::find()
        .filter(application::Column::OrganizationId.eq(tx.who.organization))
        .filter(application::Column::PostingId.eq(referral.posting_id))
        .filter(application::Column::OwnerId.eq(referral.owner_id))
        .filter(application::Column::Outcome.is_null())
        .filter(application::Column::DeletedAt.is_null())
        .order_by_asc(application::Column::Id);
    if let Some(id) = referral.application_id {
        found = found.filter(application::Column::Id.eq(id));
    }
    for application in found.limit(10).all(&tx.db).await? {
        let application = set_channel(tx, &application, ApplicationChannel::Referral).await?;
        touch(tx, &application, tx.now).await?;
    }
    Ok(())
}

async fn consent(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::ConsentToReferral).await?;
    let since = was.consented_at.unwrap_or(tx.now);
    let after = tx.change::<Entity>(was, |row| row.consented_at.set_if_not_equals(Some(since))).await?;
    if after.changed {
        record(&mut tx, "consented", &after.row)?;
    }
    tx.done(&after.row).await
}

async fn withdraw(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditReferral).await?;
    let row = go(&mut tx, was, Command::Withdraw).await?;
    tx.done(&row).await
}

async fn restore(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditReferral).await?;
    tx.lock(&format!("referral {}", was.posting_id)).await?;
    if state::is_living(was.state) {
        free(&mut tx, was.posting_id, was.referrer_contact_id).await?;
    }
    let row = tx.restore::<Entity>(was).await?;
    record(&mut tx, "restored", &row)?;
    tx.done(&row).await
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    let data = json!({
        "postingId": row.posting_id, "applicationId": row.application_id, "referrerContactId": row.referrer_contact_id,
        "state": row.state,
    });
    tx.record(what, row, data)
}

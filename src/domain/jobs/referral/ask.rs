//! Asking somebody to speak for one's application: once, and until a day (§22).

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    community::contact,
    id::{ApplicationId, ContactId, JobPostingId, ReferralId, UserId},
    jobs::{
        application, job_posting,
        referral::{Column, Entity, Model, ReferralState},
    },
    kind::{Kind, id},
    object,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::json;

use super::{
    NOTE, lapse, record,
    state::{self, standing},
    subject,
};
use crate::domain::{
    caller::Caller,
    clock,
    community::{company, contact::named},
    error::{Code, Error, Result},
    external::{self, ExternalRef},
    jobs::{
        application::touch,
        job_posting as postings,
        part::{self, Opening, upcoming},
    },
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

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

pub(super) async fn request(who: Caller, new: NewReferral) -> Result<Done> {
    let mut tx = who.begin().await?;
    let sought = sought(&tx, new.application_id, new.posting_id).await?;
    let referrer = named(&tx, new.referrer_contact_id, Some(sought.posting.owner_id), "/referrerContactId").await?;
    let expires = new.expires_at.map_or_else(|| Ok(hoped_until(&tx)), |at| upcoming(tx.now, at, "/expiresAt"))?;
    hold(&tx, &sought).await?;
    let row = ask(&mut tx, sought, &referrer, (new.note, expires)).await?;
    tx.refs(&row, new.external_refs.as_deref()).await?;
    tx.made(&row).await
}

/// Whoever asks for the same posting comes one after the other, and before the end of the search or after it.
///
/// # Errors
/// `REFERENCE_UNKNOWN` when the search was deleted meanwhile.
pub(in crate::domain::jobs) async fn hold(tx: &Tx, sought: &Sought) -> Result<()> {
    tx.lock(&format!("referral {}", sought.posting.id)).await?;
    if let Some(application) = &sought.application
        && !subject::is_searched(tx, application.job_search_id).await?
    {
        return Err(Error::field(Code::ReferenceUnknown, "/applicationId", "There is no such application."));
    }
    Ok(())
}

/// Asks somebody: what for is held by [`hold`].
///
/// # Errors
/// `REFERRAL_EXISTS`.
pub(in crate::domain::jobs) async fn ask(
    tx: &mut Tx,
    Sought { application, posting }: Sought,
    referrer: &contact::Model,
    (note, expires_at): (Option<String>, DateTime<Utc>),
) -> Result<Model> {
    free(tx, posting.id, referrer.id).await?;
    let company = company::name_of(tx, posting.company_id).await?.unwrap_or_default();
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: posting.owner_id,
        posting_id: posting.id,
        application_id: application.as_ref().map(|one| one.id),
        subject: format!("{}, {company}", posting.title),
        referrer_contact_id: referrer.id,
        referrer_name: referrer.name.clone(),
        referrer_user_id: linked(referrer, posting.owner_id),
        consented_at: None,
        state: ReferralState::Requested,
        note,
        expires_at,
        answered_at: None,
        submitted_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    record(tx, "requested", &row)?;
    if let Some(application) = application {
        let now = tx.now;
        touch(tx, &application, now).await?;
    }
    Ok(row)
}

/// Until when a referral is hoped for, when nobody says; and again, once it was accepted.
pub(in crate::domain::jobs) fn hoped_until(tx: &Tx) -> DateTime<Utc> {
    tx.now + TimeDelta::days(tx.who.settings.referral_days)
}

/// What a referral is for: an application that is open, or a posting.
#[derive(Clone, Debug)]
pub(in crate::domain::jobs) struct Sought {
    /// The application, when there is one.
    pub application: Option<application::Model>,
    /// The posting.
    pub posting: job_posting::Model,
}

/// What an input says that a referral is for.
///
/// # Errors
/// `REFERRAL_SUBJECT_AMBIGUOUS`; those of an application that is open, and of a posting.
pub(in crate::domain::jobs) async fn sought(
    tx: &Tx,
    application: Option<ApplicationId>,
    posting: Option<JobPostingId>,
) -> Result<Sought> {
    match (application, posting) {
        (Some(id), None) => {
            let application = part::application(tx, id, Opening::Open).await?;
            let posting = postings::named(tx, application.posting_id, application.owner_id, "/applicationId").await?;
            Ok(Sought { application: Some(application), posting })
        }
        (None, Some(id)) => {
            let posting = tx.refer_to::<job_posting::Entity>(id, Action::EditJobPosting, "/postingId").await?;
            Ok(Sought { application: None, posting })
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
        Some(row) if standing(row.state, row.expires_at, tx.now) == ReferralState::Expired => {
            lapse::end(tx, row).await.map(drop)
        }
        Some(row) => {
            let error = Error::new(Code::ReferralExists, "This contact was asked for this posting already.");
            Err(error.with(json!({ "referralId": row.id })))
        }
    }
}

/// The last time that a contact was asked for a posting, whatever came of it.
pub(in crate::domain::jobs) async fn last(
    tx: &Tx,
    posting: JobPostingId,
    referrer: ContactId,
) -> Result<Option<Model>> {
    let asked = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::PostingId.eq(posting))
        .filter(Column::ReferrerContactId.eq(referrer))
        .filter(Column::DeletedAt.is_null())
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id);
    Ok(asked.one(&tx.db).await?)
}

pub(super) async fn update(who: Caller, target: Target<ReferralId>, patch: ReferralPatch) -> Result<Done> {
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

pub(super) async fn restore(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditReferral).await?;
    tx.lock(&format!("referral {}", was.posting_id)).await?;
    let stands = standing(was.state, was.expires_at, tx.now);
    if state::is_living(stands) {
        free(&mut tx, was.posting_id, was.referrer_contact_id).await?;
    }
    // What has expired meanwhile comes back so: nothing stands in the way of that.
    let was = if stands == was.state { was } else { lapse::end(&mut tx, was).await? };
    let row = tx.restore::<Entity>(was).await?;
    record(&mut tx, "restored", &row)?;
    // Nobody speaks for what is over by now.
    let over = state::is_hoped_for(stands) && !subject::is_open(&tx, &row).await?;
    let row = if over { subject::take_back(&mut tx, row).await? } else { row };
    tx.done(&row).await
}

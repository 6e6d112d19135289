//! What a referral is for, as it comes and goes: the application that comes about by it, and that nobody speaks for what has ended (§22).

use entity::{
    id::{ApplicationId, JobPostingId, UserId},
    jobs::{
        application, job_posting,
        referral::{Column, Entity, Model, ReferralState},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{
    record,
    state::{self, Command, standing},
};
use crate::domain::{
    error::{Code, Error, Result},
    tx::Tx,
};

/// The referrals by which a person's next applications for these postings come about: accepted or given, and of no
/// application yet. The oldest of a posting comes first.
///
/// # Errors
/// `UNAVAILABLE`.
pub(in crate::domain::jobs) async fn spoken_for(
    tx: &Tx,
    owner: UserId,
    postings: Vec<JobPostingId>,
) -> Result<Vec<Model>> {
    if postings.is_empty() {
        return Ok(Vec::new());
    }
    let spoken = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::PostingId.is_in(postings))
        .filter(Column::ApplicationId.is_null())
        .filter(Column::State.is_in([ReferralState::Accepted, ReferralState::Submitted]))
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id);
    let mut spoken = spoken.all(&tx.db).await?;
    spoken.retain(|row| standing(row.state, row.expires_at, tx.now) != ReferralState::Expired);
    Ok(spoken)
}

/// An application came about by a referral that was asked before there was one.
///
/// # Errors
/// `UNAVAILABLE`.
pub(in crate::domain::jobs) async fn brings(tx: &mut Tx, referral: Model, application: ApplicationId) -> Result<()> {
    let after = tx.change::<Entity>(referral, |row| row.application_id = Set(Some(application))).await?;
    record(tx, "updated", &after.row)
}

/// An application ended, or was deleted: nobody needs to speak for it any more, nor for its posting in its place.
///
/// # Errors
/// `UNAVAILABLE`.
pub(in crate::domain::jobs) async fn application_ended(tx: &mut Tx, application: &application::Model) -> Result<()> {
    let of = Condition::any().add(Column::ApplicationId.eq(application.id)).add(Column::ApplicationId.is_null());
    withdraw(tx, application.posting_id, application.owner_id, of).await
}

/// A posting was deleted.
///
/// # Errors
/// `UNAVAILABLE`.
pub(in crate::domain::jobs) async fn posting_ended(tx: &mut Tx, posting: &job_posting::Model) -> Result<()> {
    let of = Condition::all().add(Column::PostingId.eq(posting.id));
    withdraw(tx, posting.id, posting.owner_id, of).await
}

/// Takes back what is hoped for of a posting.
async fn withdraw(tx: &mut Tx, posting: JobPostingId, owner: UserId, which: Condition) -> Result<()> {
    let hoped = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::PostingId.eq(posting))
        .filter(Column::State.is_in([ReferralState::Requested, ReferralState::Accepted]))
        .filter(Column::DeletedAt.is_null())
        .filter(which)
        .order_by_asc(Column::Id);
    for row in hoped.all(&tx.db).await? {
        // What has expired by the clock is ended by it.
        let Ok(to) = state::after(standing(row.state, row.expires_at, tx.now), Command::Withdraw) else { continue };
        let after = tx.change::<Entity>(row, |row| row.state = Set(to)).await?;
        record(tx, Command::Withdraw.event(), &after.row)?;
    }
    Ok(())
}

/// Whether what a referral is for goes on. Whoever is asked is not told what became of it.
///
/// # Errors
/// `APPLICATION_CLOSED`.
pub(super) async fn goes_on(tx: &Tx, referral: &Model) -> Result<()> {
    let open = match referral.application_id {
        Some(id) => {
            let of =
                application::Entity::find_by_id(id).filter(application::Column::OrganizationId.eq(tx.who.organization));
            of.one(&tx.db).await?.is_some_and(|one| one.outcome.is_none() && one.deleted_at.is_none())
        }
        None => {
            let of = job_posting::Entity::find_by_id(referral.posting_id)
                .filter(job_posting::Column::OrganizationId.eq(tx.who.organization));
            of.one(&tx.db).await?.is_some_and(|one| one.deleted_at.is_none())
        }
    };
    if open {
        return Ok(());
    }
    Err(Error::new(Code::ApplicationClosed, "What the referral was for is over: nobody needs to speak for it."))
}

//! What a referral is for, as it comes and goes: the application that comes about by it, and that nobody speaks for what has ended (§22).

use entity::{
    id::{ApplicationId, JobPostingId, JobSearchId, UserId},
    jobs::{
        application, job_posting, job_search,
        referral::{Column, Entity, Model, ReferralState},
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Select,
};

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

/// A search was deleted, with its applications.
///
/// # Errors
/// `UNAVAILABLE`.
pub(in crate::domain::jobs) async fn search_ended(tx: &mut Tx, search: &job_search::Model) -> Result<()> {
    let applications = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .filter(application::Column::OrganizationId.eq(tx.who.organization))
        .filter(application::Column::JobSearchId.eq(search.id))
        .filter(application::Column::DeletedAt.is_null())
        .into_query();
    let hoped = hoped(tx, search.owner_id).filter(Column::ApplicationId.in_subquery(applications));
    for row in hoped.order_by_asc(Column::Id).all(&tx.db).await? {
        take_back(tx, row).await?;
    }
    Ok(())
}

/// What somebody hopes for.
fn hoped(tx: &Tx, owner: UserId) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::State.is_in([ReferralState::Requested, ReferralState::Accepted]))
        .filter(Column::DeletedAt.is_null())
}

/// Takes back what is hoped for of a posting.
async fn withdraw(tx: &mut Tx, posting: JobPostingId, owner: UserId, which: Condition) -> Result<()> {
    let hoped = hoped(tx, owner).filter(Column::PostingId.eq(posting)).filter(which);
    for row in hoped.order_by_asc(Column::Id).all(&tx.db).await? {
        take_back(tx, row).await?;
    }
    Ok(())
}

/// Takes back what is hoped for; what has expired by the clock is ended by that.
///
/// # Errors
/// `UNAVAILABLE`.
pub(super) async fn take_back(tx: &mut Tx, row: Model) -> Result<Model> {
    let Ok(to) = state::after(standing(row.state, row.expires_at, tx.now), Command::Withdraw) else { return Ok(row) };
    let after = tx.change::<Entity>(row, |row| row.state = Set(to)).await?;
    record(tx, Command::Withdraw.event(), &after.row)?;
    Ok(after.row)
}

/// Whether what a referral is for goes on. Whoever is asked is not told what became of it.
///
/// # Errors
/// `APPLICATION_CLOSED`.
pub(super) async fn goes_on(tx: &Tx, referral: &Model) -> Result<()> {
    if is_open(tx, referral).await? {
        return Ok(());
    }
    Err(Error::new(Code::ApplicationClosed, "What the referral was for is over: nobody needs to speak for it."))
}

/// Whether the application that a referral is for is open, or the opening there; and stays so until what is done is done.
///
/// # Errors
/// `UNAVAILABLE`.
pub(super) async fn is_open(tx: &Tx, referral: &Model) -> Result<bool> {
    let here = tx.who.organization;
    if let Some(id) = referral.application_id {
        let of = application::Entity::find_by_id(id)
            .filter(application::Column::OrganizationId.eq(here))
            .filter(application::Column::Outcome.is_null())
            .filter(application::Column::DeletedAt.is_null());
        let Some(application) = of.lock_shared().one(&tx.db).await? else { return Ok(false) };
        return is_searched(tx, application.job_search_id).await;
    }
    let of = job_posting::Entity::find_by_id(referral.posting_id)
        .filter(job_posting::Column::OrganizationId.eq(here))
        .filter(job_posting::Column::DeletedAt.is_null());
    Ok(of.lock_shared().one(&tx.db).await?.is_some())
}

/// Whether a search is there, and stays until what is done is done.
///
/// # Errors
/// `UNAVAILABLE`.
pub(super) async fn is_searched(tx: &Tx, id: JobSearchId) -> Result<bool> {
    let search = job_search::Entity::find_by_id(id)
        .filter(job_search::Column::OrganizationId.eq(tx.who.organization))
        .filter(job_search::Column::DeletedAt.is_null());
    Ok(search.lock_shared().one(&tx.db).await?.is_some())
}

//! An opening is deleted when nobody applies for it, and comes back before those who did (§21).

use entity::{
    id::JobPostingId,
    jobs::{
        application,
        job_posting::{Column, Entity, Model},
        job_search,
    },
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};
use serde_json::json;

use crate::{
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
        jobs::referral::subject,
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Target},
    },
    read::sql::Arg,
};

pub(super) async fn delete(who: Caller, target: Target<JobPostingId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditJobPosting).await?;
    hold_searches(&tx, &was).await?;
    is_unused(&tx, &was).await?;
    let posting = tx.delete::<Entity>(was).await?;
    tx.record("deleted", &posting, json!({}))?;
    subject::posting_ended(&mut tx, &posting).await?;
    tx.done(&posting).await
}

/// Holds the searches in which somebody applies for an opening, be it that they are gone: none of them comes back meanwhile.
async fn hold_searches(tx: &Tx, posting: &Model) -> Result<()> {
    let applying = application::Entity::find()
        .select_only()
        .column(application::Column::JobSearchId)
        .filter(application::Column::OrganizationId.eq(posting.organization_id))
        .filter(application::Column::PostingId.eq(posting.id))
        .into_query();
    let searches = job_search::Entity::find()
        .filter(job_search::Column::OrganizationId.eq(posting.organization_id))
        .filter(job_search::Column::Id.in_subquery(applying))
        .order_by_asc(job_search::Column::Id);
    searches.lock_shared().all(&tx.db).await?;
    Ok(())
}

/// Holds an opening, however it stands: what comes about by whoever speaks for somebody goes one after the other.
pub(in crate::domain::jobs) async fn hold(tx: &Tx, id: JobPostingId) -> Result<()> {
    let held = Entity::find_by_id(id).filter(Column::OrganizationId.eq(tx.who.organization));
    held.lock_exclusive().one(&tx.db).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct CountRow {
    number: i64,
}

/// Whether nobody applied for it: what goes on stays to be seen.
///
/// # Errors
/// `POSTING_IN_USE`.
async fn is_unused(tx: &Tx, posting: &Model) -> Result<()> {
    let mut sql = tx.sql();
    sql.push("SELECT CAST(COUNT(*) AS BIGINT) AS number FROM \"application\" a JOIN \"job_search\" s ON s.id = a.job_search_id AND s.deleted_at IS NULL AND s.organization_id = ");
    sql.bind(Arg::Uuid(tx.who.organization.0)).push(" WHERE a.deleted_at IS NULL AND a.organization_id = ");
    sql.bind(Arg::Uuid(tx.who.organization.0)).push(" AND a.posting_id = ").bind(Arg::Uuid(posting.id.0));
    let applications = tx.row::<CountRow>(&sql).await?.map_or(0, |row| row.number);
    if applications > 0 {
        let error = Error::new(Code::PostingInUse, "Somebody applied for this opening: delete the applications first.");
        return Err(error.with(json!({ "applications": applications })));
    }
    Ok(())
}

/// That an opening has to be brought back before those who applied for it.
pub(in crate::domain::jobs) fn gone(posting: JobPostingId) -> Error {
    let error = Error::new(Code::PostingDeleted, "Its opening was deleted: bring that back first.");
    error.with(json!({ "postingId": posting }))
}

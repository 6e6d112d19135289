//! A search that is deleted goes with all that is in it, and comes back with that (§21).

use entity::{
    id::{JobPostingId, JobSearchId},
    jobs::job_search::{Entity, Model},
};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{
    domain::{
        caller::Caller,
        error::Result,
        jobs::{job_posting, referral::subject},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Target},
    },
    read::sql::Arg,
};

pub(super) async fn delete(who: Caller, target: Target<JobSearchId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditJobSearch).await?;
    let search = tx.delete::<Entity>(was).await?;
    tx.record("deleted", &search, json!({}))?;
    subject::search_ended(&mut tx, &search).await?;
    tx.done(&search).await
}

pub(super) async fn restore(who: Caller, target: Target<JobSearchId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditJobSearch).await?;
    let search = come_back(&mut tx, was).await?;
    tx.done(&search).await
}

/// A search comes back with its applications: for openings that are there.
///
/// # Errors
/// `POSTING_DELETED {postingId}`.
pub(super) async fn come_back(tx: &mut Tx, was: Model) -> Result<Model> {
    if let Some(gone) = deleted_posting(tx, &was).await? {
        return Err(job_posting::gone(gone));
    }
    let search = tx.restore::<Entity>(was).await?;
    tx.record("restored", &search, json!({}))?;
    Ok(search)
}

#[derive(FromQueryResult)]
struct Gone {
    id: JobPostingId,
}

/// An opening of the applications of a search that was deleted.
async fn deleted_posting(tx: &Tx, search: &Model) -> Result<Option<JobPostingId>> {
    let tenant = || Arg::Uuid(search.organization_id.0);
    let mut sql = tx.sql();
    sql.push("SELECT p.id FROM \"application\" a JOIN \"job_posting\" p ON p.id = a.posting_id AND p.deleted_at IS NOT NULL AND p.organization_id = ");
    sql.bind(tenant()).push(" WHERE a.deleted_at IS NULL AND a.job_search_id = ").bind(Arg::Uuid(search.id.0));
    sql.push(" AND a.organization_id = ").bind(tenant()).push(" ORDER BY p.id LIMIT 1");
    Ok(tx.row::<Gone>(&sql).await?.map(|gone| gone.id))
}

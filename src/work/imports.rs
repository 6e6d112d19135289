//! Carries imports out, one at a time in each instance, for as long as it runs.

use std::{sync::Arc, time::Duration};

use entity::id::ImportId;

use crate::{
    auth::identify,
    domain::{
        error::{Code, Result},
        learning::import_job::run::{self, Claimed},
    },
    house::House,
};

/// How often it is looked for work that another instance was asked for.
const EVERY: Duration = Duration::from_secs(2);
/// How long to wait when something is away.
const AWAY: Duration = Duration::from_secs(5);

/// Carries imports out, for as long as the instance runs.
pub async fn follow(house: Arc<House>) {
    loop {
        // What fails badly fails alone.
        let turn = tokio::spawn({
            let house = Arc::clone(&house);
            async move { Box::pin(next(&house)).await }
        });
        match turn.await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => {
                let _ = tokio::time::timeout(EVERY, house.work.notified()).await;
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "it cannot be seen whether imports wait");
                tokio::time::sleep(AWAY).await;
            }
            Err(why) => {
                tracing::error!(%why, "an import failed badly");
                tokio::time::sleep(AWAY).await;
            }
        }
    }
}

/// Carries out the import that waits longest: whether there was one.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn next(house: &Arc<House>) -> Result<bool> {
    if !run::waits(house).await? {
        return Ok(false);
    }
    let Some(claimed) = run::claim(house, None).await? else { return Ok(false) };
    // One that cannot be carried out now holds up no other: it comes again when it has rested.
    if let Err(error) = carry_out(house, claimed).await {
        tracing::warn!(%error, "an import could not be carried out; it is tried again");
    }
    Ok(true)
}

/// Carries out one import, unless another instance does: whether it was this one.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn one(house: &Arc<House>, id: ImportId) -> Result<bool> {
    match run::claim(house, Some(id)).await? {
        Some(claimed) => carry_out(house, claimed).await.map(|()| true),
        None => Ok(false),
    }
}

async fn carry_out(house: &Arc<House>, claimed: Claimed) -> Result<()> {
    let job = &claimed.job;
    let request: Arc<str> = Arc::from(job.id.to_string());
    let who = identify::again(house, job.organization_id, (job.user_id, job.client_id), job.scopes, request).await?;
    let Some(who) = who else {
        let operator = identify::operator_of(house, job.organization_id, Arc::from(job.id.to_string())).await?;
        let message = "Who asked for it is not, or no longer, in the organization.";
        return claimed.refuse(operator, Code::Unauthenticated, message).await;
    };
    claimed.carry_out(who).await
}

//! Lets expire what nobody answered in time, for as long as it runs.

use std::{sync::Arc, time::Duration};

use crate::{
    domain::{error::Result, jobs::lapse},
    house::House,
};

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(15);

/// Lets things expire, for as long as the instance runs.
pub async fn follow(house: Arc<House>) {
    loop {
        // What fails badly fails alone.
        let turn = tokio::spawn({
            let house = Arc::clone(&house);
            async move { Box::pin(next(&house)).await }
        });
        match turn.await {
            // There may be more than were looked at.
            Ok(Ok(ended)) if ended > 0 => continue,
            Ok(Ok(_)) => {}
            Ok(Err(error)) => tracing::warn!(%error, "it cannot be seen what has expired"),
            Err(why) => tracing::error!(%why, "letting things expire failed badly"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Lets expire what has waited too long: how much that was.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn next(house: &Arc<House>) -> Result<usize> {
    lapse::all(house).await
}

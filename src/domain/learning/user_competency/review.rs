//! The commands of the review of a standing: asking for it, looking at it; a rating ends it (§8).

use entity::{
    id::{UserCompetencyId, UserId},
    learning::user_competency::Entity,
};
use serde_json::json;

use super::{
    super::reviewer::is_the_reviewer,
    state::{self, Command},
};
use crate::domain::{
    caller::Caller,
    error::Result,
    policy::Action,
    verb::{Done, Nothing, Target},
};

/// Moves the review of a standing by a command, and records what happened.
async fn go(
    who: Caller,
    target: Target<UserCompetencyId>,
    command: Command,
    reviewer: Option<UserId>,
    what: &str,
) -> Result<Done> {
    let action = match command {
        Command::RequestReview | Command::CancelReviewRequest => Action::SubmitUserCompetency,
        Command::StartReview | Command::StopReview => Action::ReviewUserCompetency,
    };
    let mut tx = who.begin().await?;
    let standing = tx.find_at::<Entity>(&target, action).await?;
    let (from, status) = (standing.status, state::after(standing.status, command)?);
    if command == Command::StopReview {
        is_the_reviewer(&tx, standing.user_id, standing.reviewer_id, action).await?;
    }
    let after = tx
        .change::<Entity>(standing, |row| {
            row.status.set_if_not_equals(status);
            row.reviewer_id.set_if_not_equals(reviewer);
        })
        .await?;
    let data = json!({ "competencyId": after.row.competency_id, "from": from, "to": status });
    tx.record(what, &after.row, data)?;
    tx.done(&after.row).await
}

pub(super) async fn request_review(who: Caller, target: Target<UserCompetencyId>, _: Nothing) -> Result<Done> {
    go(who, target, Command::RequestReview, None, "review_requested").await
}

pub(super) async fn cancel_review_request(who: Caller, target: Target<UserCompetencyId>, _: Nothing) -> Result<Done> {
    go(who, target, Command::CancelReviewRequest, None, "review_request_cancelled").await
}

pub(super) async fn start_review(who: Caller, target: Target<UserCompetencyId>, _: Nothing) -> Result<Done> {
    let reviewer = who.person()?;
    go(who, target, Command::StartReview, Some(reviewer), "review_started").await
}

pub(super) async fn stop_review(who: Caller, target: Target<UserCompetencyId>, _: Nothing) -> Result<Done> {
    go(who, target, Command::StopReview, None, "review_stopped").await
}

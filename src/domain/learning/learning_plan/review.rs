//! The commands that move a plan: asking for a review, reviewing, approving, completing (§7, story 3).

use entity::{
    id::LearningPlanId,
    learning::learning_plan::{ActiveModel, Entity, LearningPlanStatus, Model},
    object,
    vocabulary::Vocabulary as _,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    super::{plan_standing, reviewer::is_the_reviewer},
    COMMENT,
    state::{self, Command},
    template,
};
use crate::{
    domain::{
        caller::Caller,
        error::Result,
        policy::{Action, Rule},
        tx::Tx,
        verb::{Done, Nothing, Target},
    },
    read::shape::NamedList,
};

object! {
    /// What should change.
    Changes {
        /// What should change, for the owner.
        required comment: String = COMMENT,
    }
}

/// What waits for a coach: plans of people who asked them to review, oldest request first; and those that they review.
pub(super) fn queue() -> NamedList {
    let waits = Rule::is("status", LearningPlanStatus::WaitingForReview.word());
    let begun = vec![Rule::is("status", LearningPlanStatus::InReview.word()), Rule::Owner("reviewer_id")];
    NamedList {
        name: "reviewQueue",
        doc: "What waits for you as a coach, the oldest request first: plans that wait for a review, of people who \
              opened theirs to you for that, and the plans that you are reviewing.",
        action: Action::ReviewLearningPlan,
        rule: Rule::Any(vec![waits, Rule::All(begun)]),
        order: ("review_requested_at", false),
    }
}

/// Moves a plan by a command, with what else changes, and records what happened.
async fn go(
    who: Caller,
    target: Target<LearningPlanId>,
    action: Action,
    command: Command,
    what: &str,
    with: impl FnOnce(&mut ActiveModel, &Tx),
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let plan = moved(&mut tx, target, action, command, what, with).await?;
    tx.done(&plan).await
}

async fn moved(
    tx: &mut Tx,
    target: Target<LearningPlanId>,
    action: Action,
    command: Command,
    what: &str,
    with: impl FnOnce(&mut ActiveModel, &Tx),
) -> Result<Model> {
    let plan = tx.find_at::<Entity>(&target, action).await?;
    let status = state::after(plan.status, command)?;
    if matches!(command, Command::StopReview | Command::RequestChanges) {
        is_the_reviewer(tx, plan.owner_id, plan.reviewer_id, action).await?;
    }
    let from = plan.status;
    let after = tx
        .change::<Entity>(plan, |row| {
            row.status.set_if_not_equals(status);
            if !matches!(status, LearningPlanStatus::WaitingForReview | LearningPlanStatus::InReview) {
                row.review_requested_at.set_if_not_equals(None);
            }
            with(row, tx);
        })
        .await?;
    match command {
        Command::Complete => plan_standing::keep(tx, &after.row).await?,
        Command::Reopen => plan_standing::set_aside(tx, &after.row).await?,
        _ => {}
    }
    tx.record(what, &after.row, json!({ "from": from, "to": status }))?;
    Ok(after.row)
}

pub(super) async fn request_review(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    go(who, target, Action::SubmitLearningPlan, Command::RequestReview, "review_requested", |row, tx| {
        row.review_requested_at = Set(Some(tx.now));
    })
    .await
}

pub(super) async fn cancel_review_request(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    go(who, target, Action::SubmitLearningPlan, Command::CancelReviewRequest, "review_request_cancelled", |_, _| {})
        .await
}

pub(super) async fn start_review(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    let reviewer = who.person()?;
    go(who, target, Action::ReviewLearningPlan, Command::StartReview, "review_started", |row, _| {
        row.reviewer_id = Set(Some(reviewer));
    })
    .await
}

pub(super) async fn stop_review(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    go(who, target, Action::ReviewLearningPlan, Command::StopReview, "review_stopped", |row, _| {
        row.reviewer_id = Set(None);
    })
    .await
}

pub(super) async fn request_changes(who: Caller, target: Target<LearningPlanId>, changes: Changes) -> Result<Done> {
    go(who, target, Action::ReviewLearningPlan, Command::RequestChanges, "changes_requested", |row, _| {
        row.reviewer_id = Set(None);
        row.review_comment = Set(Some(changes.comment));
    })
    .await
}

pub(super) async fn approve(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    go(who, target, Action::ApproveLearningPlan, Command::Approve, "approved", |row, tx| {
        row.approved_at = Set(Some(tx.now));
        row.review_comment = Set(None);
        if let Some(coach) = tx.who.user() {
            row.reviewer_id = Set(Some(coach));
        }
    })
    .await
}

pub(super) async fn unapprove(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    go(who, target, Action::ReviewLearningPlan, Command::Unapprove, "unapproved", |row, _| {
        row.approved_at = Set(None);
        row.reviewer_id = Set(None);
    })
    .await
}

pub(super) async fn complete(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    go(who, target, Action::CloseLearningPlan, Command::Complete, "completed", |row, tx| {
        row.completed_at = Set(Some(tx.now));
    })
    .await
}

pub(super) async fn reopen(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    template::take_turn(&tx, target.id).await?;
    let (action, command) = (Action::CloseLearningPlan, Command::Reopen);
    let plan = moved(&mut tx, target, action, command, "reopened", |row, _| row.completed_at = Set(None)).await?;
    let plan = template::rejoin(&mut tx, plan).await?;
    tx.done(&plan).await
}

//! Who approves a budget, and what comes of a change after that (§12).

use entity::{
    id::BudgetId,
    object,
    platform::organization::BudgetApprover,
    projects::budget::{
        ActiveModel,
        BudgetApproval::{self, Approved, Draft, Rejected, Requested},
        Entity, Model,
    },
    vocabulary::Vocabulary as _,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{super::project::going_on, REASON, to_change};
use crate::{
    domain::{
        caller::{Caller, forbidden},
        error::{Code, Error, Result},
        policy::{Action, Rule},
        state::{self, Move},
        tx::Tx,
        verb::{Done, Nothing, Target},
    },
    read::shape::NamedList,
};

/// What moves the approval of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Somebody is asked to approve it.
    Request,
    /// That is taken back.
    CancelRequest,
    /// It is approved as it stands.
    Approve,
    /// It is not.
    Reject,
    /// It was not good after all.
    Unapprove,
}

/// The whole machine: the command, from where, to where.
pub const TABLE: &[Move<Command, BudgetApproval>] = &[
    (Command::Request, "requestApproval", &[Draft, Rejected], Requested),
    (Command::CancelRequest, "cancelApprovalRequest", &[Requested], Draft),
    (Command::Approve, "approve", &[Requested], Approved),
    (Command::Reject, "reject", &[Requested], Rejected),
    // Whoever takes an approval back may decide again: it is still asked for.
    (Command::Unapprove, "unapprove", &[Approved], Requested),
];

object! {
    /// What to say to it.
    BudgetRemark {
        /// What to say to it.
        optional reason: String = REASON,
    }
}

object! {
    /// Why a budget is not approved.
    BudgetRejection {
        /// Why, for those who planned it.
        required reason: String = REASON,
    }
}

/// What waits for whoever approves budgets, oldest request first.
pub(super) fn queue() -> NamedList {
    NamedList {
        name: "budgetApprovalQueue",
        doc: "The budgets that wait for your approval, the oldest request first.",
        action: Action::ApproveBudget,
        rule: Rule::is("approval", Requested.word()),
        order: ("approval_requested_at", false),
    }
}

/// Moves a budget that was found, with what else changes, and records what happened.
async fn go(
    tx: &mut Tx,
    budget: Model,
    command: Command,
    what: &str,
    with: impl FnOnce(&mut ActiveModel, &Tx),
) -> Result<Model> {
    let from = budget.approval;
    let to = state::after("a budget", TABLE, from, command)?;
    let after = tx
        .change::<Entity>(budget, |row| {
            row.approval.set_if_not_equals(to);
            with(row, tx);
        })
        .await?;
    tx.record(what, &after.row, json!({ "projectId": after.row.project_id, "from": from, "to": to }))?;
    Ok(after.row)
}

/// Nobody has decided.
fn undecided(row: &mut ActiveModel) {
    row.approver_id.set_if_not_equals(None);
    row.decided_at.set_if_not_equals(None);
    row.decision_reason.set_if_not_equals(None);
}

/// Nobody is asked, and nobody has decided.
fn afresh(row: &mut ActiveModel) {
    row.approval_requested_at.set_if_not_equals(None);
    undecided(row);
}

pub(super) async fn request(who: Caller, target: Target<BudgetId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let budget = to_change(&tx, &target).await?;
    if tx.who.settings.budget_approver == BudgetApprover::Nobody {
        return Err(Error::new(Code::ApprovalNotNeeded, "The organization names nobody who approves budgets."));
    }
    let budget = go(&mut tx, budget, Command::Request, "approval_requested", |row, tx| {
        row.approval_requested_at = Set(Some(tx.now));
        undecided(row);
    })
    .await?;
    tx.done(&budget).await
}

pub(super) async fn cancel_request(who: Caller, target: Target<BudgetId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let budget = to_change(&tx, &target).await?;
    let budget =
        go(&mut tx, budget, Command::CancelRequest, "approval_request_cancelled", |row, _| afresh(row)).await?;
    tx.done(&budget).await
}

/// Decides about a budget: not about one's own, unless the organization lets owners approve what is theirs.
async fn decide(
    who: Caller,
    target: Target<BudgetId>,
    command: Command,
    what: &str,
    reason: Option<String>,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let budget = tx.find_at::<Entity>(&target, Action::ApproveBudget).await?;
    going_on(&tx, budget.project_id).await?;
    let approver = tx.who.person()?;
    if approver == budget.owner_id && !tx.who.settings.self_approval {
        return Err(forbidden(Action::ApproveBudget));
    }
    let budget = go(&mut tx, budget, command, what, |row, tx| {
        row.approver_id = Set(Some(approver));
        row.decided_at = Set(Some(tx.now));
        row.decision_reason = Set(reason);
    })
    .await?;
    tx.done(&budget).await
}

pub(super) async fn approve(who: Caller, target: Target<BudgetId>, remark: BudgetRemark) -> Result<Done> {
    decide(who, target, Command::Approve, "approved", remark.reason).await
}

pub(super) async fn reject(who: Caller, target: Target<BudgetId>, said: BudgetRejection) -> Result<Done> {
    decide(who, target, Command::Reject, "rejected", Some(said.reason)).await
}

pub(super) async fn unapprove(who: Caller, target: Target<BudgetId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let budget = tx.find_at::<Entity>(&target, Action::ApproveBudget).await?;
    going_on(&tx, budget.project_id).await?;
    let budget = go(&mut tx, budget, Command::Unapprove, "unapproved", |row, _| undecided(row)).await?;
    tx.done(&budget).await
}

/// What is planned has changed: whoever approved it approved something else, and whoever is asked to would.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn lapse(tx: &mut Tx, budget: Model) -> Result<Model> {
    let from = budget.approval;
    // What was rejected waits for its corrections: its reason stays to be read until it is asked for again.
    if matches!(from, Draft | Rejected) {
        return Ok(budget);
    }
    let after = tx
        .change::<Entity>(budget, |row| {
            row.approval.set_if_not_equals(Draft);
            afresh(row);
        })
        .await?;
    tx.record("approval_lapsed", &after.row, json!({ "projectId": after.row.project_id, "from": from }))?;
    tx.warn("APPROVAL_LAPSED", "What is planned has changed: the budget needs to be approved again.");
    Ok(after.row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }
}

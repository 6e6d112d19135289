//! Asking other teams for their support, and what they say (§9, §12).

use entity::{
    id::BudgetLineId,
    object,
    projects::budget_line::{
        ActiveModel, Entity,
        SupportStatus::{self, Asked, Confirmed, NotAsked, Refused},
    },
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::NOTE;
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    policy::Action,
    projects::project,
    state::{self, Move},
    tx::Tx,
    verb::{Done, Target},
};

/// What moves the support of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    /// The team is asked.
    Request,
    /// It will.
    Confirm,
    /// It will not.
    Refuse,
}

/// The whole machine. People change their minds, both ways.
const TABLE: &[Move<Command, SupportStatus>] = &[
    (Command::Request, "requestSupport", &[NotAsked, Refused], Asked),
    (Command::Confirm, "confirmSupport", &[Asked, Refused], Confirmed),
    (Command::Refuse, "refuseSupport", &[Asked, Confirmed], Refused),
];

object! {
    /// What was asked, or what was answered.
    SupportNote {
        /// What was asked, or what was answered.
        optional note: String = NOTE,
    }
}

/// Another team has not been asked.
pub(super) fn unasked(row: &mut ActiveModel) {
    row.support_status.set_if_not_equals(NotAsked);
    row.support_asked_at.set_if_not_equals(None);
    row.support_answered_at.set_if_not_equals(None);
    row.support_note.set_if_not_equals(None);
}

async fn go(
    who: Caller,
    target: Target<BudgetLineId>,
    command: Command,
    what: &str,
    with: impl FnOnce(&mut ActiveModel, &Tx),
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let line = tx.find_at::<Entity>(&target, Action::EditBudgetLine).await?;
    project::of_part(&tx, line.project_id).await?;
    let team = line.support_team.clone().ok_or_else(|| {
        Error::new(Code::SupportTeamRequired, "The line does not name the team that is asked for its support.")
    })?;
    let from = line.support_status;
    let to = state::after("a line whose support", TABLE, from, command)?;
    let after = tx
        .change::<Entity>(line, |row| {
            row.support_status.set_if_not_equals(to);
            with(row, &tx);
        })
        .await?;
    let said = json!({ "projectId": after.row.project_id, "supportTeam": team, "from": from, "to": to });
    tx.record(what, &after.row, said)?;
    tx.done(&after.row).await
}

pub(super) async fn request(who: Caller, target: Target<BudgetLineId>, said: SupportNote) -> Result<Done> {
    go(who, target, Command::Request, "support_requested", |row, tx| {
        row.support_asked_at = Set(Some(tx.now));
        row.support_answered_at.set_if_not_equals(None);
        row.support_note.set_if_not_equals(said.note);
    })
    .await
}

pub(super) async fn confirm(who: Caller, target: Target<BudgetLineId>, said: SupportNote) -> Result<Done> {
    go(who, target, Command::Confirm, "support_confirmed", |row, tx| answered(row, tx, said)).await
}

pub(super) async fn refuse(who: Caller, target: Target<BudgetLineId>, said: SupportNote) -> Result<Done> {
    go(who, target, Command::Refuse, "support_refused", |row, tx| answered(row, tx, said)).await
}

fn answered(row: &mut ActiveModel, tx: &Tx, said: SupportNote) {
    row.support_answered_at = Set(Some(tx.now));
    row.support_note.set_if_not_equals(said.note);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }
}

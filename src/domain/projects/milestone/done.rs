//! How a milestone looks, that it is done, and that it is not done after all.

use entity::{
    id::MilestoneId,
    projects::milestone::{
        Entity,
        MilestoneStatus::{self, Done as IsDone, Next, Overdue, Unstarted},
        Model,
    },
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{MilestoneCompletion, MilestoneHealthUpdate, living, of_part, record, standing::status};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    learning::week::day_in,
    policy::Action,
    projects::measured::{self, Measured},
    state::{self, Move},
    tx::Tx,
    verb::{Done, Nothing, Target},
};

/// What moves a milestone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// It is done.
    Complete,
    /// It is not done after all.
    Reopen,
}

/// The whole machine: where a reopened milestone stands is computed again.
pub(super) const TABLE: &[Move<Command, MilestoneStatus>] = &[
    (Command::Complete, "complete", &[Unstarted, Next, Overdue], IsDone),
    (Command::Reopen, "reopen", &[IsDone], Unstarted),
];

pub(super) async fn update_health(
    who: Caller,
    target: Target<MilestoneId>,
    said: MilestoneHealthUpdate,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditMilestone).await?;
    of_part(&tx, was.project_id).await?;
    let now = tx.now;
    // Whoever says the same again says that it is still so.
    let after = tx
        .change::<Entity>(was, |row| {
            row.health = Set(Some(said.health));
            row.health_note = Set(said.note.clone());
            row.health_updated_at = Set(Some(now));
        })
        .await?;
    let told = json!({ "projectId": after.row.project_id, "health": said.health, "note": said.note });
    tx.record("health_updated", &after.row, told)?;
    tx.done(&after.row).await
}

pub(super) async fn complete(who: Caller, target: Target<MilestoneId>, said: MilestoneCompletion) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditMilestone).await?;
    of_part(&tx, was.project_id).await?;
    moved(&tx, &was, Command::Complete).await?;
    let metrics = measured::of_projects(&tx, &[was.project_id]).await?;
    let unmet: Vec<&Measured> = metrics.iter().filter(|one| one.milestone == was.id && !one.met()).collect();
    let reason = reason(&unmet, said.override_reason)?;
    let now = tx.now;
    let after = tx
        .change::<Entity>(was, |row| {
            row.completed_at = Set(Some(now));
            row.override_reason = Set(reason);
        })
        .await?;
    let told = json!({ "projectId": after.row.project_id, "overrideReason": after.row.override_reason });
    tx.record("completed", &after.row, told)?;
    tx.done(&after.row).await
}

/// Why a milestone is done whose targets are not all met; nothing needs a reason when they are.
///
/// # Errors
/// `MILESTONE_TARGETS_UNMET {unmet}`.
fn reason(unmet: &[&Measured], given: Option<String>) -> Result<Option<String>> {
    if unmet.is_empty() || given.is_some() {
        return Ok(given.filter(|_| !unmet.is_empty()));
    }
    let why = "Targets of it are not met: say why it is done all the same.";
    let told: Vec<_> = unmet
        .iter()
        .map(|one| {
            json!({
                "metricId": one.id, "name": one.name, "target": one.aim.target,
                "latestValue": one.latest.map(|point| point.value),
            })
        })
        .collect();
    Err(Error::field(Code::MilestoneTargetsUnmet, "/overrideReason", why).with(json!({ "unmet": told })))
}

pub(super) async fn reopen(who: Caller, target: Target<MilestoneId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditMilestone).await?;
    of_part(&tx, was.project_id).await?;
    moved(&tx, &was, Command::Reopen).await?;
    let after = tx
        .change::<Entity>(was, |row| {
            row.completed_at = Set(None);
            row.override_reason = Set(None);
        })
        .await?;
    record(&mut tx, "reopened", &after.row)?;
    tx.done(&after.row).await
}

/// Refuses a command that does not fit where the milestone stands.
async fn moved(tx: &Tx, row: &Model, command: Command) -> Result<()> {
    let first = living(tx, row.project_id).await?.into_iter().find(|one| one.completed_at.is_none());
    let is_first = first.is_some_and(|one| one.id == row.id);
    let owner = measured::time_zone(tx, row.owner_id).await?;
    let stands = status(row.completed_at.is_some(), row.target_date, is_first, day_in(&owner, tx.now));
    state::after("a milestone", TABLE, stands, command).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE), @r"
        complete             UNSTARTED          DONE
        complete             NEXT               DONE
        complete             OVERDUE            DONE
        complete             DONE               INVALID_TRANSITION
        reopen               UNSTARTED          INVALID_TRANSITION
        reopen               NEXT               INVALID_TRANSITION
        reopen               OVERDUE            INVALID_TRANSITION
        reopen               DONE               UNSTARTED
        ");
    }

    #[test]
    fn a_reason_is_for_what_is_not_met() {
        let unmet = measured::tests::metric("BUSINESS", "10", Some("9"));
        let given = || Some("Good enough.".to_owned());
        assert_eq!(reason(&[&unmet], given()).unwrap(), given());
        assert_eq!(reason(&[], given()).unwrap(), None);
        assert_eq!(reason(&[], None).unwrap(), None);
        let refused = reason(&[&unmet], None).unwrap_err();
        assert_eq!(refused.code(), Code::MilestoneTargetsUnmet);
        let told = &refused.details().unwrap()["unmet"][0];
        assert_eq!((&told["target"], &told["latestValue"]), (&json!("10"), &json!("9")));
    }
}

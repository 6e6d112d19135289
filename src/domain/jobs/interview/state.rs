//! The state machine of an interview (§23), as a table; and which round comes next.

use entity::{
    id::ApplicationId,
    jobs::interview::{
        Column, Entity,
        InterviewState::{self, Cancelled, Held, NoShow, Rescheduled, Scheduled},
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::domain::{
    error::Result,
    state::{self, Move},
    tx::Tx,
};

/// What moves an interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain::jobs) enum Command {
    /// It gets another time; one that was missed or called off comes back by that.
    Reschedule,
    /// It took place.
    Hold,
    /// It does not take place.
    Cancel,
    /// One side did not come.
    Miss,
}

/// The whole machine: the command, from where, to where.
pub(super) const TABLE: &[Move<Command, InterviewState>] = &[
    (Command::Reschedule, "reschedule", &[Scheduled, Rescheduled, Cancelled, NoShow], Rescheduled),
    (Command::Hold, "hold", &[Scheduled, Rescheduled], Held),
    (Command::Cancel, "cancel", &[Scheduled, Rescheduled], Cancelled),
    (Command::Miss, "miss", &[Scheduled, Rescheduled], NoShow),
];

impl Command {
    /// What the feed calls it.
    pub(super) const fn event(self) -> &'static str {
        match self {
            Self::Reschedule => "rescheduled",
            Self::Hold => "held",
            Self::Cancel => "cancelled",
            Self::Miss => "missed",
        }
    }
}

/// Where an interview stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub(in crate::domain::jobs) fn after(from: InterviewState, command: Command) -> Result<InterviewState> {
    state::after("an interview", TABLE, from, command)
}

/// The round after the last of an application.
pub(super) async fn next_round(tx: &Tx, application: ApplicationId) -> Result<i64> {
    let last = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::ApplicationId.eq(application))
        .filter(Column::DeletedAt.is_null())
        .order_by_desc(Column::Round)
        .one(&tx.db)
        .await?;
    Ok(last.map_or(1, |row| (row.round + 1).min(100)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        insta::assert_snapshot!(state::printed(TABLE));
    }
}
